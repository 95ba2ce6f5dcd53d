import type pg from "pg";
import { Agent } from "undici";
import { describe, expect, vi } from "vitest";
import { type SimulatorClient, simulatorClient } from "@/e2e/simulators/jira-data-center/client";
import { VERSIONS, type Version } from "@/e2e/simulators/jira-data-center/personality";
import { type Simulator, startJiraSimulator } from "@/e2e/simulators/jira-data-center/server";
import { addressKey } from "@/lib/access/webhook-secret";
import { createConnection, createInstance } from "@/lib/connections/connection-store";
import { renewWebhookSecret } from "@/lib/connections/credential-store";
import { connectionInput, instanceInput } from "@/lib/connections/schema";
import { type Want, webhookName } from "@/lib/connections/webhook-rules";
import { readWebhooks, wantWebhook } from "@/lib/connections/webhook-store";
import type { Db } from "@/lib/db/database";
import { activate, deactivate, readGate } from "@/lib/gate/gate-store";
import { test as base } from "@/lib/testing/database";
import { newLife, seedWorker } from "@/lib/testing/queue";
import { keepWebhooks } from "@/lib/worker/webhooks";

vi.stubEnv("SECRET_KEY", Buffer.alloc(32, 1).toString("base64"));

const CONSOLE = "https://sync.example.com";
const WRITE_TIMEOUT_MS = 2_000;

type Bench = {
  connectionId: number;
  secret: string;
  simulator: Simulator;
  control: SimulatorClient;
  /** What a person wants of the local side's webhook. */
  want(want: Want): Promise<void>;
  /** One round of a worker; with another pool, of one that dies. */
  round(workersPool?: pg.Pool): Promise<void>;
  open(): Promise<unknown>;
  /** The local side, as its page shows it. */
  side(): Promise<Side>;
  /** What is registered at the Jira. */
  registered(): Promise<Registered[]>;
};
type Side = NonNullable<Awaited<ReturnType<typeof readWebhooks>>>["sides"][number];
type Registered = { name: string; url: string; events: string[] };
type Starting = { version?: Version; isAdministrator?: boolean };
type Fixtures = { start: (options?: Starting) => Promise<Bench> };

const test = base.extend<Fixtures>({
  start: async ({ db, pool }, use) => {
    const network = new Agent();
    const stops: (() => Promise<unknown>)[] = [];
    await use(async ({ version = "10.3", isAdministrator = true } = {}) => {
      const simulator = await startJiraSimulator({ name: "production", version });
      stops.push(() => simulator.stop());
      const control = simulatorClient(simulator.baseUrl);
      await control.createUser({ name: "exalate", admin: isAdministrator });
      for (const key of ["PROD", "ACME"]) await control.createProject({ key });
      const token = "exalate-token";
      await createInstance(
        db,
        instanceInput.parse({ name: "Jira", baseUrl: simulator.baseUrl, token }),
        "ada",
      );
      const made = await createConnection(
        db,
        connectionInput.parse({
          name: "Acme partner",
          local: { instance: "Jira", project: "PROD" },
          remote: { instance: "Jira", project: "ACME" },
        }),
        "ada",
      );
      await db.claim.updateMany({ data: { state: "no_place" } });
      const workerId = await seedWorker(db, await newLife(db));
      const { id: connectionId, webhookSecret: secret } = made;
      const path = version === "9.12" ? "/webhooks/1.0/webhook" : "/jira-webhook/1.0/webhooks";
      return {
        connectionId,
        secret,
        simulator,
        control,
        want: (want) =>
          wantWebhook(db, {
            id: connectionId,
            side: "local",
            want,
            consoleUrl: CONSOLE,
            by: "ada",
          }),
        async round(workersPool = pool) {
          await pool.query(
            "update webhook set lent_until = null, try_at = null, due_at = sync_now()",
          );
          const { fence } = await readGate(db);
          const env = { WRITE_TIMEOUT_MS, CONSOLE_URL: CONSOLE };
          await keepWebhooks({ db, pool: workersPool, network, env, workerId, fence });
        },
        open: async () => activate(db, { fence: (await readGate(db)).fence, by: "ada" }),
        async side() {
          const page = await readWebhooks(db, connectionId, CONSOLE);
          const local = page?.sides.find(({ side }) => side === "local");
          if (!local) throw new Error("the connection is gone");
          return local;
        },
        async registered() {
          const { body } = await control.as("admin-token").call("GET", path);
          return body as Registered[];
        },
      };
    });
    await network.destroy();
    for (const stop of stops) await stop();
  },
});

class Died extends Error {}

/** The pool of a worker that dies when it would say a thing to the database. */
function dyingAt(pool: pg.Pool, words: string): pg.Pool {
  const query = (text: string, values?: unknown[]) =>
    text.includes(words) ? Promise.reject(new Died(words)) : pool.query(text, values);
  return new Proxy(pool, {
    get: (target, name) => (name === "query" ? query : Reflect.get(target, name)),
  });
}

/** The dead worker's write can no longer land. */
const longAfter = (pool: pg.Pool) =>
  pool.query("update permit set deadline_at = sync_now() - interval '1 minute'");

async function becomeCopy(db: Db): Promise<void> {
  await db.$executeRaw`update node set copy_of = identity, identity = gen_random_uuid()`;
}

describe.for(VERSIONS)("a webhook at Jira %s that somebody wants", (version) => {
  test("waits for an activation, and is registered once by it, with a permit", async ({
    db,
    start,
  }) => {
    const bench = await start({ version });
    await bench.want("register");
    await bench.round();
    expect(await bench.registered()).toEqual([]);
    expect(await bench.control.writes()).toEqual([]);
    expect((await bench.side()).wish).toMatchObject({ want: "register", waitsFor: "activation" });

    await bench.open();
    await bench.round();
    const address = `${CONSOLE}/api/webhooks/${bench.connectionId}?side=local`;
    const key = addressKey(bench.secret);
    const url = version === "9.12" ? `${address}&key=${key}` : address;
    expect(await bench.registered()).toMatchObject([{ url }]);
    expect(await bench.side()).toMatchObject({
      wish: null,
      failure: null,
      registeredAt: expect.any(String),
      signs: version !== "9.12",
      found: [{ whose: "ours", address, lacks: null }],
    });
    const [write, ...more] = await bench.control.writes();
    expect(more).toEqual([]);
    const permit = await db.permit.findUniqueOrThrow({
      where: { id: write?.headers["x-sync-permit"] ?? "" },
    });
    expect(permit).toMatchObject({ kind: "webhook", outcome: "applied", pairId: null });
    expect(JSON.stringify(permit)).not.toContain(bench.secret);
    expect(JSON.stringify(permit)).not.toContain(key);

    // Wanted once more, it is there already.
    await bench.want("register");
    await bench.round();
    expect(await bench.control.writes()).toHaveLength(1);
    expect((await bench.side()).wish).toBeNull();
  });

  test("is removed on wish, and those of other addresses are left alone", async ({ start }) => {
    const bench = await start({ version });
    const elsewhere = { url: "https://ci.example.com/hook", name: "CI" };
    const call = bench.control.as("admin-token");
    const events = ["jira:issue_created"];
    if (version === "9.12")
      await call.call("POST", "/webhooks/1.0/webhook", { ...elsewhere, events });
    else await call.createWebhook({ ...elsewhere, events });
    await bench.open();
    await bench.want("register");
    await bench.round();
    expect(await bench.registered()).toHaveLength(2);
    await bench.want("remove");
    await bench.round();
    expect(await bench.registered()).toMatchObject([elsewhere]);
    expect(await bench.side()).toMatchObject({ wish: null, registeredAt: null, found: [] });
  });

  test("is not doubled when its worker died after the write and before the record", async ({
    pool,
    start,
  }) => {
    const bench = await start({ version });
    await bench.open();
    await bench.want("register");
    await expect(bench.round(dyingAt(pool, "settle_permit"))).rejects.toThrow(Died);
    expect(await bench.registered()).toHaveLength(1);
    await longAfter(pool);
    await bench.round();
    await bench.round();
    expect(await bench.registered()).toHaveLength(1);
    expect(await bench.side()).toMatchObject({
      wish: null,
      found: [{ whose: "ours", lacks: null }],
    });
  });
});

describe("registering a webhook", () => {
  test("whose answer was lost, and which lands late, is not done a second time meanwhile", async ({
    pool,
    start,
  }) => {
    const bench = await start();
    await bench.open();
    await bench.want("register");
    await bench.control.setFaults({
      landAfterBreak: { next: 1, afterMs: 600, match: "POST /rest/jira-webhook/*" },
    });
    await bench.round();
    expect((await bench.side()).failure).toMatchObject({ code: "write_unanswered" });
    await bench.round();
    expect(await bench.control.writes()).toHaveLength(1);
    await vi.waitFor(async () => expect(await bench.registered()).toHaveLength(1), 5_000);
    await longAfter(pool);
    await bench.round();
    expect(await bench.registered()).toHaveLength(1);
    expect(await bench.side()).toMatchObject({ wish: null, failure: null });
  });

  test("is refused by a gate that closes after the look and before the write", async ({
    db,
    pool,
    start,
  }) => {
    const bench = await start();
    await bench.open();
    await bench.want("register");
    const closing = new Proxy(pool, {
      get: (target, name) =>
        name === "query"
          ? async (text: string, values?: unknown[]) => {
              if (text.includes("grant_webhook_permit")) await deactivate(db, { by: "bob" });
              return pool.query(text, values);
            }
          : Reflect.get(target, name),
    });
    await bench.round(closing);
    expect(await bench.control.writes()).toEqual([]);
    expect(await db.permit.count()).toBe(0);
    expect((await bench.side()).wish).toMatchObject({ waitsFor: "activation" });
  });

  test.for([
    ["another scope", "scope", "update gate set scope = '{4711}'"],
    ["a pause", "resumption", "update connection set paused_at = sync_now()"],
    ["a hold", "release", "update connection set held_sides = '{local}'"],
    ["a sign of life that is not ours", "sign_of_life", "update claim set state = 'foreign'"],
  ] as const)("waits behind %s, and says so", async ([, waitsFor, statement], { pool, start }) => {
    const bench = await start();
    await bench.open();
    await bench.want("register");
    await pool.query(statement);
    await bench.round();
    expect(await bench.control.writes()).toEqual([]);
    expect((await bench.side()).wish).toMatchObject({ waitsFor });
  });

  test("by an account that is no administrator is refused in Jira's words, and not tried all day", async ({
    start,
  }) => {
    const bench = await start({ isAdministrator: false });
    await bench.open();
    await bench.want("register");
    await bench.round();
    expect(await bench.side()).toMatchObject({
      wish: null,
      trouble: { code: "field_rejected", message: expect.stringMatching(/Administrator/) },
      failure: { code: "field_rejected", message: expect.stringMatching(/Administrator/) },
    });
    expect(await bench.control.writes()).toEqual([]);
  });

  test("goes on by itself when the instance answers again", async ({ start }) => {
    const bench = await start();
    await bench.open();
    await bench.want("register");
    await bench.control.setFaults({ status: { next: 1, code: 503 } });
    await bench.round();
    expect(await bench.side()).toMatchObject({
      wish: { want: "register" },
      failure: { code: "instance_failing" },
    });
    await bench.round();
    expect(await bench.side()).toMatchObject({ wish: null, failure: null, trouble: null });
    expect(await bench.registered()).toHaveLength(1);
  });

  test("is taken back by the person before anything was sent", async ({ start }) => {
    const bench = await start();
    await bench.want("register");
    await bench.want("as_it_is");
    await bench.open();
    await bench.round();
    expect(await bench.control.writes()).toEqual([]);
    expect(await bench.side()).toMatchObject({ wish: null, found: [] });
  });

  test("puts right in its place what somebody registered by hand", async ({ start }) => {
    const bench = await start();
    const url = `${CONSOLE}/api/webhooks/${bench.connectionId}?side=local`;
    const events = ["jira:issue_updated"];
    await bench.control.as("admin-token").createWebhook({ url, events, name: "by hand" });
    await bench.open();
    await bench.round();
    expect((await bench.side()).found).toMatchObject([{ whose: "ours", lacks: "events" }]);
    await bench.want("register");
    await bench.round();
    expect(await bench.registered()).toHaveLength(1);
    expect((await bench.side()).found).toMatchObject([{ whose: "ours", lacks: null }]);
  });

  test("is due again when the secret is another one, and brings it there", async ({
    db,
    start,
  }) => {
    const bench = await start();
    await bench.open();
    await bench.want("register");
    await bench.round();
    await db.webhook.updateMany({ data: { heardAt: new Date() } });
    await renewWebhookSecret(db, { connectionId: bench.connectionId, by: "ada" });
    expect((await bench.side()).heardAt).toBeNull();
    expect((await bench.side()).found).toMatchObject([{ lacks: "secret" }]);
    await bench.want("register");
    await bench.round();
    const methods = (await bench.control.writes()).map(({ method }) => method);
    expect(methods).toEqual(["POST", "PUT"]);
    expect((await bench.side()).found).toMatchObject([{ lacks: null }]);
  });
});

describe("a copy of a node", () => {
  test("shows the original's registration, carries out nothing that the original wanted, and touches nothing", async ({
    db,
    start,
  }) => {
    const bench = await start();
    await bench.open();
    await bench.want("register");
    await bench.round();
    const { identity } = await db.node.findFirstOrThrow();
    await bench.want("remove");
    await becomeCopy(db);
    await bench.control.clearWrites();
    await bench.round();
    expect(await bench.control.writes()).toEqual([]);
    const shown = await readWebhooks(db, bench.connectionId, "https://copy.example.com");
    expect(shown?.sides[0]).toMatchObject({
      wish: null,
      registeredAt: null,
      found: [{ whose: "original", address: expect.stringContaining(CONSOLE) }],
    });

    // Its own registration stands beside the original's, under a name of its own.
    const { connectionId: id } = bench;
    const consoleUrl = "https://copy.example.com";
    await wantWebhook(db, { id, side: "local", want: "register", consoleUrl, by: "ada" });
    await bench.round();
    expect((await bench.registered()).map(({ url }) => new URL(url).host).toSorted()).toEqual([
      "copy.example.com",
      "sync.example.com",
    ]);
    const names = (await bench.registered()).map(({ name }) => name);
    const original = { connectionId: id, connectionName: "Acme partner", side: "local" } as const;
    expect(names).toContain(webhookName({ ...original, address: "", identity, copyOf: null }));
    expect(new Set(names).size).toBe(2);
  });
});
