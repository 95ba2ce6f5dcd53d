import type pg from "pg";
import { describe, expect, test as plainTest } from "vitest";
import { bulkBody } from "@/lib/api/schemas";
import type { Db } from "@/lib/db/database";
import { actOnFilter, type BulkAct, undoAct } from "@/lib/sync-queue/bulk-store";
import { hold } from "@/lib/sync-queue/queue-store";
import { claimEntries } from "@/lib/sync-queue/worker-store";
import { test } from "@/lib/testing/database";
import { activeGate, seedQueue, seedWorker } from "@/lib/testing/queue";

const ORIGINAL = "11111111-2222-4333-8444-555555555555";

/** The database's clock, moved on by so much. */
async function letPass(pool: pg.Pool, interval: string): Promise<void> {
  await pool.query(`create or replace function sync_now() returns timestamptz(3) language sql volatile
    as $$ select date_trunc('milliseconds', clock_timestamp() + interval '${interval}')::timestamptz(3) $$`);
}

/** What stands in the queue and in which state, by the number of the pair's issue. */
async function states(db: Db): Promise<Record<string, string>> {
  const entries = await db.queueEntry.findMany({ include: { pair: true }, orderBy: { id: "asc" } });
  return Object.fromEntries(entries.map(({ pair, state }) => [pair.localKey, state]));
}

/** Every entry as it is, to compare, and everything that an act leaves behind. */
async function everything(pool: pg.Pool) {
  const { rows } = await pool.query(`select
    (select jsonb_agg(to_jsonb(e) order by e.id) from queue_entry e) as entries,
    (select count(*)::int from run) as runs, (select count(*)::int from undo) as undos,
    (select count(*)::int from undo_entry) as undo_entries,
    (select count(*)::int from audit where action like 'queue.%') as audits`);
  return rows[0];
}

function act(what: BulkAct["act"], filter: BulkAct["filter"], count: number): BulkAct {
  return { act: what, filter, count, by: "ada" };
}

async function inherit(pool: pg.Pool, entryIds: number[]): Promise<void> {
  await pool.query(
    `update queue_entry set state = 'held', held_by = 'node', held_reason = 'Inherited from the copied node.',
            inherited_from = $2 where id = any ($1)`,
    [entryIds, ORIGINAL],
  );
}

describe("an act on everything that a filter names", () => {
  test("releases what was inherited, and nothing that a person holds here", async ({
    db,
    pool,
  }) => {
    const { entryIds } = await seedQueue(db, { pairs: 4 });
    await inherit(pool, entryIds.slice(0, 2));
    await hold(db, entryIds.slice(2, 3), { by: "bob" });
    await db.queueEntry.updateMany({
      where: { inheritedFrom: ORIGINAL },
      data: { failures: 3, errorCode: "conflict", errorMessage: "x", plannedVersion: 1 },
    });
    expect(await actOnFilter(db, act("release", { inherited: true }, 2))).toMatchObject({
      changed: 2,
    });
    expect(await states(db)).toEqual({
      "PROD-1": "queued",
      "PROD-2": "queued",
      "PROD-3": "held",
      "PROD-4": "queued",
    });
    expect(await db.queueEntry.findFirstOrThrow({ where: { id: entryIds[0] ?? 0 } })).toMatchObject(
      { heldBy: null, heldReason: null, failures: 0, errorCode: null, plannedVersion: null },
    );
  });

  test("discards what was inherited, and says so in each one's history", async ({ db, pool }) => {
    const { entryIds } = await seedQueue(db, { pairs: 3 });
    await inherit(pool, entryIds.slice(0, 2));
    const discarding = { ...act("discard", { inherited: true }, 2), reason: "The original sends" };
    expect(await actOnFilter(db, discarding)).toMatchObject({ changed: 2 });
    expect(await states(db)).toEqual({ "PROD-3": "queued" });
    const runs = await db.run.findMany({ orderBy: { entryId: "asc" } });
    expect(runs.map(({ entryId, outcome, words }) => [entryId, outcome, words])).toEqual(
      entryIds.slice(0, 2).map((id) => [id, "discarded", "The original sends"]),
    );
    expect(await db.pair.count()).toBe(3);
  });

  test("of one connection leaves the other alone", async ({ db }) => {
    const one = await seedQueue(db, { pairs: 2 });
    const other = await seedQueue(db, { pairs: 2 });
    await actOnFilter(db, act("discard", { connection: one.connectionId }, 2));
    const left = await db.queueEntry.findMany({ orderBy: { id: "asc" } });
    expect(left.map(({ id }) => id)).toEqual(other.entryIds);
  });

  test("of one state leaves the others alone", async ({ db }) => {
    const { entryIds } = await seedQueue(db, { pairs: 3 });
    await db.queueEntry.update({ where: { id: entryIds[1] ?? 0 }, data: { state: "failed" } });
    await actOnFilter(db, act("discard", { state: "failed" }, 1));
    expect(await states(db)).toEqual({ "PROD-1": "queued", "PROD-3": "queued" });
  });

  test("finds what it searches for in keys and summaries, letter by letter", async ({ db }) => {
    const { pairIds } = await seedQueue(db, { pairs: 4 });
    const summaries = ["100% done", "100 done", "under_score", "underscore"];
    for (const [index, summary] of summaries.entries())
      await db.pair.update({ where: { id: pairIds[index] ?? 0 }, data: { summary } });
    await actOnFilter(db, act("discard", { q: "100%" }, 1));
    await actOnFilter(db, act("discard", { q: "R_S" }, 1));
    expect(await states(db)).toEqual({ "PROD-2": "queued", "PROD-4": "queued" });
    await actOnFilter(db, act("discard", { q: "acme-4" }, 1));
    expect(await states(db)).toEqual({ "PROD-2": "queued" });
  });

  test("takes all that the filter says together", async ({ db, pool }) => {
    const one = await seedQueue(db, { pairs: 2 });
    const other = await seedQueue(db, { pairs: 2 });
    await inherit(pool, [one.entryIds[0] ?? 0, other.entryIds[0] ?? 0]);
    const filter = { connection: one.connectionId, inherited: true, q: "PROD" };
    expect(await actOnFilter(db, act("release", filter, 1))).toMatchObject({ changed: 1 });
    expect(
      await db.queueEntry.findFirstOrThrow({ where: { id: other.entryIds[0] ?? 0 } }),
    ).toMatchObject({ state: "held" });
  });

  test.for([
    ["more", 10],
    ["fewer", 26],
  ] as const)(
    "is refused, and changes nothing, when %s match than the person saw",
    async ([, shown], { db, pool }) => {
      await seedQueue(db, { pairs: 20 });
      const before = await everything(pool);
      for (const what of ["discard", "release"] as const)
        await expect(
          actOnFilter(db, act(what, { inherited: false }, what === "discard" ? shown : 6)),
        ).rejects.toMatchObject({
          reason: "conflict",
          message: expect.stringContaining(
            what === "discard" ? `20 entries match now` : "0 entries",
          ),
        });
      expect(await everything(pool)).toEqual(before);
    },
  );

  test("goes on when a few came or went since the person looked", async ({ db }) => {
    await seedQueue(db, { pairs: 8 });
    expect(await actOnFilter(db, act("discard", { inherited: false }, 5))).toMatchObject({
      changed: 8,
    });
  });

  test("never touches what is running, even where the filter names it", async ({ db, pool }) => {
    const fence = await activeGate(db);
    await seedQueue(db, { pairs: 3, concurrency: 1 });
    const [running] = await claimEntries(pool, await seedWorker(db, fence), fence, 1);
    const before = await db.queueEntry.findUniqueOrThrow({ where: { id: running?.id ?? 0 } });
    expect(await actOnFilter(db, act("discard", { inherited: false }, 3))).toMatchObject({
      changed: 2,
    });
    expect(await actOnFilter(db, act("release", { inherited: false }, 1))).toMatchObject({
      changed: 0,
    });
    expect(await actOnFilter(db, act("discard", { state: "running" }, 1))).toMatchObject({
      changed: 0,
    });
    expect(await db.queueEntry.findMany()).toEqual([before]);
  });

  test("is in the audit with the filter, how many there were, and how it is undone", async ({
    db,
    pool,
  }) => {
    const { entryIds } = await seedQueue(db, { pairs: 2 });
    await inherit(pool, entryIds);
    const filter = { inherited: true, q: "PROD" };
    const released = await actOnFilter(db, { ...act("release", filter, 2), reason: "Tested" });
    await undoAct(db, { undoId: released.undoId, by: "bob" });
    const discarded = await actOnFilter(db, act("discard", filter, 2));
    const lines = await db.audit.findMany({
      where: { action: { startsWith: "queue." } },
      orderBy: { id: "asc" },
    });
    expect(
      lines.map(({ actor, action, reason, detail }) => [actor, action, reason, detail]),
    ).toEqual([
      ["ada", "queue.released", "Tested", { ...filter, entries: 2, undo: released.undoId }],
      ["bob", "queue.undone", null, { entries: 2, undo: released.undoId }],
      ["ada", "queue.discarded", null, { ...filter, entries: 2, undo: discarded.undoId }],
    ]);
  });
});

describe("an act that is undone", () => {
  test("within ten minutes holds again what was released, by whom and why it was held", async ({
    db,
    pool,
  }) => {
    const { entryIds } = await seedQueue(db, { pairs: 2 });
    await hold(db, entryIds, { by: "bob", reason: "Ask the customer" });
    const { undoId } = await actOnFilter(db, act("release", { state: "held" }, 2));
    expect(await db.queueEntry.count({ where: { state: "queued" } })).toBe(2);
    await letPass(pool, "9 minutes 50 seconds");
    expect(await undoAct(db, { undoId, by: "ada" })).toBe(2);
    expect(await db.queueEntry.findMany()).toMatchObject(
      entryIds.map(() => ({ state: "held", heldBy: "bob", heldReason: "Ask the customer" })),
    );
  });

  test("within ten minutes brings back what was discarded, as it was", async ({ db, pool }) => {
    const { entryIds } = await seedQueue(db, { pairs: 3 });
    await inherit(pool, entryIds.slice(0, 1));
    await db.queueEntry.update({
      where: { id: entryIds[1] ?? 0 },
      data: { state: "failed", errorCode: "conflict", errorMessage: "both", failures: 2 },
    });
    const before = await db.queueEntry.findMany({ orderBy: { id: "asc" } });
    const { undoId } = await actOnFilter(db, act("discard", { q: "PROD" }, 3));
    expect(await db.queueEntry.count()).toBe(0);
    await letPass(pool, "9 minutes 50 seconds");
    expect(await undoAct(db, { undoId, by: "ada" })).toBe(3);
    expect(await db.queueEntry.findMany({ orderBy: { id: "asc" } })).toEqual(before);
  });

  test.for(["release", "discard"] as const)(
    "later than ten minutes after is refused, and changes nothing: %s",
    async (what, { db, pool }) => {
      const { entryIds } = await seedQueue(db, { pairs: 2 });
      await hold(db, entryIds, { by: "bob" });
      const { undoId } = await actOnFilter(db, act(what, { state: "held" }, 2));
      const before = await everything(pool);
      await letPass(pool, "10 minutes");
      await expect(undoAct(db, { undoId, by: "ada" })).rejects.toMatchObject({
        reason: "not_found",
        message: expect.stringContaining("ten minutes"),
      });
      expect(await everything(pool)).toEqual(before);
    },
  );

  test("twice is refused the second time", async ({ db }) => {
    const { entryIds } = await seedQueue(db, { pairs: 2 });
    await hold(db, entryIds, { by: "bob" });
    const { undoId } = await actOnFilter(db, act("release", { state: "held" }, 2));
    await undoAct(db, { undoId, by: "ada" });
    await actOnFilter(db, act("release", { state: "held" }, 2));
    await expect(undoAct(db, { undoId, by: "ada" })).rejects.toMatchObject({
      message: expect.stringContaining("undone already"),
    });
    expect(await db.queueEntry.count({ where: { state: "queued" } })).toBe(2);
  });

  test("by two people at once is undone once", async ({ db }) => {
    await seedQueue(db, { pairs: 2 });
    const { undoId } = await actOnFilter(db, act("discard", { q: "PROD" }, 2));
    const ends = await Promise.allSettled(["ada", "bob"].map((by) => undoAct(db, { undoId, by })));
    expect(ends.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(await db.queueEntry.count()).toBe(2);
  });

  test("keeps the newer entry of a pair that changed after its entry was discarded", async ({
    db,
    pool,
  }) => {
    const { connectionId, entryIds, pairIds } = await seedQueue(db, { pairs: 2 });
    const { undoId } = await actOnFilter(db, act("discard", { q: "PROD" }, 2));
    await pool.query(
      "select record_change($1, 'local', '10001', 'updated', 'webhook', null, null, 'since', 0)",
      [connectionId],
    );
    const newer = await db.queueEntry.findFirstOrThrow();
    expect(await undoAct(db, { undoId, by: "ada" })).toBe(1);
    const entries = await db.queueEntry.findMany({ orderBy: { pairId: "asc" } });
    expect(entries[0]).toEqual(newer);
    expect(entries[1]).toMatchObject({ id: entryIds[1], pairId: pairIds[1] });
  });

  test("does not bring back the entry of a pair that has ended since", async ({ db }) => {
    const { pairIds } = await seedQueue(db, { pairs: 2 });
    const { undoId } = await actOnFilter(db, act("discard", { q: "PROD" }, 2));
    await db.pair.delete({ where: { id: pairIds[0] ?? 0 } });
    expect(await undoAct(db, { undoId, by: "ada" })).toBe(1);
    expect(await states(db)).toEqual({ "PROD-2": "queued" });
  });

  test("does not take back what is being sent, nor what was sent", async ({ db, pool }) => {
    const fence = await activeGate(db);
    const { entryIds } = await seedQueue(db, { pairs: 3, concurrency: 1 });
    await hold(db, entryIds, { by: "bob" });
    const { undoId } = await actOnFilter(db, act("release", { state: "held" }, 3));
    const worker = await seedWorker(db, fence);
    const [sent] = await claimEntries(pool, worker, fence, 1);
    await pool.query("delete from queue_entry where id = $1", [sent?.id]);
    const [running] = await claimEntries(pool, worker, fence, 1);
    const before = await db.queueEntry.findUniqueOrThrow({ where: { id: running?.id ?? 0 } });
    expect(await undoAct(db, { undoId, by: "ada" })).toBe(1);
    expect(await db.queueEntry.findUniqueOrThrow({ where: { id: before.id } })).toEqual(before);
    expect(Object.values(await states(db)).sort()).toEqual(["held", "running"]);
  });
});

describe("what a program may say of an act", () => {
  plainTest.for([
    {},
    { inherited: undefined },
    { connection: undefined, state: undefined, direction: undefined, q: undefined },
    { q: "" },
    { q: "   " },
  ])("is refused when its filter names nothing: %j", (filter) => {
    expect(bulkBody.safeParse({ act: "discard", filter, count: 3 }).success).toBe(false);
  });

  plainTest.for([
    [{ act: "discard", count: 3 }],
    [{ act: "discard", filter: { inherited: true } }],
    [{ act: "discard", filter: { inherited: true }, count: 0 }],
    [{ act: "discard", filter: { inherited: true, nonsense: 1 }, count: 3 }],
    [{ act: "discard", filter: { state: "gone" }, count: 3 }],
    [{ act: "hold", filter: { inherited: true }, count: 3 }],
  ])("is refused when it is not whole or names what there is not: %j", ([body]) => {
    expect(bulkBody.safeParse(body).success).toBe(false);
  });

  plainTest("may name what did not come with a copy", () => {
    const body = { act: "release", filter: { inherited: false }, count: 3 };
    expect(bulkBody.parse(body).filter).toEqual({ inherited: false });
  });
});
