import { createHmac } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, vi } from "vitest";
import { POST } from "@/app/api/webhooks/[connection]/route";
import { addressKey } from "@/lib/access/webhook-secret";
import { test as base, type Connected } from "@/lib/testing/connected";

type Answer = { status: number; text: string };
type Sending = { side?: string; signature?: string | null; connection?: string; key?: string };
type Fixtures = {
  /** A webhook of the test's connection, signed as Jira signs unless a signature is given. */
  send: (body: unknown, options?: Sending) => Promise<Answer>;
  /** A console that instances reach over the network, and what it answered them. */
  listening: { url: string; answered: number[] };
};

const shared = globalThis as unknown as { exalateDb?: unknown; exalatePool?: unknown };

const test = base.extend<Fixtures>({
  send: async ({ connected, db, pool }, use) => {
    shared.exalateDb = db;
    shared.exalatePool = pool;
    await use(async (body, { side = "local", signature, connection, key } = {}) => {
      const text = typeof body === "string" ? body : JSON.stringify(body);
      const hmac = createHmac("sha256", connected.webhookSecret).update(text).digest("hex");
      const header = signature === undefined ? `sha256=${hmac}` : signature;
      return deliver(connection ?? String(connected.connectionId), side, text, header, key);
    });
    delete shared.exalateDb;
    delete shared.exalatePool;
  },
  listening: async ({ connected, db, pool }, use) => {
    shared.exalateDb = db;
    shared.exalatePool = pool;
    const answered: number[] = [];
    const id = String(connected.connectionId);
    const server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
      const signature = request.headers["x-hub-signature"];
      const text = Buffer.concat(chunks).toString("utf8");
      const { status } = await deliver(id, "local", text, signature ? String(signature) : null);
      answered.push(status);
      response.writeHead(status).end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    await use({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, answered });
    server.closeAllConnections();
    server.close();
    delete shared.exalateDb;
    delete shared.exalatePool;
  },
});

async function deliver(
  connection: string,
  side: string,
  text: string,
  signature: string | null,
  key?: string,
): Promise<Answer> {
  const withKey = key === undefined ? "" : `&key=${key}`;
  const url = `https://console.example.com/api/webhooks/${connection}?side=${side}${withKey}`;
  const headers: Record<string, string> =
    signature === null ? {} : { "x-hub-signature": signature };
  const request = new Request(url, { method: "POST", body: text, headers });
  const response = await POST(request, { params: Promise.resolve({ connection }) });
  return { status: response.status, text: await response.text() };
}

const edit = (issueId: string, timestamp = 1_790_000_000_000) => ({
  webhookEvent: "jira:issue_updated",
  timestamp,
  issue_event_type_name: "issue_updated",
  user: { displayName: "Mia" },
  issue: { id: issueId, fields: { summary: "Believe me" } },
  changelog: { id: "77", items: [] },
});

async function linkedIssue(connected: Connected): Promise<string> {
  const ours = await connected.production
    .as("mia-token")
    .createIssue({ project: "PROD", summary: "Ours" });
  await connected.partner.as("mia-token").createIssue({ project: "ACME", summary: "Theirs" });
  await connected.link("PROD-1", "ACME-1");
  return ours.id;
}

describe("a webhook", () => {
  test("marks its pair as changed, by whom and when, and believes nothing else it says", async ({
    connected,
    send,
    db,
  }) => {
    const issueId = await linkedIssue(connected);
    expect(await send(edit(issueId))).toMatchObject({ status: 200 });
    const change = await db.change.findFirstOrThrow({ where: { via: "webhook" } });
    expect(change).toMatchObject({
      issueId,
      side: "local",
      kind: "updated",
      actor: "Mia",
      happenedAt: new Date(1_790_000_000_000),
    });
    expect((await db.pair.findFirstOrThrow()).summary).toBe("Ours");
    expect(await db.queueEntry.findFirstOrThrow()).toMatchObject({ version: 2, changes: 2 });
  });

  test("that is delivered again is the same change", async ({ connected, send, db }) => {
    const issueId = await linkedIssue(connected);
    await send(edit(issueId));
    expect(await send(edit(issueId))).toMatchObject({ status: 200, text: '{"result":"known"}' });
    await send(edit(issueId, 1_790_000_000_001));
    expect(await db.change.count({ where: { via: "webhook" } })).toBe(2);
    expect(await db.queueEntry.findFirstOrThrow()).toMatchObject({ version: 3 });
  });

  test.for([null, "", "sha256=", `sha256=${"0".repeat(64)}`])(
    "with the signature %j is refused, and leaves nothing behind",
    async (signature, { connected, send, db }) => {
      const issueId = await linkedIssue(connected);
      expect(await send(edit(issueId), { signature })).toMatchObject({ status: 401 });
      expect(await db.change.count({ where: { via: "webhook" } })).toBe(0);
    },
  );

  test("of an instance that does not sign is known by the key in its address, and refused with another", async ({
    connected,
    send,
    db,
  }) => {
    const issueId = await linkedIssue(connected);
    const key = addressKey(connected.webhookSecret);
    const wrong = [undefined, "", connected.webhookSecret, `${key}x`];
    for (const each of wrong)
      expect(
        await send(edit(issueId), {
          signature: null,
          ...(each === undefined ? {} : { key: each }),
        }),
      ).toMatchObject({ status: 401 });
    expect(await db.change.count({ where: { via: "webhook" } })).toBe(0);
    expect(await send(edit(issueId), { signature: null, key })).toMatchObject({ status: 200 });
    expect(await send(edit(issueId), { signature: "sha256=0", key })).toMatchObject({
      status: 401,
    });
  });

  test("shows when the last one came, proven or not, whatever it was about", async ({
    send,
    db,
  }) => {
    const row = () => db.webhook.findFirstOrThrow({ where: { side: "local" } });
    expect(await row()).toMatchObject({ heardAt: null, doubtedAt: null });
    await send({ webhookEvent: "sprint_started", timestamp: 1, sprint: {} });
    await vi.waitFor(async () => expect((await row()).heardAt).toEqual(expect.any(Date)));
    await send(edit("1"), { signature: null });
    await vi.waitFor(async () =>
      expect(await row()).toMatchObject({
        doubtedAt: expect.any(Date),
        doubt: expect.stringMatching(/not signed/),
      }),
    );
  });

  test("is refused when its body was altered on the way", async ({ connected, send }) => {
    const text = JSON.stringify(edit("1"));
    const hmac = createHmac("sha256", connected.webhookSecret).update(text).digest("hex");
    expect(await send(`${text} `, { signature: `sha256=${hmac}` })).toMatchObject({ status: 401 });
  });

  test("about an issue that is not under sync makes its side's poll due at once", async ({
    send,
    db,
  }) => {
    expect(await send(edit("4711"), { side: "remote" })).toMatchObject({
      status: 200,
      text: '{"result":"no_pair"}',
    });
    expect(await db.watermark.findFirstOrThrow({ where: { side: "remote" } })).toMatchObject({
      wantedAt: expect.any(Date),
    });
    expect(await db.watermark.findFirstOrThrow({ where: { side: "local" } })).toMatchObject({
      wantedAt: null,
    });
  });

  test("about something else than an issue is accepted and ignored", async ({ send }) => {
    const event = { webhookEvent: "sprint_started", timestamp: 1, sprint: {} };
    expect(await send(event)).toMatchObject({ status: 202 });
  });

  test.for([
    ["{", 400, /JSON/],
    ["", 400, /empty/],
    ['{"webhookEvent":"jira:issue_updated"}', 422, /timestamp/],
    ['"text"', 422, /object/],
  ] as const)("saying %j is answered %i", async ([body, status, said], { send }) => {
    const answer = await send(body);
    expect(answer.status).toBe(status);
    expect(answer.text).toMatch(said);
  });

  test.for(["999999", "0", "-1", "abc", "99999999999999"])(
    "for a connection that is not there is answered 404: %s",
    async (connection, { send }) => {
      expect(await send(edit("1"), { connection })).toMatchObject({ status: 404 });
    },
  );

  test("of more than 5 MB is not read", async ({ send }) => {
    expect(await send("x".repeat(5_000_001))).toMatchObject({ status: 413 });
  });

  test("from a tracker arrives while the gate is closed, and a comment's two hooks are one change", async ({
    connected,
    listening,
    db,
  }) => {
    await linkedIssue(connected);
    await connected.production.as("admin-token").createWebhook({
      url: listening.url,
      events: ["jira:issue_updated", "comment_created"],
      secret: connected.webhookSecret,
    });
    const mia = connected.production.as("mia-token");
    await mia.editIssue("PROD-1", { summary: "Edited" });
    await mia.comment("PROD-1", "A comment");
    await connected.simulators.production.webhooksSettled();
    expect(listening.answered).toEqual([200, 200, 200]);
    const changes = await db.change.findMany({ where: { via: "webhook" }, orderBy: { id: "asc" } });
    expect(changes.map(({ kind, actor }) => [kind, actor])).toEqual([
      ["updated", "mia"],
      ["commented", "mia"],
    ]);
    expect((await db.gate.findFirstOrThrow()).state).toBe("inactive");
  });
});
