import { expect, vi } from "vitest";
import type { Person } from "@/e2e/simulators/jira-data-center/client";
import { test } from "@/e2e/simulators/jira-data-center/fixture";

/** Who answers, and how many it answered since its start. */
async function answering(person: Person): Promise<{ node: string | null; number: number }> {
  const { headers } = await person.call("GET", "/api/2/myself");
  const [, number] = (headers.get("X-AREQUESTID") ?? "").split("x");
  return { node: headers.get("X-ANODEID"), number: Number(number) };
}

test("every REST answer says which node gave it and the how manieth since its start it is", async ({
  start,
}) => {
  const { control, mia } = await start({
    now: () => Date.UTC(2026, 10, 24, 12, 30),
    serverTimeZone: "Europe/Berlin",
  });
  const ids: (string | null)[] = [];
  for (const path of ["/api/2/myself", "/api/2/nowhere", "/api/2/issue/NOPE-1"]) {
    const { headers } = await mia.call("GET", path);
    expect(headers.get("X-ANODEID")).toBe("production-node1");
    ids.push(headers.get("X-AREQUESTID"));
  }
  await control.setStatus("MAINTENANCE");
  ids.push((await mia.call("GET", "/api/2/myself")).headers.get("X-AREQUESTID"));
  expect(ids).toEqual(["810x1x1", "810x2x1", "810x3x1", "810x4x1"]);
});

test("requests that overlap are counted as underway at once", async ({
  bench: { control, mia },
}) => {
  await control.setFaults({ latencyMs: 100 });
  const answers = await Promise.all([1, 2, 3].map(() => mia.call("GET", "/api/2/myself")));
  const underway = answers.map(({ headers }) =>
    Number((headers.get("X-AREQUESTID") ?? "").split("x")[2]),
  );
  expect(Math.max(...underway)).toBe(3);
});

test("a restart is down, then starting, then running, and begins to count anew on the same node", async ({
  bench: { simulator, control, mia },
}) => {
  await mia.createIssue({ project: "ABC", summary: "kept" });
  await answering(mia);
  const before = await answering(mia);
  const status = async () => {
    try {
      const answer = await fetch(`${simulator.baseUrl}/status`);
      return [answer.status, ((await answer.json()) as { state: string }).state];
    } catch {
      return "no answer";
    }
  };
  const restarted = control.restart({ downMs: 300, startingMs: 300 });
  await vi.waitFor(async () => expect(await status()).toBe("no answer"));
  await expect(mia.call("GET", "/api/2/myself")).rejects.toThrow("fetch failed");
  await vi.waitFor(async () => expect(await status()).toEqual([503, "STARTING"]));
  expect((await mia.call("GET", "/api/2/myself")).status).toBe(503);
  await restarted;
  expect(await status()).toEqual([200, "RUNNING"]);
  const after = await answering(mia);
  expect([after.node, after.number < before.number]).toEqual([before.node, true]);
  expect((await mia.getIssue("ABC-1")).fields.summary).toBe("kept");
});

test("a restart takes with it the write that was on its way", async ({
  bench: { control, mia },
}) => {
  await control.setFaults({ writeLatencyMs: 200 });
  const creating = mia.createIssue({ project: "ABC", summary: "lost" });
  const refused = expect(creating).rejects.toThrow("fetch failed");
  await vi.waitFor(async () => expect(await control.writes()).toHaveLength(1));
  await control.restart();
  await refused;
  expect(await control.writes()).toMatchObject([{ outcome: "dropped", landedAt: null }]);
  expect((await mia.search("")).total).toBe(0);
});

test("mere unreachability is no restart: the counting goes on where it was", async ({
  bench: { control, mia },
}) => {
  const before = await answering(mia);
  await control.goDown();
  await expect(mia.call("GET", "/api/2/myself")).rejects.toThrow("fetch failed");
  await control.comeBack();
  expect(await answering(mia)).toEqual({ node: before.node, number: before.number + 1 });
});

test("what arrived before it became unreachable lands and is never answered", async ({
  bench: { control, mia },
}) => {
  await control.setFaults({ writeLatencyMs: 200 });
  const creating = mia.createIssue({ project: "ABC", summary: "unheard of" });
  const unanswered = expect(creating).rejects.toThrow("fetch failed");
  await vi.waitFor(async () => expect(await control.writes()).toHaveLength(1));
  await control.goDown();
  await unanswered;
  await control.comeBack();
  expect(await control.writes()).toMatchObject([
    { outcome: "broken", landedAt: expect.any(String) },
  ]);
  expect((await mia.search("")).total).toBe(1);
});

test.for([
  ["RUNNING", 200, 200],
  ["STARTING", 503, 503],
  ["STOPPING", 503, 503],
  ["MAINTENANCE", 503, 503],
  ["ERROR", 500, 503],
] as const)(
  "in state %s its status answers %i and REST answers %i",
  async ([state, ofStatus, ofRest], { bench: { simulator, control, mia } }) => {
    await control.setStatus(state);
    const status = await fetch(`${simulator.baseUrl}/status`);
    expect([status.status, await status.json()]).toEqual([ofStatus, { state }]);
    expect((await mia.call("GET", "/api/2/myself")).status).toBe(ofRest);
  },
);
