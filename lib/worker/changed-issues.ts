import { keepSide, type LentSide } from "@/lib/connections/watermark-store";
import type { ChangedIssue, OpenSide } from "@/lib/connectors/connector";
import type { PollInput } from "@/lib/worker/poll";

const MINUTE_MS = 60_000;
/** A minute that keeps changing is left after so many passes; the overlap of the next poll covers it. */
const MOST_PASSES = 20;

export type Follow = {
  input: PollInput;
  lent: LentSide;
  side: OpenSide;
  since: Date;
  which: "trigger" | "project";
};

/** `coveredTo`: how far it came; null when it came to the end. */
export type Followed = { lent: LentSide; coveredTo: Date | null };

/**
 * Walks all issues changed since a moment, oldest first, and hands each page to `record`. The window moves
 * with what was seen, since `startAt` shifts while issues change; inside one minute, which a search
 * cannot cut, pages are counted, and the minute is walked again until a pass adds nothing.
 */
export async function follow(
  { input, lent, side, since, which }: Follow,
  record: (issues: ChangedIssue[]) => Promise<number>,
): Promise<Followed> {
  let from = floorToMinute(since);
  let startAt = 0;
  let added = 0;
  let passes = 1;
  let kept = lent;
  for (;;) {
    if (input.isOver()) return { lent: kept, coveredTo: from };
    const page = await side.changedSince(from, startAt, which);
    added += await record(page.issues);
    const still = await keepSide(input.pool, kept);
    // Somebody else's now: what was recorded stays, the watermark is theirs to move.
    if (!still) return { lent: kept, coveredTo: from };
    kept = still;
    const last = page.issues.at(-1);
    const reached = startAt + page.issues.length;
    if (last && reached < page.total) {
      const minute = floorToMinute(new Date(last.updatedAt));
      if (minute > from) {
        from = minute;
        startAt = 0;
        added = 0;
        passes = 1;
      } else startAt = reached;
      continue;
    }
    if (startAt === 0 || added === 0 || passes >= MOST_PASSES)
      return { lent: kept, coveredTo: null };
    startAt = 0;
    added = 0;
    passes += 1;
  }
}

function floorToMinute(at: Date): Date {
  return new Date(Math.floor(at.getTime() / MINUTE_MS) * MINUTE_MS);
}
