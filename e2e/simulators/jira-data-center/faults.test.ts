import { describe, expect, vi } from "vitest";
import { test } from "@/e2e/simulators/jira-data-center/fixture";

describe("the write log", () => {
  test("has every write with its permit and its user, and no secret", async ({
    bench: { simulator, control, mia },
  }) => {
    await mia.createIssue({ project: "ABC", summary: "s" });
    await fetch(`${simulator.baseUrl}/rest/api/latest/issue/ABC-1/comment?expand=properties`, {
      method: "POST",
      headers: {
        Authorization: "Bearer mia-token",
        "Content-Type": "application/json",
        "X-Sync-Permit": "p-42",
      },
      body: '{"body":"hi"}',
    });
    await mia.search("project = ABC");
    await mia.call("POST", "/api/2/search", { jql: "" });
    await mia.call("PUT", "/api/2/issue/NOPE-1", { fields: {} });

    const writes = await control.writes();
    expect(
      writes.map(({ n, method, path, status, user }) => [n, method, path, status, user]),
    ).toEqual([
      [1, "POST", "/rest/api/2/issue", 201, "mia"],
      [2, "POST", "/rest/api/latest/issue/ABC-1/comment?expand=properties", 201, "mia"],
      [3, "PUT", "/rest/api/2/issue/NOPE-1", 404, "mia"],
    ]);
    expect(writes[1]).toMatchObject({
      headers: { "x-sync-permit": "p-42", authorization: "mia" },
      body: { body: "hi" },
      outcome: "answered",
    });
    expect([writes[1]?.landedAt, writes[2]?.landedAt]).toEqual([expect.any(String), null]);
    expect(JSON.stringify(writes)).not.toContain("mia-token");
    expect(await control.writes(2)).toHaveLength(1);
    await control.clearWrites();
    expect(await control.writes()).toEqual([]);
    await mia.comment("ABC-1", "next");
    expect((await control.writes())[0]?.n).toBe(4);
  });

  test("shows a write that is still on its way", async ({ bench: { control, mia } }) => {
    await control.setFaults({ writeLatencyMs: 300 });
    const creating = mia.createIssue({ project: "ABC", summary: "slow" });
    await vi.waitFor(async () => {
      expect(await control.writes()).toMatchObject([
        { outcome: "pending", landedAt: null, answeredAt: null },
      ]);
    });
    expect((await mia.search("")).total).toBe(0);
    await creating;
    expect(await control.writes()).toMatchObject([{ outcome: "answered", status: 201 }]);
  });
});

describe("a broken connection", () => {
  const comments = "POST /rest/api/2/issue/*/comment";

  test("after the write: the caller sees a failure, the comment is there", async ({
    bench: { control, mia },
  }) => {
    await mia.createIssue({ project: "ABC", summary: "s" });
    await control.setFaults({ landThenBreak: { next: 1, match: comments } });
    await mia.editIssue("ABC-1", { summary: "not matched" });
    await expect(mia.comment("ABC-1", "lands")).rejects.toThrow("fetch failed");
    await mia.comment("ABC-1", "the next one is answered");
    expect((await mia.comments("ABC-1")).map(({ body }) => body)).toEqual([
      "lands",
      "the next one is answered",
    ]);
    const outcomes = (await control.writes()).map(({ outcome, landedAt }) => [
      outcome,
      landedAt !== null,
    ]);
    expect(outcomes.slice(2)).toEqual([
      ["broken", true],
      ["answered", true],
    ]);
  });

  test("for one account only, if it is said so: everybody else is answered", async ({
    bench: { control, mia },
  }) => {
    await control.setFaults({ landThenBreak: { next: 1, user: "admin" } });
    const { key } = await mia.createIssue({ project: "ABC", summary: "s" });
    const admin = control.as("admin-token");
    await expect(admin.editIssue(key, { summary: "t" })).rejects.toThrow("fetch failed");
  });

  test("before the write: nothing is there, and the log has it as dropped", async ({
    bench: { control, mia },
  }) => {
    await control.setFaults({ breakBeforeLanding: { next: 1 } });
    await expect(mia.createIssue({ project: "ABC", summary: "s" })).rejects.toThrow("fetch failed");
    expect((await mia.search("")).total).toBe(0);
    expect(await control.writes()).toMatchObject([
      { outcome: "dropped", landedAt: null, status: null },
    ]);
  });

  test("while the write is still on its way: it lands later", async ({
    bench: { control, mia },
  }) => {
    await control.setFaults({ landAfterBreak: { next: 1, afterMs: 150 } });
    await expect(mia.createIssue({ project: "ABC", summary: "late" })).rejects.toThrow(
      "fetch failed",
    );
    expect((await mia.search("")).total).toBe(0);
    expect(await control.writes()).toMatchObject([{ outcome: "broken", landedAt: null }]);
    await vi.waitFor(async () => expect((await mia.search("")).total).toBe(1));
    expect(await control.writes()).toMatchObject([
      { outcome: "broken", landedAt: expect.any(String) },
    ]);
  });

  test("by the caller, who did not wait: the write lands all the same", async ({
    bench: { simulator, control, mia },
  }) => {
    await control.setFaults({ writeLatencyMs: 100 });
    const impatient = fetch(`${simulator.baseUrl}/rest/api/2/issue`, {
      method: "POST",
      headers: { Authorization: "Bearer mia-token", "Content-Type": "application/json" },
      body: JSON.stringify({
        fields: { project: { key: "ABC" }, issuetype: { name: "Task" }, summary: "s" },
      }),
      signal: AbortSignal.timeout(30),
    });
    await expect(impatient).rejects.toThrow();
    await vi.waitFor(async () => {
      expect(await control.writes()).toMatchObject([
        { outcome: "broken", landedAt: expect.any(String) },
      ]);
    });
    expect((await mia.search("")).total).toBe(1);
  });
});

describe("an answer that is no use", () => {
  test("is an error with a time to wait, and nothing lands", async ({
    bench: { control, mia },
  }) => {
    await control.setFaults({
      status: { next: 1, code: 503, retryAfter: 7, match: "POST /rest/api/2/issue" },
    });
    const answer = await mia.call("POST", "/api/2/issue", { fields: {} });
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "7"]);
    expect(await control.writes()).toMatchObject([
      { status: 503, outcome: "answered", landedAt: null },
    ]);
  });

  test("is a page for people, or JSON that breaks off", async ({ bench: { control, mia } }) => {
    await control.setFaults({ malformed: { next: 1 } });
    const page = await mia.call("GET", "/api/2/myself");
    expect([page.status, page.headers.get("content-type"), page.body]).toEqual([
      200,
      "text/html;charset=UTF-8",
      expect.stringContaining("<html>"),
    ]);
    await control.setFaults({ malformed: { next: 1, kind: "truncated" } });
    await expect(mia.call("GET", "/api/2/myself")).rejects.toThrow(SyntaxError);
    expect((await mia.call("GET", "/api/2/myself")).status).toBe(200);
  });
});

test("a user who asks too often gets 429 with everything a client needs to wait", async ({
  start,
}) => {
  let now = Date.UTC(2026, 10, 24, 12);
  const { control, admin, mia } = await start({ now: () => now });
  await control.setFaults({ rateLimit: { capacity: 2, fillRate: 1, intervalSeconds: 10 } });
  const statuses = async (person: typeof mia) => (await person.call("GET", "/api/2/myself")).status;
  expect([await statuses(mia), await statuses(mia), await statuses(mia)]).toEqual([200, 200, 429]);
  const { headers } = await mia.call("GET", "/api/2/myself");
  expect(
    [
      "X-RateLimit-Limit",
      "X-RateLimit-Remaining",
      "X-RateLimit-Interval-Seconds",
      "X-RateLimit-FillRate",
      "retry-after",
    ].map((name) => headers.get(name)),
  ).toEqual(["2", "0", "10", "1", "10"]);
  expect(await statuses(admin)).toBe(200);
  now += 10_000;
  expect([await statuses(mia), await statuses(mia)]).toEqual([200, 429]);
});

test("while Jira starts, only its status answers; while it is down, nothing does", async ({
  bench: { simulator, control, mia },
}) => {
  const status = () => fetch(`${simulator.baseUrl}/status`);
  expect(await (await status()).json()).toEqual({ state: "RUNNING" });
  await control.setFaults({ state: "STARTING" });
  expect([(await status()).status, await (await status()).json()]).toEqual([
    503,
    { state: "STARTING" },
  ]);
  expect((await mia.call("GET", "/api/2/serverInfo")).status).toBe(503);
  await control.setFaults({ unavailable: true });
  await expect(mia.call("GET", "/api/2/serverInfo")).rejects.toThrow("fetch failed");
  await expect(status()).rejects.toThrow("fetch failed");
  await control.setFaults({});
  expect((await mia.call("GET", "/api/2/serverInfo")).status).toBe(200);
});

test("a clone says it lives where the original does", async ({ bench: { control, mia } }) => {
  await control.settings({ baseUrl: "https://jira.example.com" });
  const { body } = await mia.call("GET", "/api/2/serverInfo");
  expect(body).toMatchObject({ baseUrl: "https://jira.example.com" });
  const { body: me } = await mia.call("GET", "/api/2/myself");
  expect(me).toMatchObject({ self: "https://jira.example.com/rest/api/2/user?username=mia" });
});
