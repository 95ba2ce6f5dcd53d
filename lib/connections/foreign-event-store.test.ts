import { createHmac } from "node:crypto";
import { describe, expect, test as plainTest } from "vitest";
import { POST } from "@/app/api/webhooks/[connection]/route";
import { isForeign } from "@/lib/connections/foreign-event-store";
import { env } from "@/lib/env";
import { readActivation } from "@/lib/identity/activation-store";
import { lendForPlanning } from "@/lib/sync-queue/worker-store";
import { test as base, type Connected } from "@/lib/testing/connected";
import { connectionContexts } from "@/lib/worker/contexts";
import { planAhead } from "@/lib/worker/plan-ahead";

type Event = { side?: "local" | "remote"; timestamp?: number; secret?: string };
type Fixtures = {
  /** A signed webhook about an issue whose link is this; answers what the route says. */
  send: (issueId: string, self: string | undefined, event?: Event) => Promise<string>;
};

const shared = globalThis as unknown as { exalateDb?: unknown; exalatePool?: unknown };

const test = base.extend<Fixtures>({
  send: async ({ connected, db, pool }, use) => {
    shared.exalateDb = db;
    shared.exalatePool = pool;
    let clock = 1_790_000_000_000;
    await use(async (issueId, self, { side = "local", timestamp, secret } = {}) => {
      const id = String(connected.connectionId);
      const body = JSON.stringify({
        webhookEvent: "jira:issue_updated",
        timestamp: timestamp ?? clock++,
        user: { displayName: "Mia" },
        issue: { id: issueId, self, fields: { summary: "Believe me" } },
        changelog: { id: "77", items: [] },
      });
      const key = secret ?? connected.webhookSecret;
      const signature = `sha256=${createHmac("sha256", key).update(body).digest("hex")}`;
      const request = new Request(`https://console.example.com/api/webhooks/${id}?side=${side}`, {
        method: "POST",
        body,
        headers: { "x-hub-signature": signature },
      });
      const response = await POST(request, { params: Promise.resolve({ connection: id }) });
      return `${response.status} ${await response.text()}`;
    });
    delete shared.exalateDb;
    delete shared.exalatePool;
  },
});

/** A pair that is known to both sides, at instances that a poll has confirmed. */
async function linked(connected: Connected): Promise<{ ours: string; theirs: string }> {
  const mia = connected.production.as("mia-token");
  const ours = await mia.createIssue({ project: "PROD", summary: "Ours" });
  const theirs = await connected.partner
    .as("mia-token")
    .createIssue({ project: "ACME", summary: "Theirs" });
  await connected.link("PROD-1", "ACME-1");
  await connected.poll();
  return { ours: ours.id, theirs: theirs.id };
}

const CLONE = "https://jira-test.example.com/jira";
const linkOf = (address: string, id: string) => `${address}/rest/api/2/issue/${id}`;

describe("an event whose links name another instance", () => {
  test("is counted for its side, and shown with when it came last", async ({
    connected,
    send,
    db,
  }) => {
    const { ours } = await linked(connected);
    for (let sent = 0; sent < 3; sent++)
      expect(await send(ours, linkOf(CLONE, ours))).toBe('200 {"result":"recorded"}');
    await send(ours, linkOf("https://other.example.com", ours));
    expect(await db.foreignEvent.findMany({ orderBy: { events: "desc" } })).toMatchObject([
      { connectionId: connected.connectionId, side: "local", base: CLONE, events: 3 },
      { side: "local", base: "https://other.example.com", events: 1 },
    ]);
    const [first] = await db.foreignEvent.findMany({ where: { base: CLONE } });
    expect(first?.lastAt.getTime()).toBeGreaterThanOrEqual(first?.firstAt.getTime() ?? 0);
    expect((await readActivation(db, 15_000)).foreignEvents).toContainEqual({
      connection: "Acme partner",
      side: "local",
      base: CLONE,
      events: 3,
      lastAt: first?.lastAt.toISOString(),
    });
  });

  test("stays a hint: the change is noted, and nothing that it says is believed", async ({
    connected,
    send,
    db,
    pool,
  }) => {
    const { ours } = await linked(connected);
    const before = await db.queueEntry.findFirstOrThrow();
    await send(ours, linkOf(CLONE, ours));
    expect(await db.queueEntry.findFirstOrThrow()).toMatchObject({ version: before.version + 1 });
    expect(await db.change.findFirstOrThrow({ where: { via: "webhook" } })).toMatchObject({
      issueId: ours,
      side: "local",
      kind: "updated",
    });
    expect((await db.pair.findFirstOrThrow()).summary).toBe("Ours");
    // It is read back from where the connection points, not from where the event came.
    await connected.production.as("mia-token").editIssue("PROD-1", { summary: "As it is" });
    const settings = { ...env(), WRITE_TIMEOUT_MS: 3_000 };
    const contexts = connectionContexts(db, pool, connected.network, settings);
    const context = await contexts.get(connected.connectionId);
    for (const entry of await lendForPlanning(pool, 10)) await planAhead(context, entry);
    expect((await db.pair.findFirstOrThrow()).summary).toBe("As it is");
    expect(JSON.stringify((await db.queueEntry.findFirstOrThrow()).plan)).not.toContain("Believe");
    expect((await db.connection.findFirstOrThrow()).errorCode).toBeNull();
  });

  test("about an issue that is not under sync makes the next poll due, as any other does", async ({
    connected,
    send,
    db,
  }) => {
    await linked(connected);
    expect(await send("99999", linkOf(CLONE, "99999"))).toBe('200 {"result":"no_pair"}');
    expect(await db.foreignEvent.findMany()).toMatchObject([{ base: CLONE, events: 1 }]);
    expect(
      (await db.watermark.findFirstOrThrow({ where: { side: "local" } })).wantedAt,
    ).not.toBeNull();
  });

  test("counts for the side that it was sent to", async ({ connected, send, db }) => {
    const { theirs } = await linked(connected);
    // The address of our own side is a foreign one at the partner's.
    const ourAddress = connected.simulators.production.baseUrl;
    await send(theirs, linkOf(ourAddress, theirs), { side: "remote" });
    expect(await db.foreignEvent.findMany()).toMatchObject([
      { side: "remote", base: ourAddress, events: 1 },
    ]);
  });

  test("with a wrong signature is refused and not counted", async ({ connected, send, db }) => {
    const { ours } = await linked(connected);
    expect(await send(ours, linkOf(CLONE, ours), { secret: "guessed" })).toMatch(/^401 /);
    expect(await db.foreignEvent.count()).toBe(0);
  });

  test("with an address without end is counted under its beginning", async ({
    connected,
    send,
    db,
  }) => {
    const { ours } = await linked(connected);
    const long = `https://jira-test.example.com/${"x".repeat(5_000)}`;
    expect(await send(ours, linkOf(long, ours))).toBe('200 {"result":"recorded"}');
    expect((await db.foreignEvent.findFirstOrThrow()).base).toBe(long.slice(0, 255));
  });
});

describe("an event is not counted", () => {
  test("when its links name the confirmed instance", async ({ connected, send, db }) => {
    const { ours, theirs } = await linked(connected);
    const { production, partner } = connected.simulators;
    expect(await send(ours, linkOf(production.baseUrl, ours))).toBe('200 {"result":"recorded"}');
    expect(await send(theirs, linkOf(partner.baseUrl, theirs), { side: "remote" })).toBe(
      '200 {"result":"recorded"}',
    );
    expect(await db.foreignEvent.count()).toBe(0);
  });

  test("when its links name the public address of an instance that was confirmed behind a proxy", async ({
    connected,
    send,
    db,
  }) => {
    await connected.production.settings({ baseUrl: "https://jira.example.com" });
    const { ours } = await linked(connected);
    const instance = await db.instance.findFirstOrThrow({ where: { name: "PROD" } });
    await db.instance.update({
      where: { id: instance.id },
      data: { confirmed: instance.seen as object },
    });
    await send(ours, linkOf("https://jira.example.com", ours));
    expect(await db.foreignEvent.count()).toBe(0);
    await send(ours, linkOf(connected.simulators.production.baseUrl, ours));
    expect(await db.foreignEvent.count()).toBe(1);
  });

  test("when nothing was confirmed yet to compare it with", async ({ connected, send, db }) => {
    const mia = connected.production.as("mia-token");
    const { id } = await mia.createIssue({ project: "PROD", summary: "Ours" });
    await send(id, linkOf(CLONE, id));
    expect(await db.foreignEvent.count()).toBe(0);
  });

  test.for([undefined, "", "not an address", "/rest/api/2/issue/1"])(
    "when its link names no address, and it is a hint all the same: %j",
    async (self, { connected, send, db }) => {
      const { ours } = await linked(connected);
      expect(await send(ours, self)).toBe('200 {"result":"recorded"}');
      expect(await db.foreignEvent.count()).toBe(0);
    },
  );
});

plainTest.for([
  ["https://jira.example.com/", "https://jira.example.com", false],
  ["https://jira.example.com:443", "https://jira.example.com", false],
  ["https://jira.example.com/jira", "https://jira.example.com", true],
  ["http://jira.example.com", "https://jira.example.com", true],
  [null, "https://jira.example.com", false],
  ["https://jira.example.com", null, false],
] as const)(
  "an address %j beside the confirmed %j is another instance: %j",
  ([one, confirmed, answer]) => {
    expect(isForeign(one, confirmed)).toBe(answer);
  },
);
