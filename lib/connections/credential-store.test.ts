import { createHmac } from "node:crypto";
import { Agent } from "undici";
import { describe, expect } from "vitest";
import { POST as webhook } from "@/app/api/webhooks/[connection]/route";
import { seal } from "@/lib/access/seal";
import { secretContext } from "@/lib/connections/connection-opener";
import {
  createConnection,
  createInstance,
  webhookContext,
} from "@/lib/connections/connection-store";
import { readUnreadable, renewToken, renewWebhookSecret } from "@/lib/connections/credential-store";
import { repointSide } from "@/lib/connections/hold-store";
import { connectionInput, instanceInput } from "@/lib/connections/schema";
import type { Db } from "@/lib/db/database";
import { readGateStatus } from "@/lib/gate/status-store";
import { readActivation } from "@/lib/identity/activation-store";
import { listQueue } from "@/lib/sync-queue/browse-store";
import { test as base, type Connected } from "@/lib/testing/connected";
import { pollDueSides } from "@/lib/worker/poll";

const ANOTHER_KEY = Buffer.alloc(32, 9);
const TOKEN = "exalate-token";

type Fixtures = {
  /** Polls what is due, as often as a worker that has been woken does: once. */
  pollDue: () => Promise<void>;
  /** A webhook of the connection about an issue, signed with `secret`. */
  send: (secret: string) => Promise<{ status: number; text: string }>;
};

const shared = globalThis as unknown as { exalateDb?: unknown; exalatePool?: unknown };

const test = base.extend<Fixtures>({
  pollDue: async ({ db, pool }, use) => {
    const network = new Agent();
    const env = { POLL_INTERVAL_MS: 3_600_000, WRITE_TIMEOUT_MS: 3_000 };
    await use(() => pollDueSides({ db, pool, network, env, isOver: () => false }));
    await network.destroy();
  },
  send: async ({ connected, db, pool }, use) => {
    shared.exalateDb = db;
    shared.exalatePool = pool;
    await use(async (secret) => {
      const body = JSON.stringify({
        webhookEvent: "jira:issue_updated",
        timestamp: 1_790_000_000_000,
        issue_event_type_name: "issue_updated",
        user: { displayName: "Mia" },
        issue: { id: "10001", fields: {} },
        changelog: { id: "77", items: [] },
      });
      const hmac = createHmac("sha256", secret).update(body).digest("hex");
      const connection = String(connected.connectionId);
      const response = await webhook(
        new Request(`https://console.example.com/api/webhooks/${connection}?side=local`, {
          method: "POST",
          body,
          headers: { "x-hub-signature": `sha256=${hmac}` },
        }),
        { params: Promise.resolve({ connection }) },
      );
      return { status: response.status, text: await response.text() };
    });
    delete shared.exalateDb;
    delete shared.exalatePool;
  },
});

/** As in a database that was copied without its key. */
async function sealElsewhere(db: Db, instanceName: string): Promise<number> {
  const secret = seal(ANOTHER_KEY, TOKEN, secretContext(instanceName));
  const { id } = await db.instance.update({ where: { name: instanceName }, data: { secret } });
  return id;
}

async function sealWebhooksElsewhere(db: Db, { connectionId, webhookSecret }: Connected) {
  const { name } = await db.connection.findUniqueOrThrow({ where: { id: connectionId } });
  await db.connection.update({
    where: { id: connectionId },
    data: { webhookSecret: seal(ANOTHER_KEY, webhookSecret, webhookContext(name)) },
  });
}

/** A second connection between the same Jiras, with instances and tokens of its own. */
async function another(db: Db, { production, partner, simulators }: Connected): Promise<number> {
  for (const [client, { baseUrl }, key] of [
    [production, simulators.production, "OURS"],
    [partner, simulators.partner, "THEIRS"],
  ] as const) {
    await client.createProject({ key });
    await createInstance(db, instanceInput.parse({ name: key, baseUrl, token: TOKEN }), "ada");
  }
  const input = connectionInput.parse({
    name: "Second",
    local: { instance: "OURS", project: "OURS", trigger: "labels = second" },
    remote: { instance: "THEIRS", project: "THEIRS" },
  });
  return (await createConnection(db, input, "ada")).id;
}

const make = (connected: Connected, project: string, label = "sync") =>
  connected.production
    .as("mia-token")
    .createIssue({ project, summary: `One of ${project}`, labels: [label] });

const errorOf = async (db: Db, id: number) =>
  (await db.connection.findUniqueOrThrow({ where: { id } })).errorCode;

describe("what this node's key does not open", () => {
  test("is nothing on the node that sealed it", async ({ connected: _, db }) => {
    expect(await readUnreadable(db)).toEqual({ instances: [], webhooks: [] });
  });

  test("is named, instance by instance and connection by connection", async ({ connected, db }) => {
    await another(db, connected);
    const id = await sealElsewhere(db, "PROD");
    await sealWebhooksElsewhere(db, connected);
    expect(await readUnreadable(db)).toEqual({
      instances: [{ id, name: "PROD" }],
      webhooks: [{ id: connected.connectionId, name: "Acme partner" }],
    });
  });

  test("is not asked for where no connection looks any more", async ({ connected, db }) => {
    await sealElsewhere(db, "ACME");
    await repointSide(db, {
      id: connected.connectionId,
      side: "remote",
      instance: { name: "Test", baseUrl: connected.simulators.partner.baseUrl, token: TOKEN },
      project: "ACME",
      by: "ada",
    });
    expect(await readUnreadable(db)).toEqual({ instances: [], webhooks: [] });
  });
});

describe("an access token that an instance rejects", () => {
  test("stops its connection, which names the instance, until a new one is entered", async ({
    connected,
    db,
    pollDue,
  }) => {
    await make(connected, "PROD");
    await connected.production.createUser({ name: "exalate", token: "the-next-token" });
    await pollDue();
    const { stoppedConnections } = await readGateStatus(db);
    expect(stoppedConnections).toMatchObject([
      { code: "credentials_rejected", message: expect.stringMatching(/^PROD: .*access token/) },
    ]);
    const { rejectedTokens } = await readActivation(db, 15_000);
    expect(rejectedTokens).toMatchObject([{ name: "PROD" }, { name: "ACME" }]);

    const instanceId = rejectedTokens[0]?.id ?? 0;
    await renewToken(db, { instanceId, token: "the-next-token", by: "ada" });
    expect((await readActivation(db, 15_000)).rejectedTokens).toEqual([]);
    await pollDue();
    expect(await db.pair.findMany()).toMatchObject([{ localKey: "PROD-1" }]);
  });
});

describe("an access token that cannot be opened", () => {
  test("stops its connection only: the others are polled, and every page can be read", async ({
    connected,
    db,
    pollDue,
  }) => {
    const second = await another(db, connected);
    const instanceId = await sealElsewhere(db, "PROD");
    await make(connected, "PROD");
    await make(connected, "OURS", "second");
    await pollDue();
    expect(await errorOf(db, connected.connectionId)).toBe("credentials_unreadable");
    expect(await errorOf(db, second)).toBeNull();
    expect(await db.pair.findMany()).toMatchObject([{ connectionId: second, localKey: "OURS-1" }]);

    expect(await listQueue(db, { sort: "oldest" })).toMatchObject({ rows: [{}] });
    expect(await readActivation(db, 15_000)).toMatchObject({
      unreadable: { instances: [{ id: instanceId, name: "PROD" }], webhooks: [] },
      waiting: [{ connection: { id: second } }],
    });
    expect(await readGateStatus(db)).toMatchObject({
      waiting: 1,
      stoppedConnections: [{ id: connected.connectionId, code: "credentials_unreadable" }],
    });
  });

  test("lets the connection go on at once when it is entered again, and nothing is missed", async ({
    connected,
    db,
    pool,
    pollDue,
  }) => {
    const instanceId = await sealElsewhere(db, "PROD");
    await make(connected, "PROD");
    await pollDue();
    expect(await db.pair.count()).toBe(0);
    const listener = await pool.connect();
    const woken = new Promise((resolve) =>
      listener.on("notification", ({ channel }) => channel === "sync_wake" && resolve(channel)),
    );
    await listener.query("listen sync_wake");
    await renewToken(db, { instanceId, token: TOKEN, by: "ada" });
    await woken;
    listener.release(true);
    expect(await errorOf(db, connected.connectionId)).toBeNull();
    expect(await readUnreadable(db)).toEqual({ instances: [], webhooks: [] });
    await pollDue();
    expect(await db.pair.findMany()).toMatchObject([{ localKey: "PROD-1" }]);
    expect(await db.audit.findFirstOrThrow({ orderBy: { id: "desc" } })).toMatchObject({
      action: "instance.token_renewed",
      actor: "ada",
      subject: "PROD",
      detail: {},
    });
  });

  test("that was stopped over again for the other side is not thought to be mended", async ({
    connected,
    db,
    pollDue,
  }) => {
    const instanceId = await sealElsewhere(db, "PROD");
    await sealElsewhere(db, "ACME");
    await pollDue();
    await renewToken(db, { instanceId, token: TOKEN, by: "ada" });
    await pollDue();
    const { errorCode, errorMessage } = await db.connection.findFirstOrThrow();
    expect(errorCode).toBe("credentials_unreadable");
    expect(errorMessage).toContain("ACME");
    expect((await readUnreadable(db)).instances).toMatchObject([{ name: "ACME" }]);
    expect(connected.connectionId).toBe((await db.connection.findFirstOrThrow()).id);
  });

  test("is forgotten by what stopped for its instance only", async ({ connected, db }) => {
    const second = await another(db, connected);
    const instanceId = await sealElsewhere(db, "PROD");
    const stop = (id: number, errorCode: string) =>
      db.connection.update({ where: { id }, data: { errorCode, errorMessage: "x" } });
    await stop(second, "credentials_unreadable");
    await stop(connected.connectionId, "another_instance");
    await renewToken(db, { instanceId, token: TOKEN, by: "ada" });
    expect(await errorOf(db, second)).toBe("credentials_unreadable");
    expect(await errorOf(db, connected.connectionId)).toBe("another_instance");
    await stop(connected.connectionId, "credentials_rejected");
    await renewToken(db, { instanceId, token: TOKEN, by: "ada" });
    expect(await errorOf(db, connected.connectionId)).toBeNull();
  });
});

describe("a webhook secret that cannot be opened", () => {
  test("is said to whoever sends, until it is renewed; polling finds the changes meanwhile", async ({
    connected,
    db,
    pollDue,
    send,
  }) => {
    await sealWebhooksElsewhere(db, connected);
    const refused = await send(connected.webhookSecret);
    expect(refused.status).toBe(503);
    expect(refused.text).toMatch(/has to be renewed: POST .*webhook-secrets/);
    expect(await db.change.count()).toBe(0);

    await make(connected, "PROD");
    await pollDue();
    expect(await db.pair.findMany()).toMatchObject([{ localKey: "PROD-1" }]);
    expect(await errorOf(db, connected.connectionId)).toBeNull();

    const { webhookSecret } = await renewWebhookSecret(db, {
      connectionId: connected.connectionId,
      by: "ada",
    });
    expect((await readUnreadable(db)).webhooks).toEqual([]);
    expect((await send(webhookSecret)).status).toBe(200);
    expect((await send(connected.webhookSecret)).status).toBe(401);
  });
});
