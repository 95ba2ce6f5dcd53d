import { describe, expect } from "vitest";
import type { Db } from "@/lib/db/database";
import { askForSync, startPair, stopPair } from "@/lib/pairs/act-store";
import { listPairs, readPairDetail } from "@/lib/pairs/browse-store";
import { readHistory } from "@/lib/pairs/history-store";
import { type PairFilter, STANDINGS } from "@/lib/pairs/pair";
import { BadCursor } from "@/lib/sync-queue/cursor";
import { recordFound } from "@/lib/sync-queue/detection-store";
import * as queue from "@/lib/sync-queue/queue-store";
import { test } from "@/lib/testing/database";
import { seedQueue } from "@/lib/testing/queue";

const ada = (id: number) => ({ id, by: "ada" });
const keys = async (db: Db, filter: PairFilter) =>
  (await listPairs(db, filter)).rows.map(({ localKey }) => localKey);

/** As when a run has read both sides back in step. */
async function bringInStep(db: Db, pairId: number) {
  await db.queueEntry.deleteMany({ where: { pairId } });
  await db.$executeRaw`update pair set in_step_at = sync_now() where id = ${pairId}::int`;
}

describe("looking for pairs", () => {
  test("finds by the beginning of either key, and by the beginnings of words of the summary", async ({
    db,
  }) => {
    const { pairIds } = await seedQueue(db, { pairs: 12 });
    await db.pair.update({
      where: { id: pairIds[4] ?? 0 },
      data: { summary: "Anmeldung schlägt fehl (SSO)" },
    });
    expect(await keys(db, { q: "prod-12" })).toEqual(["PROD-12"]);
    expect(await keys(db, { q: "ACME-1" })).toEqual(["PROD-12", "PROD-11", "PROD-10", "PROD-1"]);
    expect(await keys(db, { q: "sso schlä" })).toEqual(["PROD-5"]);
    expect(await keys(db, { q: "100% o'clock & | ! (" })).toEqual([]);
    expect(await keys(db, { q: "PROD_1" })).toEqual([]);
    expect(await keys(db, { q: "%" })).toEqual([]);
  });

  test("pages neither skip nor repeat a pair, forward and back; a cursor of another filter is refused", async ({
    db,
  }) => {
    await seedQueue(db, { pairs: 11 });
    const seen: number[][] = [];
    let page = await listPairs(db, {}, undefined, 4);
    seen.push(page.rows.map(({ id }) => id));
    while (page.nextCursor) {
      page = await listPairs(db, {}, page.nextCursor, 4);
      seen.push(page.rows.map(({ id }) => id));
    }
    expect(seen.map(({ length }) => length)).toEqual([4, 4, 3]);
    expect(new Set(seen.flat()).size).toBe(11);
    const back = await listPairs(db, {}, page.previousCursor ?? "", 4);
    expect(back.rows.map(({ id }) => id)).toEqual(seen[1]);
    await expect(listPairs(db, { q: "x" }, page.previousCursor ?? "")).rejects.toThrow(BadCursor);
  });

  test("each standing lists exactly the pairs that are shown with it", async ({ db }) => {
    const { pairIds, entryIds } = await seedQueue(db, { pairs: 7 });
    const [inStep = 0, , held = 0, failed = 0, different = 0, stopped = 0] = pairIds;
    await bringInStep(db, inStep);
    await queue.hold(db, [entryIds[2] ?? 0], { by: "ada" });
    await db.queueEntry.updateMany({ where: { pairId: failed }, data: { state: "failed" } });
    await queue.discard(db, [entryIds[4] ?? 0], { by: "ada" });
    await stopPair(db, ada(stopped));
    const all = (await listPairs(db, {})).rows;
    expect(Object.fromEntries(all.map(({ id, standing }) => [id, standing]))).toMatchObject({
      [inStep]: "in_step",
      [held]: "held",
      [failed]: "failed",
      [different]: "different",
      [stopped]: "stopped",
    });
    for (const standing of STANDINGS) {
      const listed = await listPairs(db, { standing });
      const expected = all.filter((row) => row.standing === standing);
      expect(listed.rows).toEqual(expected);
      expect(listed.total).toBe(expected.length);
    }
  });

  test("what was discarded stands as different until the pair is in step again", async ({ db }) => {
    const { pairIds, entryIds } = await seedQueue(db);
    await queue.discard(db, entryIds, { by: "ada" });
    expect((await listPairs(db, {})).rows).toMatchObject([{ standing: "different" }]);
    await bringInStep(db, pairIds[0] ?? 0);
    expect((await listPairs(db, {})).rows).toMatchObject([{ standing: "in_step" }]);
  });
});

describe("sync now", () => {
  test("puts a pair in step into the queue, before mass changes, and says who asked", async ({
    db,
  }) => {
    const { pairIds } = await seedQueue(db);
    const id = pairIds[0] ?? 0;
    await bringInStep(db, id);
    await askForSync(db, ada(id));
    expect(await db.queueEntry.findMany()).toMatchObject([
      { pairId: id, state: "queued", priority: 0 },
    ]);
    const { lines } = await readHistory(db, id, "changes", null);
    expect(lines[0]).toMatchObject({ kind: "asked", via: "person", actor: "ada" });
    expect(await db.audit.findMany()).toMatchObject([
      { action: "pair.asked", actor: "ada", subject: "PROD-1 and ACME-1" },
    ]);
  });

  test("tries what failed again, and leaves what is held where it is", async ({ db }) => {
    const { pairIds, entryIds } = await seedQueue(db, { pairs: 2 });
    await db.queueEntry.update({
      where: { id: entryIds[0] ?? 0 },
      data: { state: "failed", errorCode: "conflict", errorMessage: "status" },
    });
    await queue.hold(db, [entryIds[1] ?? 0], { by: "ada" });
    for (const id of pairIds) await askForSync(db, ada(id));
    expect(await db.queueEntry.findMany({ orderBy: { id: "asc" } })).toMatchObject([
      { state: "queued", errorCode: null, version: 2 },
      { state: "held", version: 2 },
    ]);
  });
});

describe("stopping the sync of a pair", () => {
  test("takes what waits off the queue, and nothing that happens later brings the pair back", async ({
    db,
    pool,
  }) => {
    const { pairIds, connectionId } = await seedQueue(db);
    const id = pairIds[0] ?? 0;
    await stopPair(db, { ...ada(id), reason: "moved elsewhere" });
    expect(await db.queueEntry.count()).toBe(0);
    await db.$queryRaw`select record_change(${connectionId}::int, 'local', '10001', 'updated', 'webhook',
      'mia', null, 'edit', 0)`;
    const found = { id: "20001", key: "ACME-1", summary: "x", updatedAt: new Date().toISOString() };
    expect(await recordFound(pool, connectionId, "remote", [found])).toBe(0);
    expect(await db.queueEntry.count()).toBe(0);
    expect(await readPairDetail(db, id)).toMatchObject({
      row: { standing: "stopped" },
      stopped: { by: "ada", reason: "moved elsewhere" },
      entry: null,
    });
    await expect(askForSync(db, ada(id))).rejects.toThrow("stopped");
  });

  test("can be taken back: the pair starts again from what both looked like when last in step", async ({
    db,
  }) => {
    const { pairIds } = await seedQueue(db);
    const id = pairIds[0] ?? 0;
    const base = { summary: "Login fails" };
    await db.pair.update({ where: { id }, data: { localBase: base, remoteBase: base } });
    await stopPair(db, ada(id));
    await startPair(db, ada(id));
    expect(await readPairDetail(db, id)).toMatchObject({
      row: { standing: "waiting" },
      stopped: null,
      local: { base, key: "PROD-1" },
    });
    expect(
      (await db.audit.findMany({ orderBy: { id: "asc" } })).map(({ action }) => action),
    ).toEqual(["pair.stopped", "pair.started"]);
    await expect(startPair(db, ada(id))).rejects.toThrow("not stopped");
  });

  test("waits while a worker is sending, and changes nothing then", async ({ db }) => {
    const { pairIds } = await seedQueue(db);
    await db.queueEntry.updateMany({ data: { state: "running" } });
    await expect(stopPair(db, ada(pairIds[0] ?? 0))).rejects.toThrow("being sent");
    expect(await db.queueEntry.count()).toBe(1);
    expect(await db.audit.count()).toBe(0);
  });
});

describe("a pair's history", () => {
  test("holds every write with what it wrote and what stood there, page by page", async ({
    db,
  }) => {
    const { pairIds, connectionId } = await seedQueue(db);
    const pairId = pairIds[0] ?? 0;
    const at = (index: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, Math.floor(index / 3)));
    await db.permit.createMany({
      data: Array.from({ length: 60 }, (_, index) => ({
        id: `00000000-0000-4000-8000-${String(index).padStart(12, "0")}`,
        incarnation: "a",
        epoch: 1,
        workerId: "00000000-0000-4000-8000-000000000000",
        connectionId,
        pairId,
        side: "remote",
        kind: "update_issue",
        method: "PUT",
        path: "/issue/1",
        intended: { fields: { labels: ["a", "b"], summary: `version ${index}` } },
        before: { labels: null, summary: `version ${index - 1}` },
        grantedAt: at(index),
        deadlineAt: at(index),
        outcome: "applied",
      })),
    });
    const seen: string[] = [];
    let before: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof readHistory<"permits">>> = await readHistory(
        db,
        pairId,
        "permits",
        before,
      );
      seen.push(...page.lines.map(({ id }) => id));
      before = page.next;
      if (seen.length === 25)
        expect(page.lines[0]?.fields).toEqual([
          { field: "labels", before: null, intended: "a, b" },
          { field: "summary", before: "version 58", intended: "version 59" },
        ]);
    } while (before !== null);
    expect(seen).toHaveLength(60);
    expect(new Set(seen).size).toBe(60);
    await expect(readHistory(db, pairId, "permits", "nonsense")).rejects.toThrow(BadCursor);
  });
});
