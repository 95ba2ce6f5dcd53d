import type pg from "pg";
import { notifySoon } from "@/lib/db/notify";
import { log } from "@/lib/log";
import type { Side } from "@/lib/sync/plan-types";

/** A storm of events is noted once in this time. */
const NOTE_EVERY_MS = 1_000;
/** Only sides of connections that exist come here. */
const notedOf = new WeakMap<pg.Pool, Map<string, number>>();

export type Arrival = {
  connectionId: number;
  side: Side;
  /** Null: it was proven to come from the instance. */
  doubt: string | null;
};

/**
 * Notes that an event came in, so that people see that their webhook reaches us, or why it does not. Behind
 * the answer, not before it: nothing depends on this.
 */
export function noteArrival(pool: pg.Pool, { connectionId, side, doubt }: Arrival): void {
  const name = `${connectionId}|${side}|${doubt === null}`;
  const notedAt = notedOf.get(pool) ?? new Map<string, number>();
  notedOf.set(pool, notedAt);
  const now = performance.now();
  if (now - (notedAt.get(name) ?? Number.NEGATIVE_INFINITY) < NOTE_EVERY_MS) return;
  notedAt.set(name, now);
  const noted =
    doubt === null
      ? pool.query(
          "update webhook set heard_at = sync_now() where connection_id = $1 and side = $2",
          [connectionId, side],
        )
      : pool.query(
          `update webhook set doubted_at = sync_now(), doubt = $3
            where connection_id = $1 and side = $2`,
          [connectionId, side, doubt],
        );
  noted
    .then(() => notifySoon(pool, "sync_changed"))
    .catch((error: unknown) =>
      log.warn("an event's arrival could not be noted", {
        connection: connectionId,
        error: String(error),
      }),
    );
}
