import { describe, expect } from "vitest";
import { test } from "@/e2e/simulators/jira-data-center/fixture";

const task = { project: { key: "ABC" }, issuetype: { name: "Task" }, summary: "s" };

describe("a new issue", () => {
  test("is refused with one message for each field that is wrong", async ({ bench: { mia } }) => {
    const errors = async (fields: Record<string, unknown>) => {
      const { status, body } = await mia.call("POST", "/api/2/issue", { fields });
      expect(status).toBe(400);
      return (body as { errors: Record<string, string> }).errors;
    };
    expect(await errors({ ...task, summary: undefined })).toEqual({
      summary: "You must specify a summary of the issue.",
    });
    expect(await errors({ ...task, priority: { name: "Urgentissimo" }, labels: ["a b"] })).toEqual({
      priority: "Priority name 'Urgentissimo' is not valid",
      labels: "The label 'a b' contains spaces which is invalid.",
    });
    expect(await errors({ ...task, customfield_10001: "x" })).toEqual({
      customfield_10001:
        "Field 'customfield_10001' cannot be set. It is not on the appropriate screen, or unknown.",
    });
    expect(await errors({ ...task, project: { key: "NOPE" } })).toEqual({
      project: "valid project is required",
    });
    expect((await mia.search("")).total).toBe(0);
  });

  test("carries its properties and what it is not told stays at the default", async ({
    bench: { mia },
  }) => {
    const properties = [{ key: "sync.twin", value: { id: "77", side: "production" } }];
    await mia.call("POST", "/api/2/issue", { fields: task, properties });
    const issue = await mia.getIssue("ABC-1", { properties: "sync.twin" });
    expect(issue.properties).toEqual({ "sync.twin": { id: "77", side: "production" } });
    expect([issue.fields.priority.name, issue.fields.status.name]).toEqual(["Medium", "Open"]);
  });

  test("keeps its text byte for byte, line ends included", async ({ bench: { mia } }) => {
    const description = "h1. Über\r\n* one\n\n{code}x{code} ";
    await mia.createIssue({ project: "ABC", summary: "s", description });
    expect((await mia.getIssue("ABC-1")).fields.description).toBe(description);
  });
});

describe("an edit", () => {
  test("is one entry in the changelog, with labels as whole sets", async ({ bench: { mia } }) => {
    await mia.createIssue({ project: "ABC", summary: "old", labels: ["b", "a"] });
    await mia.editIssue("ABC-1", {
      summary: "new",
      labels: ["c", "a"],
      priority: { name: "High" },
    });
    const { changelog } = await mia.getIssue("ABC-1", { expand: "changelog" });
    expect(changelog?.histories).toHaveLength(1);
    expect(changelog?.histories[0]?.items).toEqual([
      {
        field: "summary",
        fieldtype: "jira",
        from: null,
        fromString: "old",
        to: null,
        toString: "new",
      },
      { field: "labels", fieldtype: "jira", from: "", fromString: "a b", to: "", toString: "a c" },
      {
        field: "priority",
        fieldtype: "jira",
        from: "3",
        fromString: "Medium",
        to: "2",
        toString: "High",
      },
    ]);
  });

  test("adds and removes labels one by one", async ({ bench: { mia } }) => {
    await mia.createIssue({ project: "ABC", summary: "s", labels: ["a", "b"] });
    const update = { labels: [{ add: "c" }, { remove: "a" }] };
    expect((await mia.call("PUT", "/api/2/issue/ABC-1", { update })).status).toBe(204);
    expect((await mia.getIssue("ABC-1")).fields.labels).toEqual(["b", "c"]);
    const both = await mia.call("PUT", "/api/2/issue/ABC-1", { fields: { labels: [] }, update });
    expect([both.status, both.body]).toEqual([
      400,
      {
        errorMessages: [],
        errors: { labels: "Field 'labels' cannot appear in both 'fields' and 'update'" },
      },
    ]);
  });

  test("that changes nothing bumps the time and leaves no entry", async ({ start }) => {
    let now = Date.UTC(2026, 10, 24, 12);
    const { mia } = await start({ now: () => now });
    await mia.createIssue({ project: "ABC", summary: "same" });
    now += 1_000;
    await mia.editIssue("ABC-1", { summary: "same" });
    const issue = await mia.getIssue("ABC-1", { expand: "changelog" });
    expect(issue.fields.updated).toBe("2026-11-24T12:00:01.000+0000");
    expect(issue.changelog?.histories).toEqual([]);
  });

  test("keeps the history metadata it came with", async ({ bench: { mia } }) => {
    await mia.createIssue({ project: "ABC", summary: "s" });
    const historyMetadata = { type: "sync", extraData: { permit: "p-1" } };
    await mia.call("PUT", "/api/2/issue/ABC-1", { fields: { summary: "t" }, historyMetadata });
    const { changelog } = await mia.getIssue("ABC-1", { expand: "changelog" });
    expect(changelog?.histories[0]).toMatchObject({ historyMetadata });
  });

  test("without notifications is for administrators", async ({ bench: { admin, mia } }) => {
    await mia.createIssue({ project: "ABC", summary: "s" });
    const silent = (person: typeof mia) =>
      person.call("PUT", "/api/2/issue/ABC-1?notifyUsers=false", { fields: { summary: "t" } });
    expect((await silent(mia)).status).toBe(403);
    expect((await mia.getIssue("ABC-1")).fields.summary).toBe("s");
    expect((await silent(admin)).status).toBe(204);
  });
});

test("a status is reached one transition at a time; one that is not open now is refused", async ({
  bench: { mia },
}) => {
  await mia.createIssue({ project: "ABC", summary: "s" });
  const toDone = await mia.call("POST", "/api/2/issue/ABC-1/transitions", {
    transition: { id: "51" },
  });
  expect(toDone.status).toBe(400);
  for (const step of ["In Progress", "In Review", "Done"]) await mia.transition("ABC-1", step);
  const issue = await mia.getIssue("ABC-1", { expand: "changelog" });
  expect(issue.fields.status.name).toBe("Done");
  expect(issue.changelog?.histories.map(({ items }) => items[0]?.toString)).toEqual([
    "In Progress",
    "In Review",
    "Done",
  ]);
});

test("a project has the statuses, priorities and transitions it was given", async ({
  bench: { control, mia },
}) => {
  await control.createProject({
    key: "OPS",
    priorities: ["Blocker", "Minor"],
    statuses: [
      { name: "To Do", category: "new" },
      { name: "Closed", category: "done" },
    ],
    transitions: [{ name: "Close", from: ["To Do"], to: "Closed" }],
  });
  await mia.createIssue({ project: "OPS", summary: "s", priority: { name: "Minor" } });
  await mia.transition("OPS-1", "Close");
  const { fields } = await mia.getIssue("OPS-1");
  expect([fields.status.name, fields.priority.name]).toEqual(["Closed", "Minor"]);
  const refused = await mia.call("PUT", "/api/2/issue/OPS-1", {
    fields: { priority: { name: "High" } },
  });
  expect(refused.status).toBe(400);
});

test("a property is new with 201, replaced with 200, too long with 400, and no edit at all", async ({
  bench: { mia },
}) => {
  await mia.createIssue({ project: "ABC", summary: "s" });
  const before = (await mia.getIssue("ABC-1")).fields.updated;
  const put = (value: unknown) => mia.call("PUT", "/api/2/issue/ABC-1/properties/sync.twin", value);
  expect((await put({ id: 1 })).status).toBe(201);
  expect((await put({ id: 2 })).status).toBe(200);
  expect((await put("x".repeat(32_767))).status).toBe(400);
  const after = await mia.getIssue("ABC-1", { properties: "*all" });
  expect([after.fields.updated, after.properties]).toEqual([before, { "sync.twin": { id: 2 } }]);
  expect((await mia.call("DELETE", "/api/2/issue/ABC-1/properties/sync.twin")).status).toBe(204);
  expect((await mia.call("GET", "/api/2/issue/ABC-1/properties/sync.twin")).status).toBe(404);
});

test("an edit and a transition bring properties along, and those alone are no edit", async ({
  start,
}) => {
  let now = Date.UTC(2026, 10, 24, 12);
  const { mia, simulator } = await start({ now: () => now });
  const events: string[] = [];
  simulator.state.happened = ({ event }) => events.push(event);
  await mia.createIssue({ project: "ABC", summary: "s" });
  const put = async (path: string, body: object) =>
    (await mia.call(path.endsWith("transitions") ? "POST" : "PUT", path, body)).status;
  const properties = (value: string) => [{ key: "sync.twin", value }];

  now += 1_000;
  const alone = { properties: properties("alone") };
  expect(await put("/api/2/issue/ABC-1", alone)).toBe(204);
  await mia.call("PUT", "/api/2/issue/ABC-1/properties/sync.seq", 7);
  const after = await mia.getIssue("ABC-1", { properties: "*all" });
  expect(after.properties).toEqual({ "sync.twin": "alone", "sync.seq": 7 });
  expect([after.fields.updated, events]).toEqual([
    "2026-11-24T12:00:00.000+0000",
    ["issue_created"],
  ]);

  const edit = { fields: { summary: "t" }, properties: properties("edit") };
  expect(await put("/api/2/issue/ABC-1", edit)).toBe(204);
  expect((await mia.getIssue("ABC-1", { properties: "*all" })).properties).toMatchObject({
    "sync.twin": "edit",
  });
  const transition = { transition: { id: "11" }, properties: properties("transition") };
  expect(await put("/api/2/issue/ABC-1/transitions", transition)).toBe(204);
  const moved = await mia.getIssue("ABC-1", { properties: "*all" });
  expect([moved.fields.status.name, moved.properties]).toEqual([
    "In Progress",
    { "sync.twin": "transition", "sync.seq": 7 },
  ]);
  const refused = { transition: { id: "21" }, properties: [{ key: "sync.twin" }] };
  expect(await put("/api/2/issue/ABC-1/transitions", refused)).toBe(400);
  expect((await mia.getIssue("ABC-1")).fields.status.name).toBe("In Progress");
});

test("a deletion with a JSON content type and no body is a deletion", async ({
  bench: { simulator, mia },
}) => {
  await mia.createIssue({ project: "ABC", summary: "s" });
  const answer = await fetch(`${simulator.baseUrl}/rest/api/2/issue/ABC-1`, {
    method: "DELETE",
    headers: { Authorization: "Bearer mia-token", "Content-Type": "application/json" },
  });
  expect(answer.status).toBe(204);
  expect((await mia.call("GET", "/api/2/issue/ABC-1")).body).toEqual({
    errorMessages: ["Issue Does Not Exist"],
    errors: {},
  });
});

describe("comments", () => {
  test("come in pages, with their properties when they are asked for", async ({
    bench: { mia },
  }) => {
    await mia.createIssue({ project: "ABC", summary: "s" });
    const properties = [{ key: "sync.twin", value: { id: "9" } }];
    for (const body of ["one", "two", "three"]) {
      await mia.call("POST", "/api/2/issue/ABC-1/comment", { body, properties });
    }
    const { body } = await mia.call(
      "GET",
      "/api/2/issue/ABC-1/comment?startAt=1&maxResults=1&expand=properties",
    );
    expect(body).toMatchObject({
      startAt: 1,
      maxResults: 1,
      total: 3,
      comments: [{ body: "two", properties }],
    });
    expect((await mia.getIssue("ABC-1")).fields.comment).toMatchObject({ total: 3 });
    expect((await mia.getIssue("ABC-1")).fields.comment?.comments[0]).not.toHaveProperty(
      "properties",
    );
  });

  test("for a role are hidden from everybody else", async ({ bench: { control, admin, mia } }) => {
    await control.createUser({ name: "dev", roles: ["Developers"] });
    await mia.createIssue({ project: "ABC", summary: "s" });
    const visibility = { type: "role", value: "Developers" };
    await admin.call("POST", "/api/2/issue/ABC-1/comment", { body: "between us", visibility });
    expect(await mia.comments("ABC-1")).toEqual([]);
    expect(await control.as("dev-token").comments("ABC-1")).toMatchObject([
      { body: "between us", visibility },
    ]);
  });

  test("of others are changed by administrators only", async ({ bench: { admin, mia } }) => {
    await mia.createIssue({ project: "ABC", summary: "s" });
    const { id } = await admin.comment("ABC-1", "by the administrator");
    expect(
      (await mia.call("PUT", `/api/2/issue/ABC-1/comment/${id}`, { body: "by me" })).status,
    ).toBe(400);
    const mine = await mia.comment("ABC-1", "by mia");
    expect((await admin.editComment("ABC-1", mine.id, "corrected")).body).toBe("corrected");
    await admin.deleteComment("ABC-1", mine.id);
    expect((await mia.call("GET", `/api/2/issue/ABC-1/comment/${mine.id}`)).status).toBe(404);
  });
});
