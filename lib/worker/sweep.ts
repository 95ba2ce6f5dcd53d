import type pg from "pg";
import { SyncError } from "@/lib/errors";
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

async function look({ pool, context }: SweepInput, pair: LentPair): Promise<void> {
  try {
    const result = await readAndPlan(await context(pair.connectionId), pair.pairId);
    if (result?.kind !== "planned" || isInStep(result.planned)) return;
    const [write] = result.planned.plan.writes;
    await recordSwept(pool, pair.pairId, write ? otherSide(write.side) : "local", "updated");
  } catch (error) {
    if (!(error instanceof SyncError) || error.stops === "connection") throw error;
    // The queue is where a person finds what stands in a pair's way.
    await recordSwept(
      pool,
      pair.pairId,
      "local",
      error.code === "issue_gone" ? "deleted" : "updated",
    );
  }
}
