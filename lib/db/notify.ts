import type pg from "pg";

export type Channel = "sync_wake" | "sync_changed" | "sync_question";

/** Commits that notify queue up behind each other, so many changes make one notice. */
const COALESCE_MS = 100;

const pending = new Map<Channel, NodeJS.Timeout>();

/**
 * Tells listeners that something changed: at most once in 100 ms, channel and process, and never in
 * the transaction that changed it. A notice that fails is not missed: everyone who listens polls as well.
 */
export function notifySoon(pool: pg.Pool, channel: Channel): void {
  if (pending.has(channel)) return;
  const timer = setTimeout(() => {
    pending.delete(channel);
    pool.query("select pg_notify($1, '')", [channel]).catch(() => undefined);
  }, COALESCE_MS);
  // A process that has nothing else to do may end.
  timer.unref();
  pending.set(channel, timer);
}
