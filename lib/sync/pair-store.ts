import type pg from "pg";
import type { KnownComment } from "@/lib/sync/comments";
import type { Effect } from "@/lib/sync/permit-store";
import type { Side } from "@/lib/sync/plan-types";
import type { Fields } from "@/lib/sync/replica";

export type PairRow = {
  id: number;
  connectionId: number;
  identity: string;
  issueId: Record<Side, string | null>;
  key: Record<Side, string | null>;
  base: Record<Side, Fields | null>;
  known: KnownComment[];
};

/** A pair with what is known of its comments, in one round trip. Null when it is gone. */
export async function readPair(pool: pg.Pool, pairId: number): Promise<PairRow | null> {
  const { rows } = await pool.query<{
    id: number;
    connection_id: number;
    identity: string;
    local_issue_id: string | null;
    remote_issue_id: string | null;
    local_key: string | null;
    remote_key: string | null;
    local_base: Fields | null;
    remote_base: Fields | null;
    known: KnownComment[];
  }>(
    `select p.*, (select identity from node) as identity, coalesce((
       select json_agg(json_build_object('side', c.side, 'id', c.comment_id, 'mirrorId', c.mirror_id, 'sent', c.sent))
         from comment_link c where c.pair_id = p.id), '[]') as known
       from pair p where p.id = $1`,
    [pairId],
  );
  const row = rows[0];
  if (!row) return null;
  return {
    id: row.id,
    connectionId: row.connection_id,
    identity: row.identity,
    issueId: { local: row.local_issue_id, remote: row.remote_issue_id },
    key: { local: row.local_key, remote: row.remote_key },
    base: { local: row.local_base, remote: row.remote_base },
    known: row.known,
  };
}

/** Records a twin that was found again after its create's answer was lost. */
export async function adoptTwin(pool: pg.Pool, pairId: number, effect: Effect): Promise<void> {
  await pool.query("select advance_pair($1, $2::jsonb)", [pairId, JSON.stringify(effect)]);
}
