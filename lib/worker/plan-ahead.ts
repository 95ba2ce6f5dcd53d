import { SyncError } from "@/lib/errors";
import { isInStep } from "@/lib/sync/plan";
import { outcomeWords, planDigest, planDirection, planWords } from "@/lib/sync/plan-words";
import {
  type LentEntry,
  leaveQueue,
  notePlanningError,
  savePlan,
} from "@/lib/sync-queue/worker-store";
import { type PairContext, readAndPlan, readingToKeep, summaryOf } from "@/lib/worker/read-pair";

const PLAN_AGAIN_MS = 60_000;

/**
 * Reads and plans one entry while nothing may be sent. What has nothing to send leaves the queue, so
 * that the queue lists what would be synchronised. Returns an error that concerns the whole connection.
 */
export async function planAhead(context: PairContext, entry: LentEntry): Promise<SyncError | null> {
  try {
    const result = await readAndPlan(context, entry.pairId);
    if (!result) return null;
    if (result.kind === "wait") {
      await notePlanningError(context.pool, entry.id, entry.version, {
        code: "write_unanswered",
        message: "A write was not answered. It may still arrive: looked for again.",
        delayMs: result.waitMs,
      });
      return null;
    }
    const { planned, readings } = result;
    const summary = summaryOf(readings);
    if (isInStep(planned)) {
      const words = outcomeWords(
        "",
        planned.plan.notes.map(({ text }) => text),
      );
      const reading = readingToKeep(result);
      await leaveQueue(context.pool, entry.id, entry.version, { reading, summary, words });
      return null;
    }
    await savePlan(context.pool, entry.id, entry.version, {
      plan: planned.plan,
      digest: planDigest(planned.plan),
      direction: planDirection(planned.plan),
      words: planWords(planned.plan) || planned.problem?.message || "",
      summary,
    });
    return null;
  } catch (error) {
    if (!(error instanceof SyncError)) throw error;
    await notePlanningError(context.pool, entry.id, entry.version, {
      code: error.code,
      message: error.message,
      delayMs: error.stops === "connection" ? 1_000 : PLAN_AGAIN_MS,
    });
    return error.stops === "connection" ? error : null;
  }
}
