import type pg from "pg";
import { keepSide, type LentSide } from "@/lib/connections/watermark-store";

/** Often enough that a slow answer or two do not cost us the side. */
const KEEP_EVERY_MS = 4_000;

/** A side that is ours to poll, for as long as we say so again and again. */
export type Holding = {
  /** Says at once that the poll goes on. Null when the side is another poller's by now. */
  keep(): Promise<LentSide | null>;
  /** Says no more, and tells what we have: the side as it was last kept. */
  end(): Promise<LentSide | null>;
};

/**
 * Keeps a side that was lent to us until `end`. Whoever is killed says nothing, and the side is lent to the
 * next worker after a quarter of a minute; however long an instance takes for an answer.
 */
export function holdSide(pool: pg.Pool, lent: LentSide, everyMs = KEEP_EVERY_MS): Holding {
  let held: LentSide | null = lent;
  // One after another: each is told apart by when the last one ends.
  let last = Promise.resolve();
  const keep = () => {
    const kept = last.then(async () => {
      held = held && (await keepSide(pool, held));
      return held;
    });
    last = kept.then(
      () => undefined,
      () => undefined,
    );
    return kept;
  };
  // A database that does not answer is noticed by the poll itself.
  const timer = setInterval(() => void keep().catch(() => undefined), everyMs);
  return {
    keep,
    async end() {
      clearInterval(timer);
      await last;
      return held;
    },
  };
}
