import { expect } from "vitest";
import { test } from "@/e2e/simulators/jira-data-center/fixture";

type Bean = Record<string, unknown>;

test("a file comes back byte for byte, under a name with an umlaut, and is in the changelog", async ({
  bench: { mia },
}) => {
  const { key } = await mia.createIssue({ project: "ABC", summary: "With a file" });
  const bytes = Buffer.from([0, 13, 10, 45, 45, 255, 13, 10]);
  const [attachment] = await mia.attach(key, "Übersicht „1“.bin", bytes);
  expect(attachment).toMatchObject({ filename: "Übersicht „1“.bin", size: 8 });
  expect(await mia.download(attachment?.content ?? "")).toEqual(bytes);
  const { fields, changelog } = await mia.getIssue(key, { expand: "changelog" });
  expect(fields.attachment).toMatchObject([{ id: attachment?.id }]);
  expect(changelog?.histories[0]?.items).toMatchObject([
    { field: "Attachment", to: attachment?.id, toString: "Übersicht „1“.bin" },
  ]);
});

test("a file above the limit is refused with 413, a post without the XSRF header with 403", async ({
  bench: { mia, control },
}) => {
  const { key } = await mia.createIssue({ project: "ABC", summary: "With a file" });
  await control.settings({ attachmentLimit: 10 });
  await expect(mia.attach(key, "a.txt", Buffer.alloc(11))).rejects.toMatchObject({ status: 413 });
  await expect(mia.attach(key, "a.txt", Buffer.alloc(400_000))).rejects.toMatchObject({
    status: 413,
  });
  const bare = await mia.call("POST", `/api/2/issue/${key}/attachments`, {});
  expect(bare).toMatchObject({ status: 403, body: "XSRF check failed" });
  for (const spelling of ["no-check", "nocheck"]) {
    const headers = { "X-Atlassian-Token": spelling };
    const other = await mia.call("POST", `/api/2/issue/${key}/attachments`, {}, headers);
    expect(other.status).toBe(415);
  }
  expect((await mia.getIssue(key)).fields.attachment).toEqual([]);
});

test("who is not logged in is led to the login page instead of a file", async ({
  bench: { mia, control },
}) => {
  const { key } = await mia.createIssue({ project: "ABC", summary: "With a file" });
  const [attachment] = await mia.attach(key, "a.txt", Buffer.from("secret"));
  await expect(control.as("wrong").download(attachment?.content ?? "")).rejects.toMatchObject({
    status: 302,
  });
});

test("worklogs are told by feeds that leave out the last minute", async ({ start }) => {
  let now = Date.UTC(2026, 10, 1, 12);
  const { mia } = await start({ now: () => now });
  const { key } = await mia.createIssue({ project: "ABC", summary: "Work" });
  const kept = await mia.logWork(key, { timeSpent: "1h 30m", comment: "one" });
  const gone = await mia.logWork(key, { timeSpent: "1d" });
  await mia.call("DELETE", `/api/2/issue/${key}/worklog/${gone.id}`);
  const feed = async (which: string) =>
    (await mia.call("GET", `/api/2/worklog/${which}?since=0`)).body as { values: Bean[] };
  expect((await feed("updated")).values).toEqual([]);
  now += 60_000;
  expect((await feed("updated")).values).toMatchObject([{ worklogId: Number(kept.id) }]);
  expect((await feed("deleted")).values).toMatchObject([{ worklogId: Number(gone.id) }]);
  const { fields } = await mia.getIssue(key);
  expect(fields.timetracking).toEqual({ timeSpent: "1h 30m", timeSpentSeconds: 5_400 });
  expect(fields.worklog).toMatchObject({ total: 1, worklogs: [{ comment: "one" }] });
});

test("a link shows the other issue on its own side, once however often it is made", async ({
  bench: { mia },
}) => {
  const one = await mia.createIssue({ project: "ABC", summary: "One" });
  const two = await mia.createIssue({ project: "ABC", summary: "Two" });
  await mia.link(one.key, "Blocks", two.key);
  await mia.link(one.key, "Blocks", two.key);
  const links = async (key: string) => (await mia.getIssue(key)).fields.issuelinks as Bean[];
  expect(await links(one.key)).toMatchObject([{ outwardIssue: { key: two.key } }]);
  const [link] = await links(two.key);
  expect(link).toMatchObject({ inwardIssue: { key: one.key }, type: { inward: "is blocked by" } });
  await mia.call("DELETE", `/api/2/issueLink/${link?.id}`);
  expect(await links(one.key)).toEqual([]);
});

test("a sub-task needs a parent and goes with it only when that is said", async ({
  bench: { mia, control },
}) => {
  await control.createProject({ key: "SUB", issueTypes: ["Task", "Sub-task"] });
  const parent = await mia.createIssue({ project: "SUB", summary: "Parent" });
  const subtask = { project: "SUB", summary: "Part", issuetype: { name: "Sub-task" } };
  await expect(mia.createIssue(subtask)).rejects.toMatchObject({ status: 400 });
  const child = await mia.createIssue({ ...subtask, parent: { key: parent.key } });
  expect((await mia.getIssue(child.key)).fields.parent).toMatchObject({ key: parent.key });
  expect((await mia.getIssue(parent.key)).fields.subtasks).toMatchObject([{ key: child.key }]);
  await expect(mia.deleteIssue(parent.key)).rejects.toMatchObject({ status: 400 });
  await mia.call("DELETE", `/api/2/issue/${parent.key}?deleteSubtasks=true`);
  await expect(mia.getIssue(child.key)).rejects.toMatchObject({ status: 404 });
});

test("custom fields are on the create screen with their values, and are asked for", async ({
  bench: { mia, control },
}) => {
  await control.createProject({
    key: "CUS",
    components: ["Engine"],
    versions: ["1.0", { name: "2.0", released: true }],
    customFields: [
      { id: 10200, name: "Severity", kind: "select", required: true, options: ["S1", "S2"] },
      { id: 10201, name: "Teams", kind: "multiselect", options: ["Red", "Blue"] },
      { id: 10202, name: "Points", kind: "number" },
      { id: 10203, name: "Tester", kind: "user" },
    ],
  });
  const bare = { project: "CUS", summary: "Custom" };
  await expect(mia.createIssue(bare)).rejects.toMatchObject({
    body: { errors: { customfield_10200: "Severity is required." } },
  });
  const { key } = await mia.createIssue({
    ...bare,
    components: [{ name: "Engine" }],
    fixVersions: [{ name: "1.0" }],
    customfield_10200: { value: "S1" },
    customfield_10201: [{ value: "Red" }],
    customfield_10202: 3,
    customfield_10203: { name: "mia" },
  });
  await mia.call("PUT", `/api/2/issue/${key}`, {
    update: {
      customfield_10201: [{ add: { value: "Blue" } }, { remove: { value: "Red" } }],
      fixVersions: [{ add: { name: "2.0" } }],
    },
  });
  const { fields, changelog } = await mia.getIssue(key, { expand: "changelog" });
  expect(fields).toMatchObject({
    components: [{ name: "Engine" }],
    fixVersions: [{ name: "1.0" }, { name: "2.0" }],
    customfield_10200: { value: "S1" },
    customfield_10201: [{ value: "Blue" }],
    customfield_10202: 3,
    customfield_10203: { name: "mia" },
  });
  expect(changelog?.histories[0]?.items).toMatchObject([
    { field: "Teams", fieldtype: "custom", fromString: "Red", toString: "Blue" },
    { field: "Fix Version", toString: "2.0" },
  ]);
  const { body } = await mia.call("GET", "/api/2/issue/createmeta/CUS/issuetypes/10001");
  const severity = (body as { values: Bean[] }).values.find(({ name }) => name === "Severity");
  expect(severity).toMatchObject({
    required: true,
    allowedValues: [{ value: "S1" }, { value: "S2" }],
  });
  await expect(mia.editIssue(key, { customfield_10200: { value: "S9" } })).rejects.toMatchObject({
    body: { errors: { customfield_10200: "Option value 'S9' is not valid" } },
  });
});

test("an issue of a security level does not exist for others, nor in their searches", async ({
  bench: { mia, admin, control },
}) => {
  await control.createProject({ key: "SEC", securityLevels: [{ name: "Board", members: [] }] });
  const { key } = await admin.createIssue({
    project: "SEC",
    summary: "Secret",
    security: { name: "Board" },
  });
  await expect(mia.getIssue(key)).rejects.toMatchObject({ status: 404 });
  expect((await mia.search("project = SEC")).total).toBe(0);
  expect((await admin.search("project = SEC")).total).toBe(1);
});

test("the security levels of a project are listed for whoever sees it, and for nobody else", async ({
  bench: { control, mia, admin },
}) => {
  await control.createProject({
    key: "SEC",
    visibleTo: ["mia"],
    securityLevels: [
      { name: "Board", members: [] },
      { name: "Staff", members: ["mia"] },
    ],
  });
  await control.createUser({ name: "otto" });
  const levels = (person: typeof mia, project = "SEC") =>
    person.call("GET", `/api/2/project/${project}/securitylevel`);
  expect(await levels(mia)).toMatchObject({
    status: 200,
    body: {
      levels: [
        { name: "Board", description: "", id: expect.stringMatching(/^\d+$/) },
        { name: "Staff", self: expect.stringContaining("/rest/api/2/securitylevel/") },
      ],
    },
  });
  expect((await levels(admin, "ABC")).body).toEqual({ levels: [] });
  expect((await levels(control.as("otto-token"))).status).toBe(404);
});

test("a remote link with a known global id is written over", async ({ bench: { mia } }) => {
  const { key } = await mia.createIssue({ project: "ABC", summary: "Linked" });
  const path = `/api/2/issue/${key}/remotelink`;
  const link = (title: string) => ({ globalId: "g", object: { url: "http://other/1", title } });
  expect((await mia.call("POST", path, link("one"))).status).toBe(201);
  expect((await mia.call("POST", path, link("two"))).status).toBe(200);
  expect((await mia.call("GET", path)).body).toMatchObject([{ object: { title: "two" } }]);
});

test("a watcher is a bare JSON string, and an assignee may be nobody", async ({
  bench: { mia },
}) => {
  const { key } = await mia.createIssue({ project: "ABC", summary: "Watched" });
  expect((await mia.call("POST", `/api/2/issue/${key}/watchers`, "admin")).status).toBe(204);
  expect((await mia.getIssue(key)).fields.watches).toMatchObject({ watchCount: 1 });
  await mia.call("PUT", `/api/latest/issue/${key}/assignee`, { name: "mia" });
  expect((await mia.getIssue(key)).fields.assignee).toMatchObject({ name: "mia" });
  await mia.call("PUT", `/api/2/issue/${key}/assignee`, { name: null });
  expect((await mia.getIssue(key)).fields.assignee).toBeNull();
});

test("files, worklogs, links and custom values are in a snapshot", async ({ start }) => {
  const { mia, control, simulator } = await start();
  const one = await mia.createIssue({ project: "ABC", summary: "One" });
  const two = await mia.createIssue({ project: "ABC", summary: "Two" });
  const [file] = await mia.attach(one.key, "a.txt", Buffer.from("hello"));
  await mia.logWork(one.key, { timeSpent: "2h" });
  await mia.link(one.key, "Relates", two.key);
  const clone = await start({ name: "clone", from: await control.snapshot() });
  const { fields } = await clone.mia.getIssue(one.key);
  expect(fields).toMatchObject({
    timespent: 7_200,
    issuelinks: [{ outwardIssue: { key: two.key } }],
  });
  const path = file?.content.replace(simulator.baseUrl, clone.simulator.baseUrl) ?? "";
  expect((await clone.mia.download(path)).toString()).toBe("hello");
});
