import { describe, expect } from "vitest";
import { test as base } from "@/e2e/simulators/jira-data-center/fixture";
import { parseRanges } from "@/lib/connectors/address-guard";
import type { Http, OpenSide, Wanted } from "@/lib/connectors/connector";
import { openHttp } from "@/lib/connectors/http";
import { jiraDataCenter } from "@/lib/connectors/jira-data-center";
import { openNetwork } from "@/lib/connectors/network";
import { openTicket } from "@/lib/testing/ticket";

type Fixtures = {
  httpTo: (baseUrl: string, token?: string) => Http;
  open: (baseUrl: string, options?: { token?: string; trigger?: string }) => OpenSide;
};

const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads from the pattern which fixtures are needed
  httpTo: async ({}, use) => {
    const network = openNetwork(parseRanges("127.0.0.0/8"));
    await use((baseUrl, token = "mia-token") =>
      openHttp(network, {
        instance: "Production",
        baseUrl,
        authorization: jiraDataCenter.authorization(token),
        refuses: jiraDataCenter.refuses,
        writeTimeoutMs: 5_000,
      }),
    );
    await network.close();
  },
  open: async ({ httpTo }, use) => {
    await use((baseUrl, { token, trigger } = {}) =>
      jiraDataCenter.open(
        { project: "ABC", issueType: "Task", trigger },
        httpTo(baseUrl, token),
        baseUrl,
        MAPPED,
      ),
    );
  },
});

const MAPPED: Wanted[] = [
  { id: "summary", kind: "text" },
  { id: "description", kind: "markup" },
  { id: "status", kind: "option" },
  { id: "priority", kind: "option" },
  { id: "labels", kind: "options" },
];

const toEverybody = (body: string) => ({ body, restrictedTo: null });

/** A call that must not happen fails the test. */
const noHttp: Http = {
  read: () => expect.unreachable("a read"),
  peek: () => expect.unreachable("a look"),
  write: () => expect.unreachable("a write"),
  stream: () => expect.unreachable("a read"),
  upload: () => expect.unreachable("a write"),
};

describe("the Jira Data Center connector", () => {
  test("sends nothing when a connection is opened", () => {
    jiraDataCenter.open(
      { project: "ABC", issueType: "Task" },
      noHttp,
      "https://jira.example.com",
      [],
    );
  });

  test("reads an issue in its own terms, with its comments in the order they were written", async ({
    bench,
    open,
  }) => {
    const { simulator, control, mia } = bench;
    const [issue] = await control.seed({
      project: "ABC",
      issues: [
        {
          summary: "Login fails",
          description: "After the update\r\nnobody can log in",
          labels: ["login", "urgent"],
          priority: "High",
          status: "In Progress",
          comments: [
            { author: "mia", body: "Later", createdAt: Date.parse("2026-11-24T10:00:02Z") },
            { author: "admin", body: "Earlier", createdAt: Date.parse("2026-11-24T10:00:01Z") },
          ],
        },
      ],
    });
    const side = open(simulator.baseUrl);
    const reading = await side.readIssue(issue?.key ?? "");
    expect(reading).toMatchObject({
      id: issue?.id,
      key: "ABC-1",
      url: `${simulator.baseUrl}/browse/ABC-1`,
      fields: {
        summary: "Login fails",
        description: "After the update\r\nnobody can log in",
        labels: ["login", "urgent"],
        priority: "High",
        status: "In Progress",
      },
      marker: null,
      stamp: null,
    });
    expect(reading?.comments.map(({ body }) => body)).toEqual(["Earlier", "Later"]);
    expect(reading?.transitions.map(({ to }) => to).sort()).toEqual(["In Review", "Open"]);
    await mia.editIssue("ABC-1", { description: null });
    expect((await side.readIssue("ABC-1"))?.fields.description).toBeNull();
  });

  test("finds an issue that was moved by its id, and none where there is none", async ({
    bench,
    open,
  }) => {
    const { simulator, control, mia } = bench;
    await control.createProject({ key: "XYZ" });
    const issue = await mia.createIssue({ project: "ABC", summary: "Moves" });
    await control.move(issue.key, "XYZ");
    const side = open(simulator.baseUrl);
    expect((await side.readIssue(issue.id))?.key).toBe("XYZ-1");
    expect(await side.readIssue("ABC-99")).toBeNull();
  });

  test("knows a comment for a group, and leaves it to the planner not to send it", async ({
    bench,
    open,
  }) => {
    const { simulator, admin, mia } = bench;
    const issue = await mia.createIssue({ project: "ABC", summary: "Secrets" });
    await admin.call("POST", `/api/2/issue/${issue.key}/comment`, {
      body: "for us only",
      visibility: { type: "role", value: "Administrators" },
    });
    const reading = await open(simulator.baseUrl, { token: "admin-token" }).readIssue(issue.id);
    expect(reading?.comments).toMatchObject([
      { body: "for us only", restrictedTo: "role:Administrators" },
    ]);
  });

  test("writes and edits a comment for a role, and never makes it public for want of a circle", async ({
    bench,
    open,
  }) => {
    const { simulator, mia } = bench;
    const issue = await mia.createIssue({ project: "ABC", summary: "Secrets" });
    const side = open(simulator.baseUrl, { token: "admin-token" });
    const circle = { restrictedTo: "role:Administrators" };
    const added = await side.addComment(
      openTicket(),
      issue.id,
      { body: "for us only", ...circle },
      "node.1.7.c1",
    );
    const commentId = added.kind === "applied" ? (added.created.id ?? "") : "";
    await side.updateComment(openTicket(), issue.id, commentId, { body: "for us", ...circle });
    expect((await side.readIssue(issue.id))?.comments).toMatchObject([
      { id: commentId, body: "for us", restrictedTo: "role:Administrators" },
    ]);
    expect((await open(simulator.baseUrl).readIssue(issue.id))?.comments).toEqual([]);
    await expect(
      side.addComment(openTicket(), issue.id, { body: "oh", restrictedTo: "Staff" }, "m"),
    ).rejects.toMatchObject({ code: "field_rejected" });
  });

  test("creates with its marker in the same call, and finds what it created by it", async ({
    bench,
    open,
  }) => {
    const { simulator, control, mia } = bench;
    const since = new Date();
    await mia.createIssue({ project: "ABC", summary: "By the same account, by hand" });
    const side = open(simulator.baseUrl);
    await control.clearWrites();
    const sent = await side.createIssue(
      openTicket(),
      { summary: "New", description: null, labels: ["a"], priority: "Low", status: "Done" },
      "node.1.7",
    );
    expect(sent).toEqual({ kind: "applied", created: { id: expect.any(String), key: "ABC-2" } });
    expect((await control.writes()).map(({ body }) => body)).toEqual([
      {
        fields: {
          project: { key: "ABC" },
          issuetype: { name: "Task" },
          summary: "New",
          labels: ["a"],
          priority: { name: "Low" },
        },
        properties: [{ key: "exalate.marker", value: { marker: "node.1.7" } }],
      },
    ]);
    expect((await side.readIssue("ABC-2"))?.marker).toBe("node.1.7");
    expect((await side.createdByUs(since)).map(({ key, marker }) => [key, marker])).toEqual([
      ["ABC-1", null],
      ["ABC-2", "node.1.7"],
    ]);
  });

  test("edits, moves on, comments, edits the comment and stamps, one call each", async ({
    bench,
    open,
  }) => {
    const { simulator, control, mia } = bench;
    const issue = await mia.createIssue({ project: "ABC", summary: "Old", labels: ["a", "b"] });
    const side = open(simulator.baseUrl);
    await control.clearWrites();

    await side.updateIssue(
      openTicket(),
      issue.id,
      [
        { field: "summary", source: "summary", from: "Old", to: "New" },
        { field: "labels", source: "labels", from: ["a", "b"], to: [] },
        { field: "priority", source: "priority", from: "Medium", to: "High" },
      ],
      null,
    );
    await side.transition(openTicket(), issue.id, "11", {});
    const added = await side.addComment(
      openTicket(),
      issue.id,
      toEverybody("Hello"),
      "node.1.7.c1",
    );
    const commentId = added.kind === "applied" ? (added.created.id ?? "") : "";
    await side.updateComment(openTicket(), issue.id, commentId, toEverybody("Hello again"));
    await side.stamp(openTicket(), issue.id, "node.1.7", "20001");

    const reading = await side.readIssue(issue.id);
    expect(reading).toMatchObject({
      fields: { summary: "New", labels: [], priority: "High", status: "In Progress" },
      comments: [{ id: commentId, body: "Hello again" }],
      stamp: { marker: "node.1.7", twinId: "20001" },
    });
    expect(await side.commentMarkers(issue.id)).toEqual(new Map([[commentId, "node.1.7.c1"]]));
    expect(await control.writes()).toHaveLength(5);
  });

  test("says who changed which field from what to what, by the changelog", async ({
    bench,
    open,
  }) => {
    const { simulator, mia } = bench;
    const issue = await mia.createIssue({ project: "ABC", summary: "One" });
    await mia.editIssue(issue.key, { summary: "Two", labels: ["x"] });
    await mia.editIssue(issue.key, { summary: "Three" });
    const side = open(simulator.baseUrl);
    const reading = await side.readIssue(issue.id, { history: true });
    const history = await side.history(issue.id);
    expect(history).toMatchObject([
      { field: "summary", from: "One", to: "Two", authorName: "mia" },
      { field: "labels", from: [], to: ["x"] },
      { field: "summary", from: "Two", to: "Three", at: reading?.updatedAt },
    ]);
    expect(reading?.history).toEqual(history);
    expect((await side.readIssue(issue.id))?.history).toBeUndefined();
  });

  test("reads all comments of an issue where Jira cuts the list that comes with it", async ({
    bench,
    httpTo,
  }) => {
    const { simulator, control } = bench;
    const createdAt = Date.parse("2026-11-24T10:00:00Z");
    const comments = Array.from({ length: 1_203 }, (_, index) => ({
      author: "mia",
      body: `comment ${index}`,
      createdAt: createdAt + index,
    }));
    const [issue] = await control.seed({ project: "ABC", issues: [{ summary: "Long", comments }] });
    const http = cuttingComments(httpTo(simulator.baseUrl));
    const side = jiraDataCenter.open({ project: "ABC", issueType: "Task" }, http, "", []);
    const reading = await side.readIssue(issue?.id ?? "");
    expect(reading?.comments.map(({ body }) => body)).toEqual(comments.map(({ body }) => body));
  });
});

describe("a Jira that lets nobody in", () => {
  test("is told by 200 with empty lists as well: the token is wrong", async ({ bench, open }) => {
    const side = open(bench.simulator.baseUrl, { token: "expired" });
    await expect(side.readIssue("ABC-1")).rejects.toMatchObject({ code: "credentials_rejected" });
    await expect(side.probe()).rejects.toMatchObject({ code: "credentials_rejected" });
    await expect(side.changedSince(new Date(), 0, "project")).rejects.toMatchObject({
      code: "credentials_rejected",
      message: expect.stringContaining("token"),
    });
  });

  test("refuses a write, and the write is not tried again", async ({ bench, open }) => {
    const ticket = openTicket();
    const side = open(bench.simulator.baseUrl, { token: "expired" });
    const sent = await side.createIssue(ticket, { summary: "No" }, "m");
    expect(sent).toMatchObject({ kind: "failed", error: { code: "credentials_rejected" } });
    expect(ticket.settled).toMatchObject([{ outcome: "rejected" }]);
    expect(await bench.control.writes()).toHaveLength(1);
  });

  test.each([
    [403, { "x-authentication-denied-reason": "CAPTCHA_CHALLENGE; login-url=…" }, /captcha/],
    [403, { "x-seraph-loginreason": "AUTHENTICATED_FAILED" }, /token/],
    [404, { "x-ausername": "anonymous" }, /nobody had signed in/],
  ])("is known by its headers too: %i %o", (status, headers, message) => {
    const header = (name: string) => (headers as Record<string, string>)[name] ?? null;
    expect(jiraDataCenter.refuses(status, header)?.message).toMatch(message);
  });

  test("is another thing than an issue that our account may not see", () => {
    expect(jiraDataCenter.refuses(403, () => null)).toBeNull();
    expect(
      jiraDataCenter.refuses(404, (name) => (name === "x-ausername" ? "mia" : null)),
    ).toBeNull();
  });
});

describe("parts of an issue", () => {
  test("are of the types of sub-tasks that the project has; a sub-task itself has none", async ({
    start,
    open,
  }) => {
    const { simulator, control } = await start();
    await control.createProject({ key: "ABC", issueTypes: ["Task", "Sub-task"] });
    const { id } = await control.as("mia-token").createIssue({ project: "ABC", summary: "Whole" });
    const side = open(simulator.baseUrl);
    expect(await side.typesOfParts?.(id)).toEqual({ types: ["Sub-task"], why: null });
    const ticket = openTicket();
    const sent = await side.createIssue(ticket, { summary: "Part", type: "Sub-task" }, "m", { id });
    const part = sent.kind === "applied" ? sent.created : {};
    expect(await side.typesOfParts?.(part.id ?? "")).toEqual({
      types: [],
      why: `${part.key} is a sub-task itself, which Jira gives no sub-tasks`,
    });
  });

  test("are none where the project has no such type", async ({ start, open }) => {
    const { simulator, control } = await start();
    const { id } = await control.as("mia-token").createIssue({ project: "ABC", summary: "Whole" });
    expect((await open(simulator.baseUrl).typesOfParts?.(id))?.why).toContain(
      "ABC has no type of sub-tasks",
    );
  });
});

describe("searching for changes", () => {
  test("reads its dates in the zone of our account, not in the server's", async ({
    start,
    open,
  }) => {
    const now = Date.parse("2026-11-24T18:05:30Z");
    const { simulator, control } = await start({
      serverTimeZone: "Asia/Shanghai",
      now: () => now,
    });
    await control.createUser({ name: "mia", timeZone: "America/New_York" });
    const at = (time: string) => ({ summary: time, createdAt: Date.parse(`2026-11-24T${time}Z`) });
    await control.seed({
      project: "ABC",
      issues: [at("17:59:59"), at("18:00:00"), at("18:04:59")],
    });
    const side = open(simulator.baseUrl);
    const page = await side.changedSince(new Date("2026-11-24T18:00:45Z"), 0, "project");
    expect(page.issues.map(({ summary, updatedAt }) => [summary, updatedAt])).toEqual([
      ["18:00:00", "2026-11-24T18:00:00.000Z"],
      ["18:04:59", "2026-11-24T18:04:59.000Z"],
    ]);
    expect((await side.probe()).account.timeZone).toBe("America/New_York");
  });

  test("finds by the trigger what it names, and nothing on a side without one", async ({
    bench,
    open,
  }) => {
    const { simulator, mia } = bench;
    await mia.createIssue({ project: "ABC", summary: "In", labels: ["sync"] });
    await mia.createIssue({ project: "ABC", summary: "Out" });
    const since = new Date(Date.now() - 60_000);
    const trigger = "labels = sync ORDER BY key";
    const found = await open(simulator.baseUrl, { trigger }).changedSince(since, 0, "trigger");
    expect(found.issues.map(({ summary }) => summary)).toEqual(["In"]);
    expect(await open(simulator.baseUrl).changedSince(since, 0, "trigger")).toMatchObject({
      issues: [],
    });
  });

  test("that Jira refuses stops the connection with Jira's own reason", async ({ bench, open }) => {
    const side = open(bench.simulator.baseUrl, { trigger: "colour = red" });
    await expect(side.changedSince(new Date(), 0, "trigger")).rejects.toMatchObject({
      stops: "connection",
      message: expect.stringMatching(/trigger.*Field 'colour' does not exist/),
    });
  });

  test("at an address that is no Jira says so", async ({ bench, open }) => {
    const withoutContextPath = new URL(bench.simulator.baseUrl).origin;
    await expect(open(withoutContextPath).probe()).rejects.toMatchObject({
      code: "unexpected_answer",
      message: expect.stringContaining("context path"),
    });
  });

  test("measures how far Jira's clock is ahead of ours", async ({ start, open }) => {
    const { simulator } = await start({ now: () => Date.now() + 90_000 });
    const { clockOffsetMs } = await open(simulator.baseUrl).probe();
    expect(Math.abs(clockOffsetMs - 90_000)).toBeLessThan(2_000);
  });
});

/** As some versions answer: an issue brings its first three comments only, and lists come in pages of 500. */
function cuttingComments(http: Http): Http {
  return {
    ...http,
    async read(schema, path, query) {
      const isList = path.endsWith("/comment");
      const answer = await http.read(
        schema,
        path,
        isList ? { ...query, maxResults: "500" } : query,
      );
      const issue = answer as { fields?: { comment?: { comments: unknown[] } } } | null;
      issue?.fields?.comment?.comments.splice(3);
      return answer;
    },
  };
}
