import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { type Person, simulatorClient } from "@/e2e/simulators/jira-data-center/client";
import { findOpenApi, openApiChecks } from "@/e2e/simulators/jira-data-center/openapi";
import { type Simulator, startJiraSimulator } from "@/e2e/simulators/jira-data-center/server";

const timestamp = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d{4}$/);
const user = z.object({
  self: z.url(),
  key: z.string(),
  name: z.string(),
  displayName: z.string(),
  timeZone: z.string(),
});
const named = z.object({ self: z.url(), id: z.string(), name: z.string() });
const status = named.extend({
  statusCategory: z.object({ key: z.enum(["new", "indeterminate", "done"]) }),
});
const comment = z.object({
  self: z.url(),
  id: z.string(),
  author: user,
  updateAuthor: user,
  body: z.string(),
  created: timestamp,
  updated: timestamp,
});
const issue = z.object({
  id: z.string(),
  key: z.string(),
  self: z.url(),
  fields: z.object({
    summary: z.string(),
    description: z.string().nullable(),
    labels: z.array(z.string()),
    status,
    priority: named,
    updated: timestamp,
    created: timestamp,
  }),
});
const wholeIssue = issue.extend({
  names: z.record(z.string(), z.string()),
  renderedFields: z.object({ description: z.string() }),
  transitions: z.array(z.object({ id: z.string(), name: z.string(), to: status })).min(1),
  properties: z.object({ "sync.twin": z.object({ id: z.string() }) }),
  changelog: z.object({
    total: z.number(),
    histories: z
      .array(
        z.object({
          id: z.string(),
          author: user,
          created: timestamp,
          items: z.array(z.object({ field: z.string() })).min(1),
        }),
      )
      .min(1),
  }),
});
const found = z.object({
  startAt: z.number(),
  maxResults: z.number(),
  total: z.literal(1),
  issues: z.array(issue).length(1),
});
const page = z.object({
  startAt: z.number(),
  maxResults: z.number(),
  total: z.number(),
  values: z.array(z.object({ name: z.string() })).min(1),
});
const nothing = z.literal("");
const inline = [{ key: "sync.twin", value: { id: "7" } }];

type Operation = [
  method: string,
  path: string,
  status: number,
  expected: z.ZodType,
  body?: unknown,
];

/** Every operation whose answer a connector reads. The braces are filled in from what was made before. */
const OPERATIONS: Operation[] = [
  [
    "GET",
    "/serverInfo",
    200,
    z.object({
      versionNumbers: z.array(z.number()).length(3),
      baseUrl: z.url(),
      deploymentType: z.literal("Server"),
      serverTime: timestamp,
    }),
  ],
  ["GET", "/myself", 200, user.extend({ locale: z.string() })],
  ["GET", "/user?username=mia", 200, user],
  ["GET", "/search?jql=project=ABC&expand=changelog,names", 200, found],
  [
    "POST",
    "/search",
    200,
    found,
    { jql: "project = ABC", fields: ["*all"], maxResults: 10, startAt: 0 },
  ],
  ["GET", "/issue/{issueIdOrKey}", 200, issue],
  [
    "GET",
    "/issue/{issueIdOrKey}?expand=changelog,transitions,names,renderedFields&properties=*all",
    200,
    wholeIssue,
  ],
  [
    "GET",
    "/issue/{issueIdOrKey}/comment?expand=properties,renderedBody",
    200,
    z.object({
      total: z.literal(1),
      startAt: z.number(),
      maxResults: z.number(),
      comments: z.array(
        comment.extend({
          renderedBody: z.string(),
          properties: z.array(z.object({ key: z.string(), value: z.unknown() })),
        }),
      ),
    }),
  ],
  ["GET", "/issue/{issueIdOrKey}/comment/{id}", 200, comment],
  ["PUT", "/issue/{issueIdOrKey}/comment/{id}", 200, comment, { body: "changed" }],
  [
    "POST",
    "/issue/{issueIdOrKey}/comment",
    201,
    comment,
    { body: "second", visibility: { type: "role", value: "Developers" } },
  ],
  [
    "GET",
    "/issue/{issueIdOrKey}/transitions",
    200,
    z.object({
      transitions: z.array(z.object({ id: z.string(), name: z.string(), to: status })).min(1),
    }),
  ],
  [
    "GET",
    "/issue/{issueIdOrKey}/properties",
    200,
    z.object({ keys: z.array(z.object({ key: z.literal("sync.twin"), self: z.url() })).length(1) }),
  ],
  [
    "GET",
    "/issue/{issueIdOrKey}/properties/{propertyKey}",
    200,
    z.object({ key: z.literal("sync.twin"), value: z.object({ id: z.string() }) }),
  ],
  [
    "GET",
    "/comment/{commentId}/properties",
    200,
    z.object({ keys: z.array(z.object({ key: z.string() })).length(1) }),
  ],
  [
    "GET",
    "/comment/{commentId}/properties/{propertyKey}",
    200,
    z.object({ key: z.literal("sync.twin"), value: z.object({ id: z.string() }) }),
  ],
  ["PUT", "/issue/{issueIdOrKey}/properties/{propertyKey}", 200, nothing, { id: "7" }],
  ["PUT", "/issue/{issueIdOrKey}/properties/sync.other", 201, nothing, { id: "7" }],
  ["DELETE", "/issue/{issueIdOrKey}/properties/sync.other", 204, nothing],
  ["PUT", "/issue/{issueIdOrKey}", 204, nothing, { fields: {}, properties: inline }],
  [
    "POST",
    "/issue/{issueIdOrKey}/transitions",
    204,
    nothing,
    { transition: { id: "11" }, properties: inline },
  ],
  ["PUT", "/user/properties/{propertyKey}?username=mia", 201, nothing, { id: "7" }],
  ["PUT", "/user/properties/{propertyKey}?username=mia", 200, nothing, { id: "7" }],
  [
    "GET",
    "/user/properties?username=mia",
    200,
    z.object({ keys: z.array(z.object({ key: z.literal("sync.twin"), self: z.url() })).length(1) }),
  ],
  [
    "GET",
    "/user/properties/{propertyKey}?username=mia",
    200,
    z.object({ key: z.literal("sync.twin"), value: z.object({ id: z.string() }) }),
  ],
  ["DELETE", "/user/properties/{propertyKey}?username=mia", 204, nothing],
  ["PUT", "/project/{projectIdOrKey}/properties/{propertyKey}", 200, nothing, { id: "7" }],
  ["PUT", "/project/{projectIdOrKey}/properties/sync.other", 201, nothing, { id: "7" }],
  ["DELETE", "/project/{projectIdOrKey}/properties/sync.other", 204, nothing],
  [
    "GET",
    "/project/{projectIdOrKey}/properties",
    200,
    z.object({ keys: z.array(z.object({ key: z.string() })).length(1) }),
  ],
  [
    "GET",
    "/project/{projectIdOrKey}/properties/{propertyKey}",
    200,
    z.object({ key: z.literal("sync.twin"), value: z.object({ id: z.string() }) }),
  ],
  ["GET", "/issue/createmeta/{projectIdOrKey}/issuetypes", 200, page],
  ["GET", "/issue/createmeta/{projectIdOrKey}/issuetypes/{issueTypeId}", 200, page],
  ["GET", "/project", 200, z.array(named.extend({ key: z.string() })).length(1)],
  [
    "GET",
    "/project/{projectIdOrKey}",
    200,
    named.extend({ key: z.string(), issueTypes: z.array(named).min(1) }),
  ],
  [
    "GET",
    "/project/{projectIdOrKey}/statuses",
    200,
    z.array(named.extend({ statuses: z.array(status).min(1) })).min(1),
  ],
  ["GET", "/priority", 200, z.array(named).length(5)],
  ["GET", "/status", 200, z.array(status).length(4)],
  ["GET", "/issuetype", 200, z.array(named.extend({ subtask: z.boolean() })).min(1)],
  [
    "GET",
    "/field",
    200,
    z
      .array(z.object({ id: z.string(), name: z.string(), schema: z.object({ type: z.string() }) }))
      .min(1),
  ],
  [
    "POST",
    "/issue",
    201,
    z.strictObject({ id: z.string(), key: z.literal("ABC-2"), self: z.url() }),
    { fields: { project: { key: "ABC" }, issuetype: { name: "Task" }, summary: "Second" } },
  ],
];

const file = findOpenApi();
const checks = file === null ? null : openApiChecks(file);
const known: Record<string, string> = {
  projectIdOrKey: "ABC",
  issueTypeId: "10001",
  propertyKey: "sync.twin",
};
let checked = 0;
let jira: Simulator;
let mia: Person;

beforeAll(async () => {
  jira = await startJiraSimulator({ name: "production", contextPath: "/jira" });
  const control = simulatorClient(jira.baseUrl);
  await control.createUser({ name: "mia" });
  await control.createProject({ key: "ABC" });
  mia = control.as("mia-token");
  const { key } = await mia.createIssue({ project: "ABC", summary: "First" });
  await mia.editIssue(key, { description: "one\ntwo", labels: ["a", "b"] });
  const { id } = await mia.comment(key, "hello");
  for (const owner of [`issue/${key}`, `comment/${id}`, "project/ABC"]) {
    await mia.call("PUT", `/api/2/${owner}/properties/sync.twin`, { id: "7" });
  }
  Object.assign(known, { issueIdOrKey: key, id, commentId: id });
});

afterAll(async () => {
  await jira.stop();
  const absent = "openapi: the file is absent, 0 operations checked";
  process.stdout.write(`${checks ? `openapi: ${checked} operations checked` : absent}\n`);
});

test.each(OPERATIONS)(
  "%s %s answers %i in Jira's shape",
  async (method, path, expectedStatus, expected, body) => {
    const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => known[name] ?? "missing");
    const answer = await mia.call(method, `/api/2${filled}`, body);
    expect(answer.status, JSON.stringify(answer.body)).toBe(expectedStatus);
    expected.parse(answer.body);
    if (!checks) return;
    const operation = path.replace(/\?.*$/, "").replace("sync.other", "{propertyKey}");
    expect(checks(method, operation, expectedStatus)(answer.body)).toEqual([]);
    checked += 1;
  },
);

test("the check notices a member that Jira does not have and a value of the wrong type", () => {
  if (!checks) return expect(file).toBeNull();
  const myself = checks("GET", "/myself", 200);
  expect(myself({ name: "mia", accountId: "5b10" })).toHaveLength(1);
  expect(myself({ name: 7 })).toHaveLength(1);
  expect(checks("GET", "/priority", 200)({ id: "1" })).toHaveLength(1);
  expect(checks("DELETE", "/issue/{issueIdOrKey}", 204)({ id: "1" })).toHaveLength(1);
  expect(() => checks("GET", "/myself", 201)).toThrow("no answer 201");
});
