import { test as base, expect } from "vitest";
import { openRedmineBench } from "@/e2e/trackers/redmine/bench";
import { redmineClient, type SeenIssue } from "@/e2e/trackers/redmine/client";
import { KEYS } from "@/e2e/trackers/redmine/server";
import type { FileToSend, Wanted } from "@/lib/connectors/connector";
import { redmine } from "@/lib/connectors/redmine";
import { type FieldValue, sameValue } from "@/lib/sync/replica";
import { openTicket } from "@/lib/testing/ticket";
import { giveChangedIssues } from "@/lib/worker/changed-issues";

type Bench = ReturnType<typeof openRedmineBench>;
const test = base.extend<{ bench: Bench }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads from the pattern which fixtures are needed
  bench: async ({}, use) => {
    const bench = openRedmineBench();
    await use(bench);
    await bench.close();
  },
});

const WANTED: Wanted[] = [
  { id: "summary", kind: "text" },
  { id: "description", kind: "markup" },
  { id: "status", kind: "option" },
  { id: "priority", kind: "option" },
  { id: "type", kind: "option" },
  { id: "components", kind: "options" },
  { id: "fixVersions", kind: "options" },
  { id: "dueDate", kind: "date" },
  { id: "assignee", kind: "user" },
  { id: "reporter", kind: "user" },
];
const change = (field: string, from: FieldValue, to: FieldValue) => ({
  field,
  source: field,
  from,
  to,
});
const toAll = (body: string) => ({ body, restrictedTo: null });
const marker = () => `0a1b2c3d.9.${Date.now()}`;

test("CRLF: a text that was sent with LF comes back with CRLF, and is read as what was sent", async ({
  bench,
}) => {
  const issue = await bench.ada.create("Lines", { description: "one\ntwo" });
  await bench.ada.note(issue.id, "three\nfour");
  const raw = await bench.ada.get(issue.id);
  expect(raw.description).toBe("one\r\ntwo");
  // Notes are kept as they come: with LF from a program, with CRLF from a browser.
  expect(raw.journals[0]?.notes).toBe("three\nfour");
  await bench.ada.note(issue.id, "five\r\nsix");
  const reading = await bench.open({ wanted: WANTED }).readIssue(String(issue.id));
  expect(reading?.fields.description).toBe("one\ntwo");
  expect(reading?.comments.map(({ body }) => body)).toEqual(["three\nfour", "five\nsix"]);
});

test("unknown values are answered 204 and ignored: a status that the workflow does not allow does not count as written", async ({
  bench,
}) => {
  const issue = await bench.ada.create("Ignored");
  const side = bench.open({ wanted: WANTED });
  const raw = redmineClient(bench.baseUrl, KEYS.exalate);
  const answer = await raw.call("PUT", `/issues/${issue.id}.json`, { issue: { status_id: 77 } });
  expect(answer.status).toBe(204);
  const ticket = openTicket();
  const sent = await side.transition(ticket, String(issue.id), "77", {});
  expect(sent).toMatchObject({ kind: "failed", error: { code: "field_rejected" } });
  expect(ticket.settled).toMatchObject([
    { outcome: "applied", status: 204, created: { ignored: ["status"] } },
  ]);
});

test("unknown values are answered 204 and ignored: a field that the workflow keeps from our role does not count as written, the others do", async ({
  bench,
}) => {
  const issue = await bench.ada.create("Before", { tracker_id: 3, due_date: "2026-12-01" });
  const ticket = openTicket();
  const changes = [
    change("summary", "Before", "After"),
    change("dueDate", "2026-12-01", "2026-12-24"),
  ];
  const side = bench.open({ wanted: WANTED });
  expect(await side.updateIssue(ticket, String(issue.id), changes, null)).toMatchObject({
    kind: "failed",
    error: { code: "field_rejected", message: expect.stringContaining("left dueDate as it was") },
  });
  expect(ticket.settled).toMatchObject([
    { outcome: "applied", status: 204, created: { ignored: ["dueDate"] } },
  ]);
  expect((await side.readIssue(String(issue.id)))?.fields).toMatchObject({
    summary: "After",
    dueDate: "2026-12-01",
  });
});

test("the author is Redmine's own business: a wish for another one is refused before it is sent", async ({
  bench,
}) => {
  const issue = await bench.ada.create("Whose");
  const wish = bench
    .open({ wanted: WANTED })
    .updateIssue(openTicket(), String(issue.id), [change("reporter", "ada", "bob")], null);
  await expect(wish).rejects.toThrow("map it so that it only comes from there");
});

test("a value that is not in Redmine's lists is refused before it is sent", async ({ bench }) => {
  const issue = await bench.ada.create("Lists");
  const side = bench.open({ wanted: WANTED });
  for (const [field, value, why] of [
    ["priority", "P1", "there is no priority of that name"],
    ["components", ["Kitchen"], "there is no category of that name"],
    ["fixVersions", ["9.9"], "there is no version of that name"],
    ["assignee", "stranger", "the project has no member of that name"],
    ["components", ["Backend", "Frontend"], "Take all but one away"],
  ] as const) {
    const ticket = openTicket();
    const to = typeof value === "string" ? value : [...value];
    const wish = side.updateIssue(ticket, String(issue.id), [change(field, null, to)], null);
    await expect(wish).rejects.toThrow(why);
    expect(ticket.asked).toEqual([]);
  }
});

test("a category made a moment ago is found although the lists are remembered", async ({
  bench,
}) => {
  const issue = await bench.ada.create("Newer");
  const side = bench.open({ wanted: WANTED });
  await side.describe();
  const name = `Made ${Date.now()}`;
  const path = "/projects/sync/issue_categories.json";
  expect((await bench.admin.call("POST", path, { issue_category: { name } })).status).toBe(201);
  await side.updateIssue(openTicket(), String(issue.id), [change("components", [], [name])], null);
  expect((await side.readIssue(String(issue.id)))?.fields.components).toEqual([name]);
});

test("updated_on is not raised by an edited note: a reading shows the edit, a search does not", async ({
  bench,
}) => {
  const issue = await bench.ada.create("Quiet");
  await bench.ada.note(issue.id, "first");
  const before = await bench.ada.get(issue.id);
  await bench.ada.editNote(before.journals[0]?.id ?? 0, "second");
  expect((await bench.ada.get(issue.id)).updated_on).toBe(before.updated_on);
  const reading = await bench.open().readIssue(String(issue.id));
  expect(reading?.comments.map(({ body }) => body)).toEqual(["second"]);
});

test("updated_on is raised by an update that changes nothing: the reading is the same, so nothing is written", async ({
  bench,
}) => {
  const issue = await bench.ada.create("Same");
  const side = bench.open({ wanted: WANTED });
  const before = await side.readIssue(String(issue.id));
  await expect
    .poll(async () => {
      await bench.ada.edit(issue.id, { subject: "Same" });
      return (await bench.ada.get(issue.id)).updated_on;
    })
    .not.toBe(issue.updated_on);
  const after = await side.readIssue(String(issue.id));
  expect({ ...after, updatedAt: "" }).toEqual({ ...before, updatedAt: "" });
});

test("a bad key is answered as anonymous by a public project: it is found out before anything is read", async ({
  bench,
}) => {
  const open = openRedmineBench("public");
  const stranger = redmineClient(bench.baseUrl, "f".repeat(40));
  const issue = await bench.ada.create("For everybody", { project_id: "public" });
  expect((await stranger.call("GET", "/issues.json?project_id=public")).status).toBe(200);
  expect((await stranger.call("GET", `/issues/${issue.id}.json`)).status).toBe(200);
  const side = open.open({ secret: "f".repeat(40) });
  for (const attempt of [
    side.readIssue(String(issue.id)),
    side.commentMarkers(String(issue.id)),
    side.changedSince(new Date(0), 0, "project"),
  ])
    await expect(attempt).rejects.toMatchObject({ code: "credentials_rejected" });
  await open.close();
});

test("the cap of 100: pages are counted by what came, and closed issues are among them", async ({
  bench,
}) => {
  const capped = await bench.ada.list({ project_id: "sync", status_id: "*", limit: "500" });
  expect(capped.limit).toBe(100);
  const issue = await bench.ada.create("Done");
  await bench.admin.edit(issue.id, { status_id: 5 });
  const open = await bench.ada.list({ project_id: "sync", limit: "100" });
  expect(open.issues.map(({ id }) => id)).not.toContain(issue.id);
  const found: string[] = [];
  const side = bench.open();
  const since = new Date(Date.parse(issue.updated_on) - 60_000);
  await giveChangedIssues(side, since, "project", async (issues) => {
    found.push(...issues.map(({ id }) => id));
    return true;
  });
  expect(found).toContain(String(issue.id));
});

test('"<=" misses what changed within its last second, so only ">=" is asked, and finds it', async ({
  bench,
}) => {
  const issue = await bench.ada.create("On the second");
  const missed = await bench.ada.list({
    project_id: "sync",
    status_id: "*",
    updated_on: `<=${issue.updated_on}`,
    sort: "id:desc",
  });
  const found = await bench.open().changedSince(new Date(issue.updated_on), 0, "project");
  expect(found.issues.map(({ id }) => id)).toContain(String(issue.id));
  // Its time is shown to the second, and kept to the microsecond.
  expect(missed.issues.map(({ id }) => id)).not.toContain(issue.id);
});

test("uploads of another content type than application/octet-stream are answered 406", async ({
  bench,
}) => {
  const upload = async (type: string) =>
    (
      await fetch(`${bench.baseUrl}/uploads.json?filename=a.txt`, {
        method: "POST",
        headers: { "content-type": type, "x-redmine-api-key": KEYS.exalate },
        body: "text",
      })
    ).status;
  expect(await upload("text/plain")).toBe(406);
  expect(await upload("application/octet-stream")).toBe(201);
});

test("a file is taken by its issue under the id that it was uploaded with, and read back as it was", async ({
  bench,
}) => {
  const issue = await bench.ada.create("Files");
  const side = bench.open({ parts: ["attachments"] });
  const ticket = openTicket();
  const content = Buffer.from([0, 255, 13, 10, 10, 0]);
  const sent = await side.addAttachment?.(ticket, String(issue.id), fileOf("Ü: 1?.bin", content));
  const reading = await side.readIssue(String(issue.id));
  expect(reading?.attachments).toMatchObject([
    { name: "Ü_ 1_.bin", size: 6, mimeType: "text/x-sample", authorKey: "exalate" },
  ]);
  const { id = "", name = "" } = reading?.attachments?.[0] ?? {};
  expect(sent).toEqual({ kind: "applied", created: { id } });
  // Only the second write says that there is a mirror: the first belongs to no issue.
  expect(ticket.settled.map(({ created }) => created)).toEqual([{}, { id }]);
  const file = await side.openAttachment?.(id, name);
  const chunks: Uint8Array[] = [];
  for await (const chunk of file?.chunks ?? []) chunks.push(chunk);
  expect(Buffer.concat(chunks)).toEqual(content);
});

test("an upload that Redmine does not know is the one unknown value that it refuses: 422", async ({
  bench,
}) => {
  const issue = await bench.ada.create("No file");
  const uploads = [{ token: `1.${"0".repeat(64)}`, filename: "a.txt" }];
  const path = `/issues/${issue.id}.json`;
  const answer = await bench.ada.call("PUT", path, { issue: { uploads } });
  expect(answer).toMatchObject({
    status: 422,
    body: { errors: ["1 file(s) could not be saved."] },
  });
  expect((await bench.ada.get(issue.id)).attachments ?? []).toEqual([]);
});

test("a file above Redmine's limit is refused with what to do about it", async ({ bench }) => {
  const issue = await bench.ada.create("Too large");
  const ticket = openTicket();
  const side = bench.open({ parts: ["attachments"] });
  const film = fileOf("film.mp4", Buffer.alloc(5_300_000, "x"));
  const sent = await side.addAttachment?.(ticket, String(issue.id), film);
  expect(sent).toMatchObject({
    kind: "failed",
    error: {
      code: "field_rejected",
      message: expect.stringMatching(/film\.mp4 with its 5\.3 MB: .*maximum.*raise Redmine's/),
    },
  });
  expect(ticket.settled).toMatchObject([{ outcome: "rejected", status: 422 }]);
  expect((await side.readIssue(String(issue.id)))?.attachments).toEqual([]);
});

function fileOf(name: string, content: Buffer): FileToSend {
  return {
    name,
    size: content.length,
    mimeType: "text/x-sample",
    open: async () => ({
      size: content.length,
      cancel: () => undefined,
      chunks: (async function* () {
        yield content;
      })(),
    }),
  };
}

test("a private note is read as private, and is never sent by an account that could only write it for all", async ({
  bench,
}) => {
  const issue = await bench.ada.create("Private");
  await bench.ada.note(issue.id, "for us", true);
  const reading = await bench.open().readIssue(String(issue.id));
  expect(reading?.comments).toMatchObject([{ body: "for us", restrictedTo: "private" }]);
  // Redmine ignores the wish of such an account, and shows its note to everybody.
  const bob = redmineClient(bench.baseUrl, KEYS.bob);
  await bob.note(issue.id, "meant for us", true);
  const shown = await bench.ada.get(issue.id);
  expect(shown.journals.find(({ notes }) => notes === "meant for us")?.private_notes).toBe(false);
  const text = { body: "ours", restrictedTo: "private" };
  const ticket = openTicket();
  await expect(
    bench.open({ secret: KEYS.bob }).addComment(ticket, String(issue.id), text, marker()),
  ).rejects.toThrow('give its role "Set notes as private"');
  expect(ticket.asked).toEqual([]);
});

test("a private issue is read as restricted", async ({ bench }) => {
  const issue = await bench.admin.create("Secret", { is_private: true, assigned_to_id: null });
  const admin = bench.open({ secret: KEYS.admin });
  expect((await admin.readIssue(String(issue.id)))?.restriction).toEqual({
    field: "private",
    value: "yes",
  });
});

test("422 with an empty list of errors is a refusal without a reason, not a success", async ({
  bench,
}) => {
  const issue = await bench.ada.create("Locked");
  const { status, body } = await bench.ada.call<{ errors: string[] }>(
    "PUT",
    `/issues/${issue.id}.json`,
    { issue: { subject: "Stale", lock_version: 0 - 1 } },
  );
  expect({ status, errors: body?.errors }).toEqual({ status: 422, errors: [] });
  const side = bench.open({ wanted: WANTED });
  const ticket = openTicket();
  const sent = await side.updateIssue(
    ticket,
    String(issue.id),
    [change("summary", "Locked", "")],
    null,
  );
  expect(sent).toMatchObject({ kind: "failed", error: { code: "field_rejected" } });
  expect(ticket.settled).toMatchObject([{ outcome: "rejected", status: 422 }]);
});

test("deletion leaves nothing behind: of a set of ids only those come back that still exist", async ({
  bench,
}) => {
  const [kept, gone] = [await bench.ada.create("Kept"), await bench.ada.create("Gone")];
  await bench.admin.remove(gone.id);
  const there = await bench.ada.list({ issue_id: `${kept.id},${gone.id}`, status_id: "*" });
  expect(there.issues.map(({ id }) => id)).toEqual([kept.id]);
  expect(await bench.open().readIssue(String(gone.id))).toBeNull();
});

test("lists for administrators only: others map custom fields as texts, and administrators as what they are", async ({
  bench,
}) => {
  expect((await bench.ada.call("GET", "/custom_fields.json")).status).toBe(403);
  expect((await bench.ada.call("GET", "/users.json")).status).toBe(403);
  await bench.ada.create("So that its fields are seen");
  const ours = await bench.open().describe();
  const theirs = await bench.open({ secret: KEYS.admin }).describe();
  const kinds = (fields: typeof ours.fields) =>
    Object.fromEntries(
      fields.filter(({ id }) => id.startsWith("cf_")).map(({ name, kind }) => [name, kind]),
    );
  expect(new Set(Object.values(kinds(ours.fields)))).toEqual(new Set(["text"]));
  expect(kinds(theirs.fields)).toMatchObject({
    Severity: "option",
    Browsers: "options",
    Customer: "text",
    Effort: "number",
    "Promised for": "date",
    Contact: "user",
  });
  expect(theirs.fields.find(({ name }) => name === "Severity")?.allowed).toEqual([
    "Minor",
    "Major",
    "Fatal",
  ]);
  // Members are told to everybody; addresses only as far as their owners, or administrators, may see them.
  expect(ours.people?.map(({ key }) => key).sort()).toEqual(["ada", "bob", "exalate"]);
});

test("each kind of field is written and read back as what it was", async ({ bench }) => {
  const admin = bench.open({ secret: KEYS.admin });
  await bench.ada.create("So that its fields are seen");
  const { fields } = await admin.describe();
  const idOf = (name: string) => fields.find((field) => field.name === name)?.id ?? "";
  const values: Record<string, FieldValue> = {
    summary: "All of it",
    description: "h1. Title\n\n* one\n* two",
    priority: "Urgent",
    components: ["Frontend"],
    fixVersions: ["2.0"],
    startDate: "2026-11-30",
    dueDate: "2026-12-24",
    estimatedHours: "1.5",
    doneRatio: "40",
    assignee: "ada",
    [idOf("Severity")]: "Fatal",
    [idOf("Browsers")]: ["Chrome", "Safari"],
    [idOf("Customer")]: "Acme",
    [idOf("Effort")]: "2.25",
    [idOf("Promised for")]: "2026-12-31",
    [idOf("Contact")]: "bob",
  };
  const kindOf = (id: string) => fields.find((field) => field.id === id)?.kind ?? "text";
  const wanted = Object.keys(values).map((id) => ({ id, kind: kindOf(id) }));
  const side = bench.open({ wanted });
  const sent = await side.createIssue(openTicket(), values, marker());
  if (sent.kind !== "applied") throw new Error(JSON.stringify(sent));
  const id = sent.created.id ?? "";
  const reading = await side.readIssue(id);
  const shown = Object.entries(values).filter(
    ([field, value]) => !sameValue(reading?.fields[field] ?? null, value),
  );
  expect(shown).toEqual([]);
  expect(reading?.people.map(({ key }) => key).sort()).toEqual(["ada", "bob"]);
  const emptied = Object.entries(values)
    .filter(([field]) => !["summary", "priority", "doneRatio"].includes(field))
    .map(([field, value]) => change(field, value, Array.isArray(value) ? [] : null));
  expect(await side.updateIssue(openTicket(), id, emptied, null)).toMatchObject({
    kind: "applied",
  });
  const after = await side.readIssue(id);
  expect(emptied.filter(({ field, to }) => !sameValue(after?.fields[field] ?? null, to))).toEqual(
    [],
  );
});

test("a relation that means the same from both ends is turned round: it is told at both, and stands once", async ({
  bench,
}) => {
  const [older, newer] = [await bench.ada.create("Older"), await bench.ada.create("Newer")];
  const side = bench.open({ parts: ["links"] });
  const link = { type: "relates", toId: String(older.id) };
  const again = openTicket();
  for (const ticket of [openTicket(), again])
    expect(await side.addLink?.(ticket, String(newer.id), link)).toMatchObject({ kind: "applied" });
  expect(again.asked).toEqual([]);
  const relations = (await bench.ada.get(newer.id)).relations;
  expect(relations).toMatchObject([{ issue_id: older.id, issue_to_id: newer.id }]);
  expect((await side.readIssue(String(newer.id)))?.links).toMatchObject([
    { toId: String(older.id), isMutual: true, isOtherEnd: true },
  ]);
  expect((await side.readIssue(String(older.id)))?.links).toMatchObject([
    { toId: String(newer.id), isMutual: true },
  ]);
});

test("an edit that ours replaced unseen is in the history, in the terms of a reading", async ({
  bench,
}) => {
  const issue = await bench.ada.create("Base", { priority_id: 2 });
  const side = bench.open({ wanted: WANTED });
  await bench.ada.edit(issue.id, { subject: "Theirs", priority_id: 3, category_id: null });
  const changes = [change("summary", "Base", "Ours"), change("priority", "Normal", "Urgent")];
  await side.updateIssue(openTicket(), String(issue.id), changes, null);
  const { history } = (await side.readIssue(String(issue.id), { history: true })) ?? {};
  expect(history).toMatchObject([
    { field: "summary", authorKey: "ada", from: "Base", to: "Theirs" },
    { field: "priority", authorKey: "ada", from: "Normal", to: "High" },
    { field: "summary", authorKey: "exalate", from: "Theirs", to: "Ours" },
    { field: "priority", authorKey: "exalate", from: "High", to: "Urgent" },
  ]);
});

test("a trigger brings in what its filters name, open and closed, and cannot reach beyond its project", async ({
  bench,
}) => {
  const bug = await bench.ada.create("A bug", { tracker_id: 1 });
  const feature = await bench.ada.create("A feature", { tracker_id: 2 });
  const side = bench.open({ trigger: "tracker_id=2&status_id=*" });
  const since = new Date(Date.parse(bug.updated_on) - 5_000);
  const ids = (issues: { id: string }[]) => issues.map(({ id }) => id);
  const found = ids((await side.changedSince(since, 0, "trigger")).issues);
  expect(found).toContain(String(feature.id));
  expect(found).not.toContain(String(bug.id));
  expect(ids((await side.triggered(5)).issues)[0]).toBe(String(feature.id));
  expect(() => bench.open({ trigger: "project_id=public" })).toThrow("cannot be part");
  expect(() => bench.open({ trigger: "everything" })).toThrow("is no filter");
});

test("the diagnosis says what is missing before a connection is agreed", async ({ bench }) => {
  const look = (key: string) => redmine.look(bench.httpAs(key), bench.baseUrl);
  const states = async (key: string) =>
    (await look(key).diagnose(new Date())).map(({ id, state }) => [id, state]);
  expect(await states("f".repeat(40))).toEqual([
    ["address", "fine"],
    ["sign_in", "wrong"],
  ]);
  expect((await states(KEYS.exalate)).map(([id]) => id)).toEqual([
    "address",
    "sign_in",
    "account",
    "clock",
  ]);
  const checks = await bench.open({ secret: KEYS.bob }).rights();
  expect(checks.find(({ id }) => id === "rights")).toMatchObject({
    state: "wrong",
    said: "In sync the account may not edit its notes.",
  });
  expect((await look(KEYS.exalate).projects()).map(({ key }) => key)).toEqual(
    expect.arrayContaining(["public", "sync"]),
  );
  expect(await look(KEYS.exalate).types("sync")).toEqual(["Bug", "Feature", "Support"]);
});

test("a project without a place for markers is told so, and nothing is created there", async ({
  bench,
}) => {
  const key = `bare-${Date.now()}`;
  const project = { name: key, identifier: key, is_public: true };
  expect((await bench.admin.call("POST", "/projects.json", { project })).status).toBe(201);
  const bare = openRedmineBench(key);
  const side = bare.open({ secret: KEYS.admin });
  expect((await side.rights()).find(({ id }) => id === "marker")).toMatchObject({
    state: "wrong",
  });
  const ticket = openTicket();
  await expect(side.createIssue(ticket, { summary: "Lost" }, marker())).rejects.toThrow(
    'no custom field "Exalate marker"',
  );
  expect(ticket.asked).toEqual([]);
  await bare.close();
});

test("a note of ours shows nothing of its marker", async ({ bench }) => {
  const issue = await bench.ada.create("Marked");
  const side = bench.open();
  const ours = `${marker()}.remote.12`;
  await side.addComment(openTicket(), String(issue.id), toAll("*Ada* wrote:\n\nHello"), ours);
  const raw: SeenIssue = await bench.ada.get(issue.id);
  const note = raw.journals[0]?.notes ?? "";
  const signs = /\u2063|[\ufe00-\ufe0f]/g;
  expect(note).toMatch(signs);
  expect(note.replace(signs, "").trimEnd()).toBe("*Ada* wrote:\n\nHello");
  expect((await side.readIssue(String(issue.id)))?.comments[0]?.body).toBe("*Ada* wrote:\n\nHello");
});

test("work logs are whole minutes on days, each relation stands once, and parts know what they are a part of", async ({
  bench,
}) => {
  const [whole, other] = [await bench.ada.create("Whole"), await bench.ada.create("Other")];
  const side = bench.open({ parts: ["worklogs", "links", "parent"] });
  const sent = await side.createIssue(openTicket(), { summary: "Part" }, marker(), {
    id: String(whole.id),
  });
  if (sent.kind !== "applied") throw new Error(JSON.stringify(sent));
  const id = sent.created.id ?? "";
  // 25 minutes are 0.41666… hours, of which Redmine shows 0.42.
  const worklog = { startedAt: "2026-11-24T17:30:00.000Z", seconds: 1_500, comment: "Looked" };
  const logged = await side.addWorklog?.(openTicket(), id, worklog);
  const link = { type: "blocks", toId: String(other.id) };
  const ticket = openTicket();
  for (const again of [openTicket(), ticket])
    expect(await side.addLink?.(again, id, link)).toMatchObject({ kind: "applied" });
  expect(ticket.asked).toEqual([]);
  expect(await side.readIssue(id)).toMatchObject({
    parent: { id: String(whole.id), key: `#${whole.id}` },
    links: [{ type: "blocks", toId: String(other.id) }],
    worklogs: [
      {
        authorKey: "exalate",
        startedAt: "2026-11-24T00:00:00.000Z",
        seconds: 1_500,
        comment: "Looked",
      },
    ],
  });
  expect((await side.readIssue(String(other.id)))?.links).toEqual([]);
  const worklogId = logged?.kind === "applied" ? (logged.created.id ?? "") : "";
  const longer = { ...worklog, seconds: 3_660 };
  await side.updateWorklog?.(openTicket(), id, worklogId, longer);
  expect((await side.readIssue(id))?.worklogs).toMatchObject([{ id: worklogId, seconds: 3_660 }]);
});
