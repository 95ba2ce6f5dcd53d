import type pg from "pg";
import type { Choices } from "@/lib/sync/choice";
import type { KnownComment } from "@/lib/sync/comments";
import { advancing, type Effect } from "@/lib/sync/permit-store";
import type { KnownPiece } from "@/lib/sync/pieces";
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
  pieces: KnownPiece[];
  /** No write until our marker is found where the connection points now. */
  isUnverified: Record<Side, boolean>;
  foreignWrites: string[];
  /** A sweep found an issue of it gone. */
  isThoughtGone: boolean;
  /** Whether both issues were in step at least once. */
  hasMet: boolean;
  /** What people chose in its conflicts. */
  choices: Choices;
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
    pieces: KnownPiece[];
    local_unverified: boolean;
    remote_unverified: boolean;
    foreign_writes: string[];
    thought_gone: boolean;
    in_step_at: Date | null;
    choices: Choices;
  }>(
    `select p.*, exists (select from gone_issue g where g.pair_id = p.id) as thought_gone, coalesce(p.identity, (select identity from node)) as identity, coalesce((
       select json_agg(json_build_object('side', c.side, 'id', c.comment_id, 'mirrorId', c.mirror_id, 'sent', c.sent))
         from comment_link c where c.pair_id = p.id), '[]') as known,
       coalesce((
       select json_agg(json_build_object('kind', l.kind, 'side', l.side, 'id', l.piece_id, 'mirrorId', l.mirror_id, 'sent', l.sent))
         from piece_link l where l.pair_id = p.id), '[]') as pieces,
       coalesce((select json_object_agg(h.field, json_build_object('side', h.side, 'digest', h.digest))
                   from choice h where h.pair_id = p.id), '{}') as choices
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
    pieces: row.pieces,
    isUnverified: { local: row.local_unverified, remote: row.remote_unverified },
    foreignWrites: row.foreign_writes,
    isThoughtGone: row.thought_gone,
    hasMet: row.in_step_at !== null,
    choices: row.choices,
  };
}

/** The twins of issues of one side on a connection, by id; those that have none are left out. */
export async function twinsOf(
  pool: pg.Pool,
  connectionId: number,
  side: Side,
  ids: string[],
): Promise<Map<string, { id: string; key: string }>> {
  if (ids.length === 0) return new Map();
  const [own, other] = side === "local" ? ["local", "remote"] : ["remote", "local"];
  const { rows } = await pool.query<{ own: string; id: string; key: string }>(
    `select ${own}_issue_id as own, ${other}_issue_id as id, coalesce(${other}_key, '') as key from pair
      where connection_id = $1 and ${own}_issue_id = any($2) and ${other}_issue_id is not null
        and not ${other}_unverified`,
    [connectionId, ids],
  );
  return new Map(rows.map(({ own: from, ...twin }) => [from, twin]));
}

/** Which of these issues of one side are under sync on a connection and have no twin yet. */
export async function awaitedOf(
  pool: pg.Pool,
  connectionId: number,
  side: Side,
  ids: string[],
): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const [own, other] = side === "local" ? ["local", "remote"] : ["remote", "local"];
  const { rows } = await pool.query<{ own: string }>(
    `select ${own}_issue_id as own from pair
      where connection_id = $1 and ${own}_issue_id = any($2) and ${other}_issue_id is null
        and stopped_at is null`,
    [connectionId, ids],
  );
  return new Set(rows.map(({ own: id }) => id));
}

/** Records a twin that was found again after its create's answer was lost. */
export async function adoptTwin(pool: pg.Pool, pairId: number, effect: Effect): Promise<void> {
  await advancing(() =>
    pool.query("select advance_pair($1, $2::jsonb)", [pairId, JSON.stringify(effect)]),
  );
}

/** Our marker was found where the connection points now: this side may be written to. */
export async function verifyPair(pool: pg.Pool, pairId: number, side: Side): Promise<void> {
  await pool.query("select verify_pair($1, $2)", [pairId, side]);
}

/** Our marker was not found there: the pair ends, and is listed with the reason. */
export async function unlinkPair(pool: pg.Pool, pairId: number, reason: string): Promise<void> {
  await pool.query("select unlink_pair($1, $2)", [pairId, reason]);
}

/**
 * Whether a write that an issue carries the stamp of was made by another node with our identity. Told
 * once: the second time a person has had the chance to look.
 */
export async function isForeignWrite(
  pool: pg.Pool,
  pairId: number,
  write: string,
): Promise<boolean> {
  const { rowCount } = await pool.query(
    `update pair set foreign_writes = array_append(foreign_writes, $2)
      where id = $1 and $2 <> all (foreign_writes)
        and not exists (select from permit where marker = $2)`,
    [pairId, write],
  );
  return rowCount === 1;
}
