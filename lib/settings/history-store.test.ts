import { randomUUID } from "node:crypto";
import fc from "fast-check";
import type pg from "pg";
import { describe, expect } from "vitest";
import { foldActivity } from "@/lib/activity/activity-store";
import type { Db } from "@/lib/db/database";
import { CUTS } from "@/lib/settings/history-cuts";
import {
  changePeriods,
  cutHistory,
  previewRemoval,
  readHistory,
  stepStatement,
} from "@/lib/settings/history-store";
import { isForeignWrite } from "@/lib/sync/pair-store";
import { loosePermits, ownUpdates, recentWrites } from "@/lib/sync/permit-store";
import { passDays } from "@/lib/testing/clock";
import { test } from "@/lib/testing/database";
import { bringInStep, oldPermit, oldRun } from "@/lib/testing/history";
import { activeGate, newLife, seedQueue, seedWorker } from "@/lib/testing/queue";

const OLD = 4_000;

/** Cuts until nothing is due any more. */
async function cutAll(pool: pg.Pool, step?: number): Promise<number> {
  let removed = 0;
  await pool.query("update history_period set due_at = sync_now() where days is not null");
  for (;;) {
    removed += await cutHistory(pool, step ? { step } : {});
    const { rowCount } = await pool.query(
      "select from history_period where days is not null and due_at <= sync_now()",
    );
    if (rowCount === 0) return removed;
  }
}

async function counted(db: Db): Promise<void> {
  await db.$executeRaw`update activity_fold set folded_to = sync_now()`;
}

describe("what is cut", () => {
  test("of writes, everything that a worker may still ask for stays, however old it is", async ({
    db,
    pool,
  }) => {
    const { connectionId, pairIds } = await seedQueue(db, { pairs: 3 });
    const [inStep = 0, waiting = 0, neverInStep = 0] = pairIds;
    await bringInStep(db, inStep, 500);
    await db.queueEntry.deleteMany({ where: { pairId: neverInStep } });
    await counted(db);
    const at = (pairId: number | null) => (path: string, rest: object) =>
      oldPermit(db, { connectionId, pairId, path, daysAgo: OLD, ...rest });

    await at(inStep)("an older update", { daysAgo: 2_000 });
    await at(inStep)("the last update", { daysAgo: 1_000 });
    await at(inStep)("the last update of the other side", { side: "local", daysAgo: 3_000 });
    await at(inStep)("refused by the instance", { outcome: "rejected", daysAgo: 600 });
    await at(inStep)("a comment", { kind: "add_comment" });
    await at(inStep)("on the wire", { outcome: "open" });
    await at(inStep)("unanswered", { outcome: "unknown", kind: "add_comment" });
    await at(inStep)("after it came in step", { kind: "add_comment", daysAgo: 400 });
    await at(waiting)("of a pair that waits", {});
    await at(neverInStep)("of a pair that never was in step", { kind: "create_issue" });
    await at(987_654)("of a pair that is no more", {});
    await at(null)("a sign of life", { kind: "claim" });
    await at(null)("an unanswered sign of life", { kind: "claim", outcome: "unknown" });
    await at(null)("a sign of life of yesterday", { kind: "claim", daysAgo: 1 });

    const removed = await cutAll(pool, 2);
    const left = await db.permit.findMany({ select: { path: true } });
    expect(left.map(({ path }) => path).toSorted()).toEqual(
      [
        "a sign of life of yesterday",
        "after it came in step",
        "an unanswered sign of life",
        "of a pair that never was in step",
        "of a pair that waits",
        "on the wire",
        "the last update",
        "the last update of the other side",
        "unanswered",
      ].toSorted(),
    );
    expect(removed).toBe(5);
  });

  test("a worker that asks what may have been written is answered the same before and after", async ({
    db,
    pool,
  }) => {
    const { connectionId, pairIds } = await seedQueue(db, { pairs: 3 });
    await counted(db);
    const permits = fc.array(
      fc.record({
        pairId: fc.constantFrom(...pairIds),
        side: fc.constantFrom("local" as const, "remote" as const),
        kind: fc.constantFrom("update_issue", "transition", "create_issue", "add_comment", "stamp"),
        outcome: fc.constantFrom("applied", "rejected", "unsent", "unknown", "open"),
        daysAgo: fc.integer({ min: 0, max: 800 }),
      }),
      { maxLength: 12 },
    );
    const inStep = fc.array(fc.option(fc.integer({ min: 1, max: 800 })), {
      minLength: pairIds.length,
      maxLength: pairIds.length,
    });
    await fc.assert(
      fc.asyncProperty(
        permits,
        inStep,
        fc.integer({ min: 1, max: 5 }),
        async (all, since, step) => {
          await db.permit.deleteMany();
          await db.pair.updateMany({ data: { inStepAt: null } });
          for (const [index, pairId] of pairIds.entries())
            if (since[index] != null) await bringInStep(db, pairId, since[index]);
            else await db.queueEntry.deleteMany({ where: { pairId } });
          for (const permit of all)
            await oldPermit(db, { ...permit, connectionId, marker: randomUUID() });
          const before = await questions(pool, pairIds);
          await cutAll(pool, step);
          expect(await questions(pool, pairIds)).toEqual(before);
        },
      ),
      { numRuns: 25 },
    );
  });

  test("what is not yet in the totals stays; added up, it goes, and the totals are the same", async ({
    db,
    pool,
  }) => {
    const { connectionId, pairIds } = await seedQueue(db);
    await activeGate(db);
    await bringInStep(db, pairIds[0] ?? 0, 0);
    await oldPermit(db, { connectionId, kind: "add_comment", daysAgo: 0, pairId: pairIds[0] ?? 0 });
    await oldRun(db, { connectionId, pairId: 55, daysAgo: 0, words: "of a pair that is no more" });
    await passDays(db, 700);
    await bringInStep(db, pairIds[0] ?? 0, 1);
    await cutAll(pool);
    expect([await db.permit.count(), await db.run.count()]).toEqual([1, 1]);
    await foldActivity(pool);
    await cutAll(pool);
    expect([await db.permit.count(), await db.run.count()]).toEqual([0, 0]);
    expect(
      await db.activityPoint.aggregate({ where: { grain: "day" }, _sum: { applied: true } }),
    ).toEqual({ _sum: { applied: 1 } });
  });

  test("of changes and looks, those of pairs that wait stay, and the last look at each pair", async ({
    db,
    pool,
  }) => {
    const { connectionId, pairIds } = await seedQueue(db, { pairs: 2 });
    const [waiting = 0, inStep = 0] = pairIds;
    await bringInStep(db, inStep, 0);
    for (const pairId of pairIds)
      for (const words of ["an earlier look", "the last look"])
        await oldRun(db, { connectionId, pairId, daysAgo: 300, words });
    await counted(db);
    await passDays(db, 200);
    await cutAll(pool, 1);
    expect(await db.change.findMany({ select: { pairId: true } })).toEqual([{ pairId: waiting }]);
    const runs = await db.run.findMany({
      select: { pairId: true, words: true },
      orderBy: { id: "asc" },
    });
    expect(runs).toEqual([
      { pairId: waiting, words: "an earlier look" },
      { pairId: waiting, words: "the last look" },
      { pairId: inStep, words: "the last look" },
    ]);
  });

  test("an error that stands, a worker of this life, a session that goes on and the audit stay", async ({
    db,
    pool,
  }) => {
    const { connectionId } = await seedQueue(db);
    const past = await newLife(db);
    await seedWorker(db, past);
    const present = await newLife(db);
    const living = await seedWorker(db, present);
    const episode = { connectionId, code: "conflict", openedAt: new Date(), lastAt: new Date() };
    await db.errorEpisode.create({ data: { ...episode, pairId: 1, message: "stands" } });
    await db.errorEpisode.create({
      data: { ...episode, pairId: 2, message: "ended", clearedAt: new Date() },
    });
    const { id: userId } = await db.user.create({
      data: { email: "ada@example.com", name: "Ada", passwordHash: "-", role: "viewer" },
    });
    const session = (userAgent: string, expiresInDays: number) => ({
      id: randomUUID(),
      userId,
      userAgent,
      createdAt: new Date(),
      seenAt: new Date(),
      expiresAt: new Date(Date.now() + expiresInDays * 86_400_000),
    });
    await db.session.createMany({ data: [session("over", 1), session("goes on", OLD)] });
    await changePeriods(db, { periods: { sessions: 30 }, by: "ada" });
    const audited = await db.audit.count();
    await passDays(db, 2_000);
    await cutAll(pool);
    expect(await db.errorEpisode.findMany({ select: { message: true } })).toEqual([
      { message: "stands" },
    ]);
    expect(await db.worker.findMany({ select: { id: true } })).toEqual([{ id: living }]);
    expect(await db.session.findMany({ select: { userAgent: true } })).toEqual([
      { userAgent: "goes on" },
    ]);
    expect(await db.audit.count()).toBe(audited);
  });
});

describe("cutting", () => {
  test("workers that cut at the same time remove each row once, and a round rests when it is over", async ({
    db,
    pool,
  }) => {
    const { connectionId } = await seedQueue(db);
    for (let permit = 0; permit < 40; permit++)
      await oldPermit(db, { connectionId, kind: "claim", daysAgo: 100 + permit });
    for (let round = 0; round < 6; round++)
      await Promise.all([1, 2, 3].map(() => cutHistory(pool, { step: 3 })));
    expect(await db.permit.count()).toBe(0);
    const signs = await db.historyPeriod.findUniqueOrThrow({ where: { kind: "signs" } });
    expect(signs).toMatchObject({ removed: 40n, removedAt: expect.any(Date), atMark: null });

    await oldPermit(db, { connectionId, kind: "claim", daysAgo: 100 });
    await cutHistory(pool);
    expect(await db.permit.count()).toBe(1);
    await passDays(db, 1);
    await cutHistory(pool);
    expect(await db.permit.count()).toBe(0);
  });

  test("a step reads along indexes, however many pairs and entries there are", async ({
    db,
    pool,
  }) => {
    const { connectionId } = await seedQueue(db);
    await db.$executeRaw`
      insert into pair (connection_id, local_issue_id, in_step_at)
      select ${connectionId}::int, 'l' || g, sync_now() from generate_series(1, 8000) g`;
    await db.$executeRaw`
      insert into queue_entry (connection_id, pair_id, created_at, updated_at, ready_at, born_in)
      select connection_id, id, sync_now(), sync_now(), sync_now(), '' from pair where id % 2 = 0
      on conflict do nothing`;
    for (const table of ["permit", "run", "change"] as const) await fillHistory(db, table);
    await db.$executeRaw`analyze`;
    for (const kind of ["changes", "writes", "signs", "work"] as const) {
      const { rows } = await pool.query<{ "QUERY PLAN": string }>(
        `explain ${stepStatement(CUTS[kind])}`,
        [30, null, null, 1_000],
      );
      const read = rows.map((row) => row["QUERY PLAN"]).filter((line) => line.includes("Seq Scan"));
      expect(read.filter((line) => !line.includes("activity_fold"))).toEqual([]);
    }
  });

  test("a step that fails leaves its rows and its mark as they were", async ({ db, pool }) => {
    const { connectionId } = await seedQueue(db);
    for (const daysAgo of [100, 99, 98])
      await oldPermit(db, { connectionId, kind: "claim", daysAgo });
    await db.$executeRaw`
      create function refuse() returns trigger language plpgsql as 'begin raise exception ''no''; end'`;
    await db.$executeRaw`
      create trigger refuse before delete on permit for each row execute function refuse()`;
    await expect(cutHistory(pool, { step: 2 })).rejects.toThrow("no");
    expect(await db.permit.count()).toBe(3);
    await db.$executeRaw`drop trigger refuse on permit`;
    expect(await cutAll(pool, 2)).toBe(3);
  });
});

describe("periods", () => {
  test("what a period would remove is what it then removes, and the audit knows who shortened it", async ({
    db,
    pool,
  }) => {
    const { connectionId, pairIds } = await seedQueue(db, { pairs: 2 });
    await bringInStep(db, pairIds[0] ?? 0, 0);
    await counted(db);
    for (const [index, pairId] of pairIds.entries())
      for (const daysAgo of [80, 60, 40, 20])
        await oldRun(db, { connectionId, pairId, daysAgo, words: `${index} ${daysAgo}` });
    expect(await previewRemoval(db, { kind: "work", days: 180 })).toMatchObject({ rows: 0 });
    const removal = await previewRemoval(db, { kind: "work", days: 30 });
    expect(removal).toMatchObject({ kind: "work", rows: 3, isMore: false });
    expect(await previewRemoval(db, { kind: "work", days: null })).toBeNull();

    await changePeriods(db, { periods: { work: 30, changes: 180, errors: null }, by: "ada" });
    expect(
      await db.audit.findFirst({ where: { action: "settings.history_changed" } }),
    ).toMatchObject({
      actor: "ada",
      detail: { work: { from: 180, to: 30 }, errors: { from: 365, to: null } },
    });
    expect(await cutAll(pool)).toBe(3);
    const work = (await readHistory(db)).find(({ kind }) => kind === "work");
    expect(work).toMatchObject({
      days: 30,
      count: { rows: 5, isEstimate: false },
      removed: 3,
      oldestAt: expect.any(String),
    });
  });

  test("what is kept for good is not cut", async ({ db, pool }) => {
    const { connectionId } = await seedQueue(db);
    await changePeriods(db, { periods: { errors: null }, by: "ada" });
    const at = new Date(Date.now() - OLD * 86_400_000);
    await db.errorEpisode.create({
      data: {
        connectionId,
        code: "conflict",
        message: "",
        openedAt: at,
        lastAt: at,
        clearedAt: at,
      },
    });
    await cutAll(pool);
    expect(await db.errorEpisode.count()).toBe(1);
  });
});

/** Fifty thousand rows, one a minute, of many pairs. */
async function fillHistory(db: Db, table: "permit" | "run" | "change"): Promise<void> {
  const rows = {
    permit: `(id, incarnation, epoch, worker_id, connection_id, pair_id, side, kind, method, path, intended,
              granted_at, deadline_at, outcome)
      select gen_random_uuid(), '', 1, gen_random_uuid(), 1, g, 'remote', case g % 10 when 0 then 'claim' else 'update_issue' end,
             'PUT', '/', '{}', sync_now() - g * interval '1 minute', sync_now(), 'applied'`,
    run: `(connection_id, pair_id, entry_id, attempt, ended_at, outcome)
      select 1, g, 1, 1, sync_now() - g * interval '1 minute', 'applied'`,
    change: `(connection_id, pair_id, entry_id, side, issue_id, kind, via, at, fingerprint)
      select 1, g, 1, 'local', '1', 'updated', 'poll', sync_now() - g * interval '1 minute', 'filled ' || g`,
  }[table];
  await db.$executeRawUnsafe(`insert into ${table} ${rows} from generate_series(1, 50000) g`);
}

/** What workers ask about a pair's past writes, and whether its issues' stamps are known as ours. */
async function questions(pool: pg.Pool, pairIds: number[]) {
  const { rows: stamps } = await pool.query<{ pairId: number; marker: string }>(
    `select distinct on (pair_id, side) pair_id as "pairId", marker from permit
      where kind = 'update_issue' and outcome = 'applied' order by pair_id, side, granted_at desc`,
  );
  const known = [];
  for (const { pairId, marker } of stamps)
    known.push([pairId, marker, await isForeignWrite(pool, pairId, marker)]);
  const asked = [];
  for (const pairId of pairIds)
    asked.push({
      loose: (await loosePermits(pool, pairId)).map(({ mayLandMs: _, ...permit }) => permit),
      own: await ownUpdates(pool, pairId),
      recent: await recentWrites(pool, pairId),
    });
  return { known, asked };
}
