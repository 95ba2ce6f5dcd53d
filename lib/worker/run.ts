import { SyncError } from "@/lib/errors";
import { apply } from "@/lib/sync/apply";
import type { Claim } from "@/lib/sync/permit-store";
import type { Planned } from "@/lib/sync/plan";
import { isInStep } from "@/lib/sync/plan";
import type { Readings } from "@/lib/sync/plan-types";
import { outcomeWords, planDigest, planDirection, planWords } from "@/lib/sync/plan-words";
import { MOST_FAILURES, retryDelayMs } from "@/lib/sync/retry-policy";
import {
  completeEntry,
  type LentEntry,
  returnEntry,
  savePlan,
} from "@/lib/sync-queue/worker-store";
import { refuseLoop } from "@/lib/worker/break-loop";
import { type PairContext, readAndPlan, readingToKeep, summaryOf } from "@/lib/worker/read-pair";

// A create needs two rounds (the new issue, then its status and stamp) and a look at the end.
const MOST_ROUNDS = 6;
/** How soon it is looked whether the issue that another one is a part of has its twin. */
const PARENT_AGAIN_MS = 5_000;

export type RunInput = {
  context: PairContext;
  entry: LentEntry;
  claim: Claim;
  shouldStop: () => boolean;
  random: () => number;
};

/** What a run means for its connection: an error that stops it, or a sign that it works. */
export type RunEnd = { connectionError: SyncError | null };

/**
 * Brings the pair of one claimed entry in step: read, plan, send, read back, until nothing is left.
 * The claim always ends: completed, given back, or lost to a rescue.
 */
export async function run(input: RunInput): Promise<RunEnd> {
  const { context, entry, claim } = input;
  let writes = 0;
  let words = "";
  const told = new Set<string>();
  let fresh: Partial<Readings> = {};
  const giveBack = (delayMs: number, message: string | null) =>
    returnEntry(context.pool, claim, { state: "queued", delayMs, writes, code: null, message });
  try {
    for (let round = 0; round < MOST_ROUNDS; round++) {
      const result = await readAndPlan(context, entry.pairId, fresh);
      if (!result) return { connectionError: null };
      if (result.kind === "wait") {
        await giveBack(
          result.waitMs,
          "A write was not answered. It may still arrive: looked for again.",
        );
        return { connectionError: null };
      }
      const { planned, readings } = result;
      if (planned.waitsFor) {
        await keepPlan(input, planned, readings);
        await giveBack(PARENT_AGAIN_MS, `Waits for the twin of ${planned.waitsFor.key}.`);
        return { connectionError: null };
      }
      for (const text of planned.told ?? []) told.add(text);
      if (isInStep(planned)) for (const { text } of planned.plan.notes) told.add(text);
      if (isInStep(planned)) {
        const outcome = writes > 0 ? "applied" : "nothing_to_send";
        await completeEntry(context.pool, claim, {
          outcome,
          writes,
          words: outcomeWords(words, told),
          reading: readingToKeep(result),
        });
        return { connectionError: null };
      }
      if (round === 0) words = planWords(planned.plan);
      // Also what cannot be sent: a person sees in the plan what is to be decided.
      if (round === 0 || planned.problem) await keepPlan(input, planned, readings);
      if (planned.plan.writes.length === 0 && planned.problem)
        throw new SyncError(planned.problem.code, planned.problem.message);
      await refuseLoop(context, result);
      const applied = await apply(planned.plan.writes, {
        pool: context.pool,
        claim,
        sides: context.sides,
        readings,
        base: result.pair.base,
        marker: result.marker,
        shouldStop: input.shouldStop,
      });
      writes += applied.writes;
      if (applied.kind === "refused") {
        await giveBack(0, null);
        return { connectionError: null };
      }
      if (applied.kind === "failed") throw applied.error;
      if (planned.problem) throw new SyncError(planned.problem.code, planned.problem.message);
      // Only what was written to is read again.
      fresh = {
        ...(applied.sides.has("local") ? {} : { local: readings.local }),
        ...(applied.sides.has("remote") ? {} : { remote: readings.remote }),
      };
    }
    // Something answers each of our writes with a change of its own: let others go first.
    await giveBack(
      retryDelayMs(3, input.random()),
      "The pair changed as fast as it was written to.",
    );
    return { connectionError: null };
  } catch (error) {
    if (!(error instanceof SyncError)) throw error;
    return failWith(error, input, writes);
  }
}

async function keepPlan({ context, entry, claim }: RunInput, planned: Planned, readings: Readings) {
  if (entry.plannedVersion === entry.version && entry.planDigest === planDigest(planned.plan))
    return;
  await savePlan(context.pool, claim.entryId, entry.version, {
    plan: planned.plan,
    digest: planDigest(planned.plan),
    direction: planDirection(planned.plan),
    words: planWords(planned.plan),
    summary: summaryOf(readings),
  });
}

/** Errors stop as far as they must: the connection (the entry keeps its place), or the pair. */
async function failWith(error: SyncError, input: RunInput, writes: number): Promise<RunEnd> {
  const { context, claim, entry } = input;
  const end = { writes, code: error.code, message: error.message };
  if (error.stops === "connection") {
    await returnEntry(context.pool, claim, {
      ...end,
      state: "queued",
      delayMs: 0,
      code: null,
      message: null,
    });
    return { connectionError: error };
  }
  const failures = entry.failures + 1;
  const isWorthRetrying = error.code === "write_unanswered" && failures < MOST_FAILURES;
  await returnEntry(context.pool, claim, {
    ...end,
    state: error.code === "loop" ? "held" : isWorthRetrying ? "retrying" : "failed",
    delayMs: isWorthRetrying ? retryDelayMs(failures, input.random()) : 0,
  });
  return { connectionError: null };
}
