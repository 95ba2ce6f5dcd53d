import type { Check } from "@/lib/connections/setup";
import { SyncError, type SyncErrorCode } from "@/lib/errors";

/** A clock that is off by more makes times of edits hard to compare. */
const MOST_OFFSET_MS = 60_000;

/** What came of one check of an instance. */
export type Outcome = Omit<Check, "id" | "what">;

export const fine = (said: string): Outcome => ({ state: "fine", said, advice: null });

/** `offsetMs`: how far the instance's clock is ahead of ours. */
export function clockOutcome(offsetMs: number): Outcome {
  const seconds = Math.round(Math.abs(offsetMs) / 1_000);
  if (Math.abs(offsetMs) <= MOST_OFFSET_MS)
    return fine(`Within ${Math.max(1, seconds)} s of ours.`);
  return {
    state: "doubtful",
    said: `${seconds} s ${offsetMs > 0 ? "ahead of" : "behind"} ours.`,
    advice:
      "It is allowed for, but which of two edits was later may be judged wrongly. Set the clocks.",
  };
}

/** What helps against an error, by its code. */
export type Advice = Partial<Record<SyncErrorCode, string>>;

/** A check that could not be made, for a reason of the instance's. A bug is thrown on. */
export function couldNotCheck(error: unknown, advice: Advice): Outcome {
  if (!(error instanceof SyncError)) throw error;
  return { state: "wrong", said: `${error.message}.`, advice: advice[error.code] ?? null };
}

/** Runs checks one after the other and keeps what comes of each. */
export function runChecks(advice: Advice) {
  const checks: Check[] = [];
  return {
    checks,
    /** Whether what comes next makes sense: not after something that is wrong. */
    async run(id: string, what: string, look: () => Promise<Outcome>): Promise<boolean> {
      const outcome = await look().catch((error: unknown) => couldNotCheck(error, advice));
      checks.push({ id, what, ...outcome });
      return outcome.state !== "wrong";
    },
  };
}
