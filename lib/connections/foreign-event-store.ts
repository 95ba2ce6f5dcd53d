import type pg from "pg";
import { fromParts, toParts } from "@/lib/identity/address";
import type { Side } from "@/lib/sync/plan-types";

/** Whether an event's links name another instance than the confirmed one. Nothing to compare is no difference. */
export function isForeign(base: string | null, reported: string | null): boolean {
  return (
    base !== null && reported !== null && fromParts(toParts(base)) !== fromParts(toParts(reported))
  );
}

/**
 * Counts an event whose links name another instance: a clone that still sends to us. It stays a hint
 * like any other: the issue is read back from the configured address, and what it said is not believed.
 */
export async function countForeignEvent(
  pool: pg.Pool,
  event: { connectionId: number; side: Side; base: string },
): Promise<void> {
  await pool.query(
    `insert into foreign_event as f (connection_id, side, base, events, first_at, last_at)
     values ($1, $2, $3, 1, sync_now(), sync_now())
     on conflict (connection_id, side, base) do update set events = f.events + 1, last_at = sync_now()`,
    // The sender chooses the text; there is no use in more of it.
    [event.connectionId, event.side, event.base.slice(0, 255)],
  );
}
