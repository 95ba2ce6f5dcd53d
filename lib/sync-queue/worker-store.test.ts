import { describe, expect } from "vitest";
import { discard, hold, release, retry } from "@/lib/sync-queue/queue-store";
import {
  claimEntries,
  completeEntry,
  leaveQueue,
  lendForPlanning,
  rescueEntries,
  returnEntry,
} from "@/lib/sync-queue/worker-store";
import { test } from "@/lib/testing/database";
import { activeGate, seedQueue, seedWorker, TAKEN, updateTicket } from "@/lib/testing/queue";

const DONE = { outcome: "applied", writes: 1, words: "summary", reading: null } as const;

const LEFT = { reading: null, summary: "", words: "nothing to send" };

describe("promise 2: an older fence changes nothing", () => {
  test("claims under an earlier epoch or incarnation get nothing", async ({ db, pool }) => {
    const fence = await activeGate(db);
    await seedQueue(db);
    const workerId = await seedWorker(db, fence);
    expect(await claimEntries(pool, workerId, { ...fence, epoch: fence.epoch - 1 }, 5)).toEqual([]);
    expect(await claimEntries(pool, workerId, { ...fence, incarnation: "old" }, 5)).toEqual([]);
    expect(await claimEntries(pool, workerId, fence, 5)).toHaveLength(1);
  });

  test("a rescued worker can neither write nor complete, and its late answer moves no base", async ({
    db,
    pool,
  }) => {
    const fence = await activeGate(db);
    const { pairIds } = await seedQueue(db);
    const slow = await seedWorker(db, fence);
    const [first] = await claimEntries(pool, slow, fence, 1);
    const old = { entryId: first?.id ?? 0, attempt: first?.attempt ?? 0, workerId: slow, fence };
    const ticket = updateTicket(pool, old, () => ({ remoteFields: { summary: "late" } }));
    const permit = await ticket.request("PUT", "/x", 60_000);
    await db.$executeRaw`update worker set seen_at = sync_now() - interval '1 minute'`;
    expect(await rescueEntries(pool, 15_000)).toBe(1);

    expect(await updateTicket(pool, old).request("PUT", "/x", 1_000)).toEqual({
      refused: "claim_lost",
    });
    if ("granted" in permit) await ticket.settle(permit.granted, TAKEN);
    expect(
      (await db.pair.findUniqueOrThrow({ where: { id: pairIds[0] ?? 0 } })).remoteBase,
    ).toEqual({});
    expect(await completeEntry(pool, old, DONE)).toBe("lost");
    expect(
      await returnEntry(pool, old, {
        state: "failed",
        delayMs: 0,
        writes: 0,
        code: null,
        message: null,
      }),
    ).toBe(false);
    expect((await db.queueEntry.findFirstOrThrow()).state).toBe("queued");
  });

  test("the write of a worker that is gone may still land: its pair waits until it cannot", async ({
    db,
    pool,
  }) => {
    const fence = await activeGate(db);
    await seedQueue(db);
    const gone = await seedWorker(db, fence);
    const [entry] = await claimEntries(pool, gone, fence, 1);
    const claim = { entryId: entry?.id ?? 0, attempt: entry?.attempt ?? 0, workerId: gone, fence };
    await updateTicket(pool, claim).request("PUT", "/x", 60_000);
    await db.$executeRaw`update worker set stopped_at = sync_now()`;
    await rescueEntries(pool, 15_000);
    const next = await seedWorker(db, fence);
    expect(await claimEntries(pool, next, fence, 1)).toEqual([]);
    await db.$executeRaw`update permit set deadline_at = sync_now() - interval '3 seconds'`;
    expect(await claimEntries(pool, next, fence, 1)).toHaveLength(1);
  });
});

describe("promise 3: no change is lost", () => {
  test("a change that comes while its pair is worked on brings the entry back", async ({
    db,
    pool,
  }) => {
    const fence = await activeGate(db);
    const { connectionId } = await seedQueue(db);
    const workerId = await seedWorker(db, fence);
    const [entry] = await claimEntries(pool, workerId, fence, 1);
    await pool.query(
      "select record_change($1,'remote','20001','commented','webhook','bob',null,'w1',0)",
      [connectionId],
    );
    const claim = { entryId: entry?.id ?? 0, attempt: entry?.attempt ?? 0, workerId, fence };
    expect(await completeEntry(pool, claim, DONE)).toBe("requeued");
    expect(await db.queueEntry.findFirstOrThrow()).toMatchObject({
      state: "queued",
      version: 2,
      changes: 2,
    });
  });

  test("a change that meets a completion on another connection makes a new entry", async ({
    db,
    pool,
  }) => {
    const fence = await activeGate(db);
    const { connectionId } = await seedQueue(db);
    const workerId = await seedWorker(db, fence);
    const [entry] = await claimEntries(pool, workerId, fence, 1);
    const completing = await pool.connect();
    await completing.query("begin");
    await completing.query("select complete_entry($1,$2,$3,$4,$5,'applied',1,'',null)", [
      entry?.id,
      entry?.attempt,
      workerId,
      fence.incarnation,
      fence.epoch,
    ]);
    const change = pool.query(
      "select record_change($1,'local','10001','updated','webhook',null,null,'w2',0) as result",
      [connectionId],
    );
    await expect
      .poll(
        async () =>
          (await pool.query("select from pg_stat_activity where wait_event_type = 'Lock'"))
            .rowCount,
      )
      .toBe(1);
    await completing.query("commit");
    completing.release();
    expect((await change).rows[0].result).toBe("recorded");
    expect(await db.queueEntry.findFirstOrThrow()).toMatchObject({ state: "queued", version: 1 });
  });

  test("a repeated delivery is the same change; a thousand edits are one entry", async ({
    db,
    pool,
  }) => {
    const { connectionId } = await seedQueue(db);
    const record = (fingerprint: string) =>
      pool.query(
        "select record_change($1,'local','10001','updated','webhook',null,null,$2,0) as result",
        [connectionId, fingerprint],
      );
    await Promise.all(Array.from({ length: 1_000 }, (_, index) => record(`edit ${index}`)));
    expect((await record("edit 7")).rows[0].result).toBe("known");
    expect(await db.queueEntry.findMany()).toMatchObject([{ changes: 1_001, state: "queued" }]);
  });

  test("an entry that changed since it was read stays, though nothing was to be sent", async ({
    db,
    pool,
  }) => {
    const { connectionId, entryIds } = await seedQueue(db);
    const [entry] = await lendForPlanning(pool, 1);
    await pool.query(
      "select record_change($1,'local','10001','updated','webhook',null,null,'w3',0)",
      [connectionId],
    );
    await leaveQueue(pool, entryIds[0] ?? 0, entry?.version ?? 0, LEFT);
    expect(await db.queueEntry.count()).toBe(1);
    const [again] = await lendForPlanning(pool, 1);
    await leaveQueue(pool, entryIds[0] ?? 0, again?.version ?? 0, LEFT);
    expect(await db.queueEntry.count()).toBe(0);
  });
});

describe("promise 4: one pair is worked on by one worker at a time", () => {
  test("two workers that claim at once never get the same entry, nor more than the connection allows", async ({
    db,
    pool,
  }) => {
    const fence = await activeGate(db);
    await seedQueue(db, { pairs: 40, concurrency: 7 });
    const workers = await Promise.all(Array.from({ length: 6 }, () => seedWorker(db, fence)));
    const claims = (
      await Promise.all(workers.map((worker) => claimEntries(pool, worker, fence, 5)))
    ).flat();
    expect(new Set(claims.map((claim) => claim.id)).size).toBe(claims.length);
    expect(claims.length).toBeLessThanOrEqual(7);
    expect(claims.length).toBeGreaterThan(0);
  });
});

describe("what people do to entries", () => {
  const by = { by: "ada", reason: "asked by support" };

  test("a held entry is not sent until it is released, and each act is audited with its reason", async ({
    db,
    pool,
  }) => {
    const fence = await activeGate(db);
    const { entryIds } = await seedQueue(db);
    const workerId = await seedWorker(db, fence);
    expect(await hold(db, entryIds, by)).toBe(1);
    expect(await claimEntries(pool, workerId, fence, 1)).toEqual([]);
    expect(await release(db, entryIds, by)).toBe(1);
    expect(await claimEntries(pool, workerId, fence, 1)).toHaveLength(1);
    const audit = await db.audit.findMany({ orderBy: { id: "asc" } });
    expect(audit.map((line) => [line.action, line.actor, line.reason])).toEqual([
      ["entry.held", "ada", "asked by support"],
      ["entry.released", "ada", "asked by support"],
    ]);
  });

  test("a running entry can be neither held nor discarded", async ({ db, pool }) => {
    const fence = await activeGate(db);
    const { entryIds } = await seedQueue(db);
    await claimEntries(pool, await seedWorker(db, fence), fence, 1);
    expect(await hold(db, entryIds, by)).toBe(0);
    expect(await discard(db, entryIds, by)).toBe(0);
    expect(await db.queueEntry.count()).toBe(1);
  });

  test("a failed entry waits for a person, and a retry makes it ready at once", async ({
    db,
    pool,
  }) => {
    const fence = await activeGate(db);
    const { entryIds } = await seedQueue(db);
    const workerId = await seedWorker(db, fence);
    const [entry] = await claimEntries(pool, workerId, fence, 1);
    const claim = { entryId: entry?.id ?? 0, attempt: entry?.attempt ?? 0, workerId, fence };
    await returnEntry(pool, claim, {
      state: "failed",
      delayMs: 0,
      writes: 0,
      code: "field_rejected",
      message: "priority",
    });
    expect(await claimEntries(pool, workerId, fence, 1)).toEqual([]);
    expect(await retry(db, entryIds, by)).toBe(1);
    expect(await claimEntries(pool, workerId, fence, 1)).toHaveLength(1);
  });

  test("a discarded entry leaves the queue and its history says why", async ({ db }) => {
    const { entryIds } = await seedQueue(db);
    expect(await discard(db, entryIds, by)).toBe(1);
    expect(await db.run.findFirstOrThrow()).toMatchObject({
      outcome: "discarded",
      words: "asked by support",
    });
  });
});
