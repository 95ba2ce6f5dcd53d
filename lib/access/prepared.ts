import { setTimeout as pause } from "node:timers/promises";

// Next runs its instrumentation and its routes as separate modules of one process.
const shared = globalThis as unknown as { exalateAccess?: Promise<void> | undefined };

/** Notes that somebody is being let in for the first time: the first administrator, the first token. */
export function notePreparation(preparation: Promise<void>): void {
  shared.exalateAccess = preparation;
}

/**
 * Resolves when that has been done, or after `limitMs` when the database keeps it waiting: a console that
 * answers says then what is missing. At once when nothing was noted.
 */
export async function accessPrepared(limitMs: number): Promise<void> {
  const isOver = new AbortController();
  await Promise.race([
    shared.exalateAccess,
    pause(limitMs, undefined, { signal: isOver.signal }).catch(() => undefined),
  ]);
  isOver.abort();
}
