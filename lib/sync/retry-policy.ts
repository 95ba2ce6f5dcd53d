/** The first retry comes within this time, each later one within twice the time before. */
const FIRST_DELAY_MS = 5_000;
/** An administrator who mended something will not wait longer. */
const LONGEST_DELAY_MS = 15 * 60 * 1_000;
/** After so many failures in a row a person is asked. */
export const MOST_FAILURES = 8;

/**
 * How long to wait after the `failures`th failure in a row: exponential with full jitter, so that
 * many entries that failed together do not come back together. `random` is in [0, 1).
 */
export function retryDelayMs(failures: number, random: number): number {
  const ceiling = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.max(0, failures - 1));
  return Math.round(ceiling / 2 + (ceiling / 2) * random);
}
