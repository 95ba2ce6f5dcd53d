import type pg from "pg";
import { describe, expect } from "vitest";
import type { Db } from "@/lib/db/database";
import { discard } from "@/lib/sync-queue/queue-store";
import { lendForSweep } from "@/lib/sync-queue/sweep-store";
import { test as base, type Connected } from "@/lib/testing/connected";
import { connectionContexts } from "@/lib/worker/contexts";
import { planAhead } from "@/lib/worker/plan-ahead";
import { sweepSome } from "@/lib/worker/sweep";

const HOUR_MS = 3_600_000;
const PACE = { aMinute: 30, restMs: HOUR_MS };

type Fixtures = {
  /** A linked pair in step that has left the queue. */
  pair: { id: number; localKey: string; remoteKey: string };
  sweep: () => Promise<number>;
};

const test = base.extend<Fixtures>({
  pair: async ({ db, pool, connected }, use) => {
    await db.connection.updateMany({
      data: { mapping: { fields: { status: "none", priority: "none" } } },
    });
    await use(await linked(db, pool, connected, "Same"));
  },
  sweep: async ({ db, pool, connected }, use) => {
    const contexts = openContexts(db, pool, connected);
    await use(() =>
      sweepSome({
        pool,
        pace: PACE,
        context: (id) => contexts.get(id),
        stopped: async (_id, error) => {
          throw error;
        },
        isOver: () => false,
      }),
    );
  },
});

function openContexts(db: Db, pool: pg.Pool, { network }: Connected) {
  const env = { WRITE_TIMEOUT_MS: 500, INDEX_LAG_MS: 0 } as never;
  return connectionContexts(db, pool, network, env);
}

async function linked(db: Db, pool: pg.Pool, connected: Connected, summary: string) {
  const local = await connected.production
    .as("mia-token")
    .createIssue({ project: "PROD", summary });
  const remote = await connected.partner.as("mia-token").createIssue({ project: "ACME", summary });
  const id = await connected.link(local.key, remote.key);
  await planAll(db, pool, connected);
  return { id, localKey: local.key, remoteKey: remote.key };
}

async function planAll(db: Db, pool: pg.Pool, connected: Connected) {
  const context = await openContexts(db, pool, connected).get(connected.connectionId);
  for (const entry of await db.queueEntry.findMany()) await planAhead(context, entry);
}

/** As if so much time had gone by since all pairs were looked at. */
const letRest = (pool: pg.Pool, ms: number) =>
  pool.query("update pair set swept_at = swept_at - $1 * interval '1 millisecond'", [ms]);

describe("what no change feed tells is found by the sweep", () => {
  test("an edit that neither a webhook nor a poll told of waits in the queue, after edits that were heard of", async ({
    db,
    connected,
    pair,
    sweep,
  }) => {
    await connected.partner.as("mia-token").editIssue(pair.remoteKey, { summary: "Edited there" });
    expect(await db.queueEntry.count()).toBe(0);
    expect(await sweep()).toBe(1);
    const [entry] = await db.queueEntry.findMany();
    expect(entry).toMatchObject({ pairId: pair.id, state: "queued", priority: 1 });
    expect(await db.change.findFirst({ orderBy: { id: "desc" } })).toMatchObject({
      via: "sweep",
      side: "remote",
      kind: "updated",
    });
  });

  test("an issue that was deleted is told as gone, and nothing is deleted for it", async ({
    db,
    pool,
    connected,
    pair,
    sweep,
  }) => {
    await connected.partner.as("mia-token").deleteIssue(pair.remoteKey);
    await sweep();
    await planAll(db, pool, connected);
    expect(await db.queueEntry.findFirst()).toMatchObject({
      pairId: pair.id,
      errorCode: "issue_gone",
      errorMessage: expect.stringContaining(pair.remoteKey),
    });
    expect((await connected.production.as("mia-token").getIssue(pair.localKey)).key).toBe(
      pair.localKey,
    );
  });
});

describe("an issue that is gone", () => {
  const gone = (db: Db) =>
    db.goneIssue.findMany({ select: { side: true, looks: true, how: true, deletedAt: true } });
  const nextRound = async (pool: pg.Pool) => {
    await letRest(pool, 2 * HOUR_MS);
    await pool.query("update connection set sweep_began_at = sweep_began_at - interval '2 hours'");
  };

  test("is noticed by one sweep, counts as deleted after the second, and is never deleted at the other side", async ({
    db,
    pool,
    connected,
    pair,
    sweep,
  }) => {
    await linked(db, pool, connected, "Another");
    await connected.partner.as("mia-token").deleteIssue(pair.remoteKey);
    await sweep();
    expect(await gone(db)).toEqual([{ side: "remote", looks: 1, how: null, deletedAt: null }]);
    await planAll(db, pool, connected);
    await nextRound(pool);
    await sweep();
    expect(await gone(db)).toEqual([
      { side: "remote", looks: 2, how: "second_sweep", deletedAt: expect.any(Date) },
    ]);
    expect(await db.queueEntry.count()).toBe(1);
    expect(await db.change.count({ where: { kind: "deleted", via: "sweep" } })).toBe(1);
    expect(await db.permit.count()).toBe(0);
    expect((await connected.production.as("mia-token").getIssue(pair.localKey)).key).toBe(
      pair.localKey,
    );
  });

  test("counts as deleted at once when its instance told so", async ({
    db,
    pool,
    connected,
    pair,
    sweep,
  }) => {
    await linked(db, pool, connected, "Another");
    const { remoteIssueId } = await db.pair.findUniqueOrThrow({ where: { id: pair.id } });
    await connected.partner.as("mia-token").deleteIssue(pair.remoteKey);
    await pool.query(
      "select record_change($1, 'remote', $2, 'deleted', 'webhook', null, null, 'd', 0)",
      [connected.connectionId, remoteIssueId],
    );
    await planAll(db, pool, connected);
    await nextRound(pool);
    await sweep();
    expect(await gone(db)).toMatchObject([{ side: "remote", looks: 1, how: "told" }]);
  });

  test("is not taken for deleted when our account sees no other issue either: its rights may be gone", async ({
    db,
    pool,
    connected,
    pair,
    sweep,
  }) => {
    await linked(db, pool, connected, "Another");
    await connected.partner.createProject({ key: "ACME", visibleTo: ["mia"] });
    await sweep();
    await nextRound(pool);
    await sweep();
    expect(await gone(db)).toEqual([]);
    expect(await db.queueEntry.count()).toBe(2);
    expect(pair.id).toBeGreaterThan(0);
  });

  test("that is back is there again", async ({ db, pool, connected, pair, sweep }) => {
    await linked(db, pool, connected, "Another");
    await db.goneIssue.create({ data: { pairId: pair.id, side: "remote", noticedAt: new Date() } });
    await sweep();
    expect(await gone(db)).toEqual([]);
  });
});

test("an issue that was moved keeps its pair under its new key, and the history says so", async ({
  db,
  connected,
  pair,
  sweep,
}) => {
  await connected.partner.createProject({ key: "OPS" });
  const { key } = await connected.partner.move(pair.remoteKey, "OPS");
  await sweep();
  expect(await db.pair.findUniqueOrThrow({ where: { id: pair.id } })).toMatchObject({
    remoteKey: key,
    stoppedAt: null,
  });
  expect(
    await db.run.findFirst({ where: { pairId: pair.id }, orderBy: { id: "desc" } }),
  ).toMatchObject({ words: `${pair.remoteKey} was moved: it is ${key} now` });
});

test("a pair in step costs its two reads and leaves no trace in the queue", async ({
  db,
  pair,
  sweep,
}) => {
  const before = await db.pair.findUniqueOrThrow({ where: { id: pair.id } });
  await sweep();
  const after = await db.pair.findUniqueOrThrow({ where: { id: pair.id } });
  expect(await db.queueEntry.count()).toBe(0);
  expect({ ...after, sweptAt: null }).toEqual({ ...before, sweptAt: null });
  expect(after.sweptAt).not.toBeNull();
});

test("what a person took off the queue without sending stays off", async ({
  db,
  pool,
  connected,
  pair,
  sweep,
}) => {
  await connected.partner.as("mia-token").editIssue(pair.remoteKey, { summary: "Not wanted" });
  await sweep();
  const [entry] = await db.queueEntry.findMany();
  await discard(db, [entry?.id ?? 0], { by: "ada", reason: "not wanted" });
  await letRest(pool, 2 * HOUR_MS);
  await pool.query("update connection set sweep_began_at = sweep_began_at - interval '2 hours'");
  expect(await sweep()).toBe(0);
  expect(await db.queueEntry.count()).toBe(0);
  expect(connected.connectionId).toBe(entry?.connectionId);
});

describe("its pace", () => {
  test("is so many pairs a minute, and none twice before it has rested", async ({
    db,
    pool,
    connected,
    pair,
  }) => {
    for (const name of ["Second", "Third"]) await linked(db, pool, connected, name);
    const slow = { aMinute: 2, restMs: HOUR_MS };
    expect(await lendForSweep(pool, 10, slow)).toHaveLength(2);
    expect(await lendForSweep(pool, 10, slow)).toHaveLength(0);
    await letRest(pool, 61_000);
    const third = await lendForSweep(pool, 10, slow);
    expect(third).toHaveLength(1);
    expect(third[0]?.pairId).not.toBe(pair.id);
    await letRest(pool, 61_000);
    expect(await lendForSweep(pool, 10, slow)).toHaveLength(0);
  });

  test("shows how far the round has come, and when the last whole one ended", async ({
    db,
    pool,
    connected,
    pair,
  }) => {
    await linked(db, pool, connected, "Second");
    const one = { aMinute: 1, restMs: HOUR_MS };
    const round = async () => {
      const { sweepBeganAt, sweepEndedAt } = await db.connection.findFirstOrThrow();
      return {
        done: await db.pair.count({ where: { sweptAt: { gte: sweepBeganAt ?? new Date() } } }),
        sweepEndedAt,
      };
    };
    await lendForSweep(pool, 10, one);
    expect(await round()).toEqual({ done: 1, sweepEndedAt: null });
    await letRest(pool, 61_000);
    await pool.query(
      "update connection set sweep_began_at = sweep_began_at - interval '61 seconds'",
    );
    await lendForSweep(pool, 10, one);
    expect((await round()).done).toBe(2);
    await pool.query("update pair set swept_at = sync_now() - interval '61 minutes'");
    await pool.query("update connection set sweep_began_at = sync_now() - interval '2 hours'");
    await lendForSweep(pool, 10, one);
    expect((await round()).sweepEndedAt).not.toBeNull();
    expect(pair.id).toBeGreaterThan(0);
  });

  test("two workers never look at the same pair", async ({ db, pool, connected, pair }) => {
    for (const name of ["Second", "Third", "Fourth"]) await linked(db, pool, connected, name);
    const lent = (await Promise.all([1, 2, 3].map(() => lendForSweep(pool, 2, PACE)))).flat();
    expect(new Set(lent.map(({ pairId }) => pairId)).size).toBe(lent.length);
    expect(pair.id).toBeGreaterThan(0);
  });

  test("leaves alone what is held, stopped, unverified or in the queue already", async ({
    db,
    pool,
    connected,
    pair,
  }) => {
    await db.connection.updateMany({ data: { heldSides: ["remote"] } });
    expect(await lendForSweep(pool, 5, PACE)).toEqual([]);
    await db.connection.updateMany({ data: { heldSides: [], errorCode: "instance_unreachable" } });
    expect(await lendForSweep(pool, 5, PACE)).toEqual([]);
    await db.connection.updateMany({ data: { errorCode: null } });
    await db.pair.updateMany({ data: { remoteUnverified: true } });
    expect(await lendForSweep(pool, 5, PACE)).toEqual([]);
    await db.pair.updateMany({ data: { remoteUnverified: false, sweptAt: null } });
    expect(await lendForSweep(pool, 5, PACE)).toEqual([
      { pairId: pair.id, connectionId: connected.connectionId },
    ]);
  });
});
