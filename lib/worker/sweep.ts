import type pg from "pg";
import { SyncError } from "@/lib/errors";
import { absenceOf } from "@/lib/sync/absence";
import { noteAbsence, noteMoved, readMissing } from "@/lib/sync/gone-store";
import { isInStep } from "@/lib/sync/plan";
import { otherSide } from "@/lib/sync/plan-types";
import {
  type LentPair,
  lendForSweep,
  recordSwept,
  type SweepPace,
} from "@/lib/sync-queue/sweep-store";
import { type PairContext, readAndPlan } from "@/lib/worker/read-pair";

/** Pairs that one worker looks at, one after the other, before it asks for more. */
const AT_A_TIME = 5;
const SIDES = ["local", "remote"] as const;

export type SweepInput = {
  pool: pg.Pool;
  pace: SweepPace;
  context: (connectionId: number) => Promise<PairContext>;
  /** An error that reaches the whole connection. */
  stopped: (connectionId: number, error: SyncError) => Promise<void>;
  isOver: () => boolean;
};

/**
 * One slow step over all pairs: reads a few that nothing was heard of for long, and puts those into the
 * queue that are out of step. Only reads, so it goes on while the gate is closed. It keeps no reading: a
 * run that began meanwhile knows better. Returns how many pairs it looked at.
 */
export async function sweepSome(input: SweepInput): Promise<number> {
  const pairs = await lendForSweep(input.pool, AT_A_TIME, input.pace);
  for (const pair of pairs) {
    if (input.isOver()) break;
    try {
      await look(input, pair);
    } catch (error) {
      if (!(error instanceof SyncError)) throw error;
      // The next ones would meet the same.
      await input.stopped(pair.connectionId, error);
      break;
    }
  }
  return pairs.length;
}

/** One answer of 404 says little: a list of it and of others tells whether it is the issue that is gone. */
async function lookForMissing(
  pool: pg.Pool,
  { sides }: PairContext,
  { pairId }: LentPair,
): Promise<void> {
  for (const { side, id, others, known } of await readMissing(pool, pairId)) {
    if ((await sides[side].readIssue(id)) !== null) continue;
    const list = await sides[side].listed([id, ...others]);
    const absence = absenceOf(
      list && {
        isListed: list.has(id),
        others: others.length,
        othersListed: others.filter((other) => list.has(other)).length,
      },
      known,
    );
    if (absence !== "unclear") await noteAbsence(pool, pairId, side, absence);
  }
}

async function look({ pool, context }: SweepInput, pair: LentPair): Promise<void> {
  try {
    const result = await readAndPlan(await context(pair.connectionId), pair.pairId);
    if (result?.kind !== "planned") return;
    for (const side of SIDES) {
      const to = result.readings[side]?.key;
      const from = result.pair.key[side];
      if (to !== undefined && to !== from) await noteMoved(pool, pair.pairId, side, { from, to });
    }
    if (isInStep(result.planned)) return;
    const [write] = result.planned.plan.writes;
    await recordSwept(pool, pair.pairId, write ? otherSide(write.side) : "local", "updated");
  } catch (error) {
    if (!(error instanceof SyncError) || error.stops === "connection") throw error;
    if (error.code === "issue_gone")
      await lookForMissing(pool, await context(pair.connectionId), pair);
    // The queue is where a person finds what stands in a pair's way.
    await recordSwept(
      pool,
      pair.pairId,
      "local",
      error.code === "issue_gone" ? "deleted" : "updated",
    );
  }
}
