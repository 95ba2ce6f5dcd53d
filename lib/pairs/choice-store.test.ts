import type pg from "pg";
import { describe, expect } from "vitest";
import type { Db } from "@/lib/db/database";
import { listEpisodes } from "@/lib/error-log/browse-store";
import type { Fence } from "@/lib/gate/gate";
import { stopPair } from "@/lib/pairs/act-store";
import { decideConflicts, undoDecision } from "@/lib/pairs/choice-store";
import { choiceDigest } from "@/lib/sync/choice";
import type { Plan } from "@/lib/sync/plan-types";
import { claimEntries } from "@/lib/sync-queue/worker-store";
import { type Connected, test } from "@/lib/testing/connected";
import { activeGate, seedWorker } from "@/lib/testing/queue";
import { connectionContexts } from "@/lib/worker/contexts";
import { run } from "@/lib/worker/run";

/** A pair in step whose summary both sides then edit, with a worker for it that has met the conflict. */
async function inConflict(db: Db, pool: pg.Pool, connected: Connected) {
  const mia = {
    local: connected.production.as("mia-token"),
    remote: connected.partner.as("mia-token"),
  };
  const local = await mia.local.createIssue({ project: "PROD", summary: "Same" });
  const remote = await mia.remote.createIssue({ project: "ACME", summary: "Same" });
  const pairId = await connected.link(local.key, remote.key);
  await db.claim.updateMany({ data: { state: "no_place" } });
  await db.connection.updateMany({
    data: { mapping: { fields: { status: "none", priority: "none" } } },
  });
  const fence = await activeGate(db);
  const work = () => runOnce(db, pool, connected, fence);
  await work();
  const edit = async (side: "local" | "remote", summary: string) => {
    await mia[side].editIssue(side === "local" ? local.key : remote.key, { summary });
    await connected.poll();
  };
  await edit("local", "ours");
  await edit("remote", "theirs");
  await work();
  const conflicts = async () => {
    const entry = await db.queueEntry.findUniqueOrThrow({ where: { pairId } });
    return (entry.plan as unknown as Plan).conflicts;
  };
  const choose = async (side: "local" | "remote") => {
    const [conflict] = await conflicts();
    if (!conflict) throw new Error("there is no conflict");
    const choices = [{ field: conflict.field, side, digest: choiceDigest(conflict) }];
    return decideConflicts(db, { pairId, choices, by: "ada", reason: "it is right" });
  };
  const summaries = async () =>
    [await mia.local.getIssue(local.key), await mia.remote.getIssue(remote.key)].map(
      ({ fields }) => fields.summary,
    );
  return { pairId, work, edit, conflicts, choose, summaries };
}

async function runOnce(
  db: Db,
  pool: pg.Pool,
  connected: Connected,
  fence: Fence,
): Promise<boolean> {
  const workerId = await seedWorker(db, fence);
  const [entry] = await claimEntries(pool, workerId, fence, 1);
  if (!entry) return false;
  const env = { WRITE_TIMEOUT_MS: 3_000, INDEX_LAG_MS: 0, LOOP_ANSWER_MS: 5_000 } as never;
  const context = await connectionContexts(db, pool, connected.network, env).get(
    connected.connectionId,
  );
  const claim = { entryId: entry.id, attempt: entry.attempt, workerId, fence };
  await run({ context, entry, claim, shouldStop: () => false, random: () => 0 });
  return true;
}

describe("a conflict that waits for a person", () => {
  test("is sent as chosen, once; the choice and the error are history then", async ({
    connected,
    db,
    pool,
  }) => {
    const pair = await inConflict(db, pool, connected);
    expect(await pair.conflicts()).toMatchObject([
      {
        field: "summary",
        local: "ours",
        remote: "theirs",
        base: { local: "Same", remote: "Same" },
      },
    ]);
    expect(await pair.work()).toBe(false);
    expect(await pair.choose("remote")).toEqual({ left: 0 });
    await pair.work();
    expect(await pair.summaries()).toEqual(["theirs", "theirs"]);
    expect(await db.choice.count()).toBe(0);
    expect(await db.queueEntry.count()).toBe(0);
    expect((await listEpisodes(db, {})).rows).toMatchObject([
      { code: "conflict", clearedHow: "decided", clearedBy: "ada" },
    ]);
    expect(await db.audit.findMany({ where: { action: "conflict.decided" } })).toMatchObject([
      { actor: "ada", reason: "it is right", detail: { choices: { summary: "remote" } } },
    ]);
  });

  test("is asked again when either side changes after the choice", async ({
    connected,
    db,
    pool,
  }) => {
    const pair = await inConflict(db, pool, connected);
    await pair.choose("local");
    await pair.edit("remote", "theirs, once more");
    await pair.work();
    expect(await pair.summaries()).toEqual(["ours", "theirs, once more"]);
    expect(await db.queueEntry.findMany()).toMatchObject([
      { state: "failed", errorCode: "conflict" },
    ]);
    await pair.choose("local");
    await pair.work();
    expect(await pair.summaries()).toEqual(["ours", "ours"]);
  });

  test("is not decided by what was shown before the values changed", async ({
    connected,
    db,
    pool,
  }) => {
    const { pairId } = await inConflict(db, pool, connected);
    const digest = choiceDigest({ local: "ours", remote: "something older" });
    const choices = [{ field: "summary", side: "local" as const, digest }];
    await expect(decideConflicts(db, { pairId, choices, by: "ada" })).rejects.toThrow(
      "as it was shown",
    );
    expect(await db.choice.count()).toBe(0);
    expect(await db.audit.count({ where: { action: "conflict.decided" } })).toBe(0);
  });

  test("can be undecided until it is sent", async ({ connected, db, pool }) => {
    const pair = await inConflict(db, pool, connected);
    await pair.choose("local");
    await undoDecision(db, { pairId: pair.pairId, by: "ada" });
    await pair.work();
    expect(await pair.summaries()).toEqual(["ours", "theirs"]);
    expect(await db.queueEntry.findMany()).toMatchObject([{ errorCode: "conflict" }]);
    await pair.choose("local");
    await pair.work();
    await expect(undoDecision(db, { pairId: pair.pairId, by: "ada" })).rejects.toThrow("was sent");
  });

  test("ends with the sync of its pair", async ({ connected, db, pool }) => {
    const pair = await inConflict(db, pool, connected);
    await pair.choose("local");
    await stopPair(db, { id: pair.pairId, by: "ada" });
    expect(await db.choice.count()).toBe(0);
    expect(await pair.work()).toBe(false);
  });
});
