/** The host's clocks at one moment, in seconds: one runs on while the host sleeps, the other does not. */
export type Clocks = { sinceBoot: number; monotonic: number };

/** A clock's granularity and a slow reading between the two are far below this. */
const TOLERANCE_S = 2;

/** Whether the host was suspended between two readings: its boot clock ran on and its monotonic clock did not. */
export function wasSuspended(before: Clocks, now: Clocks): boolean {
  return now.sinceBoot - before.sinceBoot - (now.monotonic - before.monotonic) > TOLERANCE_S;
}
