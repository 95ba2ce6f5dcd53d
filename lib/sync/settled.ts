/** Clocks are compared over the network. */
const SLACK_MS = 1_000;

/**
 * Whether an issue that was changed at `updatedAt` cannot change again and say the same moment: an instance
 * that tells whole seconds says one moment of everything that happens within one. `now` is by its clock, in
 * milliseconds.
 */
export function isSettled(updatedAt: string, now: number): boolean {
  const at = Date.parse(updatedAt);
  return at % 1_000 !== 0 || now >= at + 1_000 + SLACK_MS;
}

/**
 * The moment up to which a reading knows its issue, when it was begun at `now`: just before `updatedAt` while
 * that second is not over, so that the issue is looked at once more when it is.
 */
export function knownUntil(updatedAt: string, now: number): string {
  return isSettled(updatedAt, now) ? updatedAt : new Date(Date.parse(updatedAt) - 1).toISOString();
}
