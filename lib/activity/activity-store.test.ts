import { randomUUID } from "node:crypto";
import { describe, expect } from "vitest";
import { foldActivity, listActivations, readCharts } from "@/lib/activity/activity-store";
import type { Db } from "@/lib/db/database";
import type { Fence } from "@/lib/gate/gate";
import { deactivate } from "@/lib/gate/gate-store";
import { passMinutes } from "@/lib/testing/clock";
import { test } from "@/lib/testing/database";
import { activeGate, newLife, seedQueue } from "@/lib/testing/queue";

type Write = { fence: Fence; connectionId: number; minutesAgo: number; outcome?: string };

async function write(db: Db, { fence, connectionId, minutesAgo, outcome = "applied" }: Write) {
  await db.$executeRaw`
    insert into permit (id, incarnation, epoch, worker_id, connection_id, side, kind, method, path, intended,
                        granted_at, deadline_at, outcome)
    values (${randomUUID()}::uuid, ${fence.incarnation}, ${fence.epoch}::int, ${randomUUID()}::uuid,
            ${connectionId}::int, 'remote', 'update_issue', 'PUT', '/', '{}',
            sync_now() - make_interval(mins => ${minutesAgo}::int),
            sync_now() - make_interval(mins => ${minutesAgo}::int) + interval '30 seconds', ${outcome})`;
}

const sum = (points: { applied: number }[]) =>
  points.reduce((whole, { applied }) => whole + applied, 0);

describe("adding up what happened", () => {
  test("each write is counted once, however many workers add up at a time and how often", async ({
    db,
    pool,
  }) => {
    const { connectionId } = await seedQueue(db, { pairs: 2 });
    const fence = await activeGate(db);
    await passMinutes(db, 10);
    for (const minutesAgo of [2, 3, 3, 8]) await write(db, { fence, connectionId, minutesAgo });
    await Promise.all([foldActivity(pool), foldActivity(pool), foldActivity(pool)]);
    await foldActivity(pool);
    for (const grain of ["minute", "hour", "day"]) {
      const points = await db.activityPoint.findMany({ where: { grain } });
      expect([grain, sum(points)]).toEqual([grain, 4]);
    }
    const [latest] = await db.activityPoint.findMany({
      where: { grain: "minute" },
      orderBy: { at: "desc" },
    });
    expect(latest).toMatchObject({ waiting: 2, held: 0 });
  });

  test("a minute with a write on the wire is left until the write has an outcome", async ({
    db,
    pool,
  }) => {
    const { connectionId } = await seedQueue(db);
    const fence = await activeGate(db);
    await passMinutes(db, 10);
    await write(db, { fence, connectionId, minutesAgo: 4, outcome: "open" });
    await db.$executeRaw`update permit set deadline_at = sync_now() + interval '1 minute'`;
    await foldActivity(pool);
    expect(await db.activationTotal.findMany({ where: { applied: { gt: 0 } } })).toEqual([]);
    await db.$executeRaw`update permit set outcome = 'applied'`;
    await foldActivity(pool);
    expect(await db.activationTotal.findFirst()).toMatchObject({ applied: 1, unknown: 0 });
  });

  test("a write whose worker died is counted as unknown once its time is over", async ({
    db,
    pool,
  }) => {
    const { connectionId } = await seedQueue(db);
    const fence = await activeGate(db);
    await passMinutes(db, 10);
    await write(db, { fence, connectionId, minutesAgo: 5, outcome: "open" });
    await foldActivity(pool);
    expect(await db.activationTotal.findFirst()).toMatchObject({ applied: 0, unknown: 1 });
  });

  test("signs of life are no writes", async ({ db, pool }) => {
    const { connectionId } = await seedQueue(db);
    const fence = await activeGate(db);
    await passMinutes(db, 10);
    await write(db, { fence, connectionId, minutesAgo: 5 });
    await db.$executeRaw`update permit set kind = 'claim'`;
    await foldActivity(pool);
    expect(await db.activationTotal.findFirst()).toMatchObject({ applied: 0 });
  });

  test("old minutes go, their hours and days stay", async ({ db, pool }) => {
    const { connectionId } = await seedQueue(db);
    const fence = await activeGate(db);
    await passMinutes(db, 10);
    await write(db, { fence, connectionId, minutesAgo: 5 });
    await foldActivity(pool);
    expect(await db.activityPoint.count({ where: { grain: "minute", applied: 1 } })).toBe(1);
    await passMinutes(db, 3 * 1440);
    await foldActivity(pool);
    expect(await db.activityPoint.count({ where: { grain: "minute", applied: 1 } })).toBe(0);
    expect(await db.activityPoint.count({ where: { grain: "hour", applied: 1 } })).toBe(1);
    expect(await db.activityPoint.count({ where: { grain: "day", applied: 1 } })).toBe(1);
  });
});

describe("charts", () => {
  test("show each step, what was sent in it, and a gap where no worker looked", async ({
    db,
    pool,
  }) => {
    const { connectionId } = await seedQueue(db, { pairs: 3 });
    const fence = await activeGate(db);
    await passMinutes(db, 100);
    await write(db, { fence, connectionId, minutesAgo: 90 });
    await write(db, { fence, connectionId, minutesAgo: 2 });
    await write(db, { fence, connectionId, minutesAgo: 2, outcome: "rejected" });
    await foldActivity(pool);
    const { whole, byConnection } = await readCharts(db, "6h");
    expect(whole).toHaveLength(72);
    expect(sum(whole)).toBe(2);
    expect(whole.reduce((count, { errors }) => count + errors, 0)).toBe(1);
    expect(whole[0]).toMatchObject({ applied: 0, waiting: null, oldestS: null });
    expect(whole.findLast(({ waiting }) => waiting !== null)).toMatchObject({ waiting: 3 });
    expect(byConnection.map(({ connection }) => connection.id)).toEqual([connectionId]);
  });

  test("of several connections are added up, and can be looked at one by one", async ({
    db,
    pool,
  }) => {
    const one = await seedQueue(db, { pairs: 1 });
    const two = await seedQueue(db, { pairs: 2 });
    const fence = await activeGate(db);
    await passMinutes(db, 10);
    await write(db, { fence, connectionId: one.connectionId, minutesAgo: 3 });
    await write(db, { fence, connectionId: two.connectionId, minutesAgo: 3 });
    await foldActivity(pool);
    for (const span of ["24h", "7d", "30d", "1y"] as const) {
      const { whole } = await readCharts(db, span);
      expect([span, sum(whole)]).toEqual([span, 2]);
      expect(whole.findLast(({ waiting }) => waiting !== null)).toMatchObject({ waiting: 3 });
    }
    const { whole, byConnection } = await readCharts(db, "24h", two.connectionId);
    expect(sum(whole)).toBe(1);
    expect(byConnection).toHaveLength(1);
  });
});

describe("activations", () => {
  test("tell who opened and closed, why, and what each sent, failed and held back", async ({
    db,
    pool,
  }) => {
    const { connectionId, entryIds, pairIds } = await seedQueue(db, { pairs: 2 });
    const first = await activeGate(db);
    await db.queueEntry.update({ where: { id: entryIds[0] }, data: { state: "held" } });
    await passMinutes(db, 10);
    await write(db, { fence: first, connectionId, minutesAgo: 5 });
    await write(db, { fence: first, connectionId, minutesAgo: 5, outcome: "rejected" });
    await db.$executeRaw`
      insert into run (connection_id, pair_id, entry_id, attempt, ended_at, outcome)
      values (${connectionId}::int, ${pairIds[1]}::int, ${entryIds[1]}::int, 1, sync_now() - interval '5 minutes', 'failed')`;
    await foldActivity(pool);
    await deactivate(db, { by: "bob", reason: "maintenance" });
    const second = await activeGate(db);
    const { rows } = await listActivations(db);
    expect(rows.map(({ fence }) => fence)).toEqual([second, first]);
    expect(rows[0]).toMatchObject({ end: null, totals: { applied: 0 } });
    expect(rows[1]).toMatchObject({
      openedBy: "ada",
      end: { kind: "closing", by: "bob", reason: "maintenance", settledAt: expect.any(String) },
      totals: { applied: 1, rejected: 1, failed: 1, held: 1 },
      byConnection: [{ connection: { id: connectionId }, applied: 1 }],
    });
  });

  test("count what was sent a second ago too", async ({ db, pool }) => {
    const { connectionId } = await seedQueue(db);
    const fence = await activeGate(db);
    await foldActivity(pool);
    await write(db, { fence, connectionId, minutesAgo: 0 });
    const { rows } = await listActivations(db);
    expect(rows[0]?.totals.applied).toBe(1);
  });

  test("that a new life of the workers cut short say so", async ({ db }) => {
    await activeGate(db);
    await newLife(db);
    const { rows } = await listActivations(db);
    expect(rows[0]?.end).toMatchObject({ kind: "new_incarnation", by: null, settledAt: null });
  });

  test("are read page by page", async ({ db }) => {
    for (let n = 0; n < 3; n++) await activeGate(db);
    const page = await listActivations(db, undefined, 2);
    expect(page.rows).toHaveLength(2);
    const rest = await listActivations(db, page.next ?? undefined, 2);
    expect(rest.rows).toHaveLength(1);
    expect(rest.next).toBeNull();
  });
});
