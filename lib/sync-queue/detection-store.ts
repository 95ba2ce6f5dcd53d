import type pg from "pg";
import type { ChangedIssue } from "@/lib/connectors/connector";
import type { Side } from "@/lib/sync/plan-types";

export type DetectedChange = {
  connectionId: number;
  side: Side;
  issueId: string;
  kind: "created" | "updated" | "commented" | "deleted";
  via: "webhook" | "poll" | "sweep";
  actor: string | null;
  happenedAt: Date | null;
  /** Equal for repeated deliveries of one event. */
  fingerprint: string;
};

/**
 * `known`: a repeated delivery. `no_pair`: the issue is not under sync; its side is polled at once.
 * `stopped`: a person ended its sync, so nothing is noted.
 */
export type Recorded = "recorded" | "known" | "no_pair" | "stopped";

/** Marks the pair of an issue as changed, in one round trip; see `record_change`. */
export async function recordChange(pool: pg.Pool, change: DetectedChange): Promise<Recorded> {
  const { rows } = await pool.query<{ result: Recorded }>(
    "select record_change($1,$2,$3,$4,$5,$6,$7,$8,0) as result",
    [
      change.connectionId,
      change.side,
      change.issueId,
      change.kind,
      change.via,
      change.actor,
      change.happenedAt,
      change.fingerprint,
    ],
  );
  return rows[0]?.result ?? "no_pair";
}

// Sides are columns of a pair; these names are ours, never somebody's input.
const COLUMNS = {
  local: { id: "local_issue_id", key: "local_key", seenAt: "local_seen_at" },
  remote: { id: "remote_issue_id", key: "remote_key", seenAt: "remote_seen_at" },
} as const;

/**
 * Marks the pairs of issues that a poll found as changed, in one round trip; returns how many were.
 * Not marked: what was read in step as it is now, and what a webhook told of at the same moment.
 */
export async function recordFound(
  pool: pg.Pool,
  connectionId: number,
  side: Side,
  issues: ChangedIssue[],
): Promise<number> {
  if (issues.length === 0) return 0;
  const { id, seenAt } = COLUMNS[side];
  const { rows } = await pool.query<{ result: Recorded }>(
    `select record_change($1, $2, f.id, 'updated', 'poll', null, f."updatedAt", 'poll:' || (f.raw), 0) as result
       from (select f.id, f."updatedAt"::timestamptz(3), f."updatedAt" as raw
               from jsonb_to_recordset($3::jsonb) as f(id text, "updatedAt" text)) f
       join pair p on p.connection_id = $1 and p.${id} = f.id
      where p.${seenAt} is distinct from f."updatedAt" and p.stopped_at is null
        and not exists (select from change c where c.connection_id = $1 and c.side = $2
                           and c.issue_id = f.id and c.happened_at = f."updatedAt")
      -- In the order of the pairs: two pollers that lock entries in different orders would deadlock.
      order by p.id`,
    [connectionId, side, JSON.stringify(issues)],
  );
  return rows.filter(({ result }) => result === "recorded").length;
}

/**
 * Brings issues that a trigger found under sync: a pair without a twin, its entry and its first change
 * each. Issues that are in a pair of this connection already, as source or as twin, are left alone.
 * Two pollers at once make one pair: the unique key decides. Returns how many are new.
 * `priority`: 0 goes before 1.
 */
export async function beginPairs(
  pool: pg.Pool,
  connectionId: number,
  side: Side,
  issues: ChangedIssue[],
  priority: 0 | 1 = 0,
): Promise<number> {
  if (issues.length === 0) return 0;
  const { id, key } = COLUMNS[side];
  const { rowCount } = await pool.query(
    `with found as (
       select * from jsonb_to_recordset($3::jsonb)
         as f(id text, key text, summary text, "updatedAt" timestamptz(3))
     ), new_pair as (
       insert into pair (connection_id, ${id}, ${key}, summary, created_at)
       select $1, f.id, f.key, f.summary, sync_now() from found f
        where not exists (select from pair p where p.connection_id = $1 and p.${id} = f.id)
        order by f.id
       on conflict (connection_id, ${id}) do nothing
       returning id as pair_id, ${id} as issue_id
     ), entry as (
       insert into queue_entry (connection_id, pair_id, priority, created_at, updated_at, ready_at, born_in)
       select $1, pair_id, $4, sync_now(), sync_now(), sync_now(), (select incarnation from gate) from new_pair
       returning id as entry_id, pair_id
     )
     insert into change (connection_id, pair_id, entry_id, side, issue_id, kind, via, happened_at, at, fingerprint)
     select $1, pair_id, entry_id, $2, issue_id, 'created', 'trigger', found."updatedAt", sync_now(),
            'trigger:' || pair_id
       from new_pair join entry using (pair_id) join found on found.id = issue_id`,
    [connectionId, side, JSON.stringify(issues), priority],
  );
  return rowCount ?? 0;
}
