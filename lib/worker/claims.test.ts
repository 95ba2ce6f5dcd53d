import { randomUUID } from "node:crypto";
import pg from "pg";
import { describe, expect, vi } from "vitest";
import { connectPool, connectPrisma, type Db } from "@/lib/db/database";
import { activate, readGate } from "@/lib/gate/gate-store";
import { readActivation } from "@/lib/identity/activation-store";
import { takeOver } from "@/lib/identity/take-over-store";
import { type Connected, test } from "@/lib/testing/connected";
import { newLife, seedWorker } from "@/lib/testing/queue";
import { keepClaims } from "@/lib/worker/claims";

const PERIOD_MS = 120;

/** A node's part in the claims, done by hand: looks when it is told to. */
async function node(db: Db, pool: pg.Pool, connected: Connected, periodMs = PERIOD_MS) {
  const { incarnation } = await newLife(db);
  const workerId = await seedWorker(db, { incarnation, epoch: 0 });
  const look = async () => {
    await pool.query("update claim set due_at = sync_now(), lent_until = null");
    await keepClaims({
      db,
      pool,
      network: connected.network,
      env: { CLAIM_PERIOD_MS: periodMs, WRITE_TIMEOUT_MS: 2_000 },
      workerId,
      incarnation,
      gate: await readGate(db),
      console: ["https", "sync", "example", "com"],
    });
  };
  return {
    incarnation,
    look,
    open: async () => {
      const { fence } = await readGate(db);
      return activate(db, { fence, by: "ada" });
    },
    states: async () => {
      const claims = await db.claim.findMany({ orderBy: { instanceId: "asc" } });
      return claims.map(({ state }) => state);
    },
    /** Looks until all its claims are in a state. */
    until: (state: string) =>
      vi.waitFor(
        async () => {
          await look();
          const claims = await db.claim.findMany();
          expect(claims.map((claim) => claim.state)).toEqual(claims.map(() => state));
        },
        { timeout: 10_000, interval: 30 },
      ),
    /** Looks until it has renewed all its claims. */
    renew: async () => {
      const nonces = async () => {
        const claims = await db.claim.findMany({ orderBy: { instanceId: "asc" } });
        return claims.map(({ lastNonce }) => lastNonce);
      };
      const before = await nonces();
      await vi.waitFor(
        async () => {
          await look();
          for (const [index, nonce] of (await nonces()).entries())
            expect(nonce).not.toBe(before[index]);
        },
        { timeout: 10_000, interval: 30 },
      );
    },
    findings: async () => {
      const view = await readActivation(db, periodMs);
      return view.claims.map(({ finding }) => finding.kind);
    },
  };
}

/** The same node's database once more, as a template copy makes it, while nobody is connected to the first. */
async function copyOf(url: string, db: Db, pool: pg.Pool) {
  const name = `copy_${randomUUID().slice(0, 8)}`;
  const source = new URL(url).pathname.slice(1);
  const admin = new URL(url);
  admin.pathname = "/postgres";
  const client = new pg.Client({ connectionString: admin.href });
  await client.connect();
  // The copied database's own connections are in the way of a template copy; they come back by themselves.
  await client.query("select pg_terminate_backend(pid) from pg_stat_activity where datname = $1", [
    source,
  ]);
  await client.query(`create database ${name} template ${source}`);
  const target = new URL(url);
  target.pathname = `/${name}`;
  const copy = { db: connectPrisma(target.href), pool: connectPool(target.href) };
  for (const each of [pool, copy.pool]) each.on("error", () => undefined);
  await vi.waitFor(() => db.gate.findFirst());
  return {
    ...copy,
    async drop() {
      await copy.db.$disconnect();
      await copy.pool.end();
      await client.query(`drop database ${name} with (force)`);
      await client.end();
    },
  };
}

describe("our sign of life at the instances", () => {
  test("an inactive node only listens; an active one speaks once nothing moved for one and a half periods", async ({
    db,
    pool,
    connected,
  }) => {
    const original = await node(db, pool, connected, 1_500);
    await original.look();
    expect(await original.findings()).toEqual(["listening", "listening"]);
    await vi.waitFor(
      async () => {
        await original.look();
        expect(await original.findings()).toEqual(["free", "free"]);
      },
      { timeout: 10_000, interval: 100 },
    );
    expect(await connected.partner.writes()).toEqual([]);

    await original.open();
    await original.until("held");
    const written = await connected.partner.writes();
    expect(written).toHaveLength(1);
    const permit = await db.permit.findUniqueOrThrow({
      where: { id: written[0]?.headers["x-sync-permit"] ?? "" },
    });
    expect(permit).toMatchObject({ kind: "claim", outcome: "applied", pairId: null });
    expect(await original.findings()).toEqual(["held", "held"]);
  });

  test("a second life takes its own claim up again without a person", async ({
    db,
    pool,
    connected,
  }) => {
    const first = await node(db, pool, connected);
    await first.open();
    await first.until("held");
    const second = await node(db, pool, connected);
    await second.look();
    expect(await second.states()).toEqual(["listening", "listening"]);
    await vi.waitFor(async () => {
      await second.look();
      expect(await second.findings()).toEqual(["ours", "ours"]);
    });
    await second.open();
    await second.until("held");
  });

  test("a node that could not renew its sign of life writes nothing from the moment on that others may speak", async ({
    db,
    pool,
    connected,
  }) => {
    const original = await node(db, pool, connected);
    await original.open();
    await original.until("held");
    const stands = async () => {
      const { rows } = await pool.query<{ stands: boolean }>(
        "select claim_stands($1, 'remote', $2) as stands",
        [connected.connectionId, original.incarnation],
      );
      return rows[0]?.stands;
    };
    await vi.waitFor(async () => expect(await stands()).toBe(false));
    // Nobody took it meanwhile: it goes on by itself.
    await vi.waitFor(
      async () => {
        await original.look();
        expect(await stands()).toBe(true);
      },
      { timeout: 10_000, interval: 10 },
    );
    expect(await original.states()).toEqual(["held", "held"]);
  });

  test("a renewal that arrives after the one that followed it is still known as ours", async ({
    db,
    pool,
    connected,
  }) => {
    const original = await node(db, pool, connected);
    await original.open();
    await original.until("held");
    const [claim] = await db.claim.findMany({ where: { project: "ACME" } });
    const late = claim?.lastNonce;
    await vi.waitFor(async () => {
      await original.look();
      const now = await db.claim.findFirstOrThrow({ where: { project: "ACME" } });
      expect(now.lastNonce).not.toBe(late);
    });
    const { identity } = await db.node.findFirstOrThrow();
    await connected.partner
      .as("exalate-token")
      .call("PUT", `/api/2/project/ACME/properties/exalate.claim.${identity.slice(0, 8)}`, {
        ...(claim?.seen as object),
        nonce: late,
      });
    await original.look();
    expect(await original.states()).toEqual(["held", "held"]);
  });

  test("a copy that was activated by mistake is stopped by the original's next sign of life, and writes nothing", async ({
    url,
    db,
    pool,
    connected,
  }) => {
    const original = await node(db, pool, connected);
    await original.open();
    await original.until("held");
    const copied = await copyOf(url, db, pool);
    try {
      const copy = await node(copied.db, copied.pool, connected);
      await copy.open();
      await copy.look();
      // The original goes on renewing while the copy listens.
      await original.renew();
      await copy.look();
      expect(await copy.states()).toEqual(["foreign", "foreign"]);
      expect(await copy.findings()).toEqual(["alive", "alive"]);
      const claims = await copied.db.permit.count({
        where: { kind: "claim", incarnation: copy.incarnation },
      });
      expect(claims).toBe(0);
      // It has marked what it found, so that the original stops as well and says why.
      await original.look();
      expect(await original.states()).toEqual(["contested", "contested"]);
    } finally {
      await copied.drop();
    }
  });

  test("an inactive copy finds the original alive, and cannot be activated", async ({
    url,
    db,
    pool,
    connected,
  }) => {
    const original = await node(db, pool, connected);
    await original.open();
    await original.until("held");
    const copied = await copyOf(url, db, pool);
    try {
      const copy = await node(copied.db, copied.pool, connected);
      await copy.look();
      await original.renew();
      await copy.look();
      expect(await copy.findings()).toEqual(["alive", "alive"]);
      expect(await copy.open()).toEqual({ refused: expect.stringContaining("Another node") });
      // The original noticed nothing: a listener only reads.
      await original.look();
      expect(await original.states()).toEqual(["held", "held"]);
    } finally {
      await copied.drop();
    }
  });

  test("a database restored from before the last renewal needs a take-over, which names the instance, and listens again", async ({
    url,
    db,
    pool,
    connected,
  }) => {
    const original = await node(db, pool, connected);
    await original.open();
    await original.until("held");
    const backup = await copyOf(url, db, pool);
    try {
      await original.renew();
      // The original is gone; its backup comes up in its place.
      const restored = await node(backup.db, backup.pool, connected);
      await restored.look();
      expect(await restored.findings()).toEqual(["newer", "newer"]);
      expect(await restored.open()).toEqual({ refused: expect.stringContaining("take over") });

      const claims = await backup.db.claim.findMany({ include: { instance: true } });
      for (const { instanceId, project, instance } of claims) {
        const act = { instanceId, project, by: "ada", reason: "restored" };
        await expect(takeOver(backup.db, { ...act, typedName: "something" })).rejects.toThrow(
          instance.name,
        );
        await takeOver(backup.db, { ...act, typedName: instance.name });
      }
      expect(await backup.db.audit.count({ where: { action: "claim.taken_over" } })).toBe(2);
      expect(await restored.findings()).toEqual(["listening", "listening"]);
      await restored.open();
      await restored.until("held");
    } finally {
      await backup.drop();
    }
  });

  test("after a take-over the other node, should it live, stops at its next look", async ({
    url,
    db,
    pool,
    connected,
  }) => {
    const original = await node(db, pool, connected);
    await original.open();
    await original.until("held");
    const copied = await copyOf(url, db, pool);
    try {
      const copy = await node(copied.db, copied.pool, connected);
      await copy.look();
      await original.renew();
      await copy.look();
      for (const { instanceId, project, instance } of await copied.db.claim.findMany({
        include: { instance: true },
      }))
        await takeOver(copied.db, { instanceId, project, typedName: instance.name, by: "bob" });
      await copy.open();
      // The original is held up for a moment; the copy hears nothing and takes the claim.
      await copy.until("held");
      await original.look();
      expect(await original.states()).toEqual(["foreign", "foreign"]);
    } finally {
      await copied.drop();
    }
  });

  test("where the project takes no property of ours, an issue does, and else our own account", async ({
    db,
    pool,
    connected,
  }) => {
    await connected.partner.createProject({ key: "ACME", administeredBy: ["mia"] });
    const [ours] = await connected.production.seed({ project: "PROD", issues: [{ summary: "a" }] });
    const [theirs] = await connected.partner.seed({ project: "ACME", issues: [{ summary: "a" }] });
    const original = await node(db, pool, connected);
    await original.open();
    await original.until("held");
    const places = () =>
      db.claim.findMany({ orderBy: { instanceId: "asc" }, select: { place: true } });
    expect(await places()).toEqual([{ place: "project" }, { place: "account" }]);

    await connected.link(ours?.key ?? "", theirs?.key ?? "");
    await db.claim.updateMany({
      where: { place: "account" },
      data: { place: null, nonces: [] },
    });
    await connected.partner
      .as("exalate-token")
      .call("DELETE", `/api/2/user/properties/${await accountProperty(db)}?username=exalate`);
    const next = await node(db, pool, connected);
    await next.open();
    await next.until("held");
    expect(await places()).toEqual([{ place: "project" }, { place: "issue" }]);
  });

  test("an instance that takes our sign of life nowhere is written to without it, and the console says so", async ({
    db,
    pool,
    connected,
  }) => {
    await connected.partner.setFaults({
      status: { next: 1_000, code: 400, match: "PUT /rest/api/2/*properties*" },
    });
    const original = await node(db, pool, connected);
    await original.open();
    await vi.waitFor(
      async () => {
        await original.look();
        expect(await original.states()).toEqual(["held", "no_place"]);
      },
      { timeout: 10_000, interval: 30 },
    );
    expect(await original.findings()).toEqual(["held", "no_place"]);
    // Somebody gives us the right: the protection comes back by itself.
    await connected.partner.setFaults({});
    await original.until("held");
  });
});

async function accountProperty(db: Db): Promise<string> {
  const { identity } = await db.node.findFirstOrThrow();
  return `exalate.claim.${identity.slice(0, 8)}.ACME`;
}
