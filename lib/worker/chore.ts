import { log } from "@/lib/log";

/** Work beside the queue. */
export type Chore<Given extends unknown[]> = {
  /** Begins it when it is due and none of it is under way. Never throws, and never waits. */
  tick(...given: Given): void;
  /** Resolves when none of it is under way. */
  ended(): Promise<void>;
};

/**
 * Something that is done again and again: one at a time, begun at most every `everyMs`. A failure is logged
 * as `trouble` and forgotten: the next turn tries again.
 */
export function chore<Given extends unknown[]>(
  everyMs: number,
  trouble: string,
  carryOut: (...given: Given) => Promise<unknown>,
): Chore<Given> {
  let underWay: Promise<void> | undefined;
  let begunAt = Number.NEGATIVE_INFINITY;

  async function once(given: Given): Promise<void> {
    try {
      await carryOut(...given);
    } catch (error) {
      log.warn(trouble, { error: String(error) });
    }
  }

  return {
    tick(...given) {
      if (underWay || performance.now() - begunAt < everyMs) return;
      begunAt = performance.now();
      underWay = once(given).then(() => {
        underWay = undefined;
      });
    },
    ended: async () => underWay,
  };
}
