import type pg from "pg";
import type { Side } from "@/lib/sync/plan-types";

export type LentPair = { pairId: number; connectionId: number };

/** How slowly all pairs are looked at again, whether anything was heard of them or not. */
export type SweepPace = {
  /** Pairs of one connection in a minute. */
  aMinute: number;
  /** No pair is looked at twice within this time. */
  restMs: number;
};

/** Up to `limit` pairs of one connection that were looked at longest ago; see `lend_for_sweep`. */
export async function lendForSweep(
  pool: pg.Pool,
  limit: number,
  { aMinute, restMs }: SweepPace,
): Promise<LentPair[]> {
  const { rows } = await pool.query<{ pair_id: number; connection_id: number }>(
    `select s.* from lend_for_sweep($1, $2, $3 * interval '1 millisecond') s
       join pair p on p.id = s.pair_id and p.stopped_at is null`,
    [limit, aMinute, restMs],
  );
  return rows.map((row) => ({ pairId: row.pair_id, connectionId: row.connection_id }));
}

/**
 * Marks a pair that a sweep found out of step as changed, after edits by people. Whatever else was heard
 * of it meanwhile counts as well: the entry is read anew before anything is sent. That an issue is gone is
 * told once, not with each sweep.
 */
export async function recordSwept(
  pool: pg.Pool,
  pairId: number,
  side: Side,
  kind: "updated" | "deleted",
): Promise<void> {
  await pool.query(
    `select record_change(p.connection_id, $2, case $2 when 'local' then p.local_issue_id else p.remote_issue_id end,
                          $3, 'sweep', null, null, 'sweep:' || extract(epoch from sync_now()), 1)
       from pair p where p.id = $1
        and not ($3 = 'deleted' and exists (select from queue_entry e where e.pair_id = p.id))`,
    [pairId, side, kind],
  );
}
