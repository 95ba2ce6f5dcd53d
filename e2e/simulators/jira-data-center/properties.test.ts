import { expect } from "vitest";
import type { Person } from "@/e2e/simulators/jira-data-center/client";
import { test } from "@/e2e/simulators/jira-data-center/fixture";

const statusOf = async (person: Person, method: string, path: string, body?: unknown) =>
  (await person.call(method, `/api/2${path}`, body)).status;

test("people keep properties on their own account; on another's only an administrator does", async ({
  bench: { control, admin, mia },
}) => {
  const { key } = await control.createUser({ name: "ben" });
  const own = "/user/properties/sync.instance";
  expect(await statusOf(mia, "PUT", `${own}?username=mia`, { seq: 1 })).toBe(201);
  expect(await statusOf(mia, "PUT", `${own}?username=mia`, { seq: 2 })).toBe(200);
  const { body: keys } = await mia.call("GET", "/api/2/user/properties?username=mia");
  const [{ self }] = (keys as { keys: [{ key: string; self: string }] }).keys;
  const { pathname, search } = new URL(self);
  const { body } = await mia.call("GET", `${pathname.replace("/jira/rest", "")}${search}`);
  expect(body).toEqual({ key: "sync.instance", value: { seq: 2 } });

  expect(await statusOf(mia, "PUT", `${own}?userKey=${key}`, { seq: 3 })).toBe(403);
  expect(await statusOf(mia, "GET", `/user/properties?userKey=${key}`)).toBe(403);
  expect(await statusOf(admin, "PUT", `${own}?userKey=${key}`, { seq: 3 })).toBe(201);
  expect(await statusOf(control.as("ben-token"), "GET", `${own}?username=ben`)).toBe(200);
  expect(await statusOf(control.as(null), "PUT", `${own}?username=mia`, {})).toBe(401);

  expect(await statusOf(mia, "DELETE", `${own}?username=mia`)).toBe(204);
  expect(await statusOf(mia, "DELETE", `${own}?username=mia`)).toBe(404);
  expect(await statusOf(mia, "GET", `${own}?username=mia`)).toBe(404);
});

test("whose properties are meant must be said once, and the user must exist", async ({
  bench: { admin },
}) => {
  const get = (query: string) => statusOf(admin, "GET", `/user/properties${query}`);
  expect([
    await get(""),
    await get("?username=mia&userKey=JIRAUSER10100"),
    await get("?username=nobody"),
    await get("?userKey=JIRAUSER10100"),
  ]).toEqual([400, 400, 404, 200]);
});

test("where a project has administrators, others read its properties and cannot write them", async ({
  bench: { control, admin, mia },
}) => {
  const path = "/project/ABC/properties/sync.instance";
  expect(await statusOf(mia, "PUT", path, { seq: 1 })).toBe(201);
  await control.createProject({ key: "ABC", administeredBy: ["admin"] });
  const refused = await mia.call("PUT", `/api/2${path}`, { seq: 2 });
  expect([refused.status, refused.body]).toEqual([
    403,
    { errorMessages: [expect.stringContaining("administer this project")], errors: {} },
  ]);
  expect(await statusOf(mia, "DELETE", path)).toBe(403);
  expect((await mia.call("GET", `/api/2${path}`)).body).toMatchObject({ value: { seq: 1 } });
  expect(await statusOf(admin, "PUT", path, { seq: 3 })).toBe(200);

  await mia.createIssue({ project: "ABC", summary: "s" });
  expect(await statusOf(mia, "PUT", "/issue/ABC-1/properties/sync.twin", 1)).toBe(201);
  await control.createProject({ key: "ABC", administeredBy: ["mia"] });
  expect(await statusOf(mia, "PUT", path, { seq: 4 })).toBe(200);
  await control.createProject({ key: "ABC", visibleTo: [] });
  expect(await statusOf(mia, "PUT", path, { seq: 5 })).toBe(404);
});

test("property writes are in the write log with their permit, whatever carries the property", async ({
  bench: { control, mia },
}) => {
  await mia.createIssue({ project: "ABC", summary: "s" });
  await control.createProject({ key: "XYZ", administeredBy: [] });
  await control.clearWrites();
  const permit = { "X-Sync-Permit": "p-7" };
  const put = (path: string) => mia.call("PUT", `/api/2${path}`, { seq: 1 }, permit);
  await put("/issue/ABC-1/properties/sync.twin");
  await put("/project/ABC/properties/sync.instance");
  await put("/project/XYZ/properties/sync.instance");
  await put("/user/properties/sync.instance?username=mia");
  await mia.call("DELETE", "/api/2/project/ABC/properties/sync.instance", undefined, permit);

  const writes = await control.writes();
  expect(writes.map(({ method, path, status }) => [method, path, status])).toEqual([
    ["PUT", "/rest/api/2/issue/ABC-1/properties/sync.twin", 201],
    ["PUT", "/rest/api/2/project/ABC/properties/sync.instance", 201],
    ["PUT", "/rest/api/2/project/XYZ/properties/sync.instance", 403],
    ["PUT", "/rest/api/2/user/properties/sync.instance?username=mia", 201],
    ["DELETE", "/rest/api/2/project/ABC/properties/sync.instance", 204],
  ]);
  expect(writes.map(({ headers }) => headers["x-sync-permit"])).toEqual(Array(5).fill("p-7"));
  expect(writes.map(({ landedAt }) => landedAt !== null)).toEqual([true, true, false, true, true]);
  expect(writes[0]?.body).toEqual({ seq: 1 });
});
