import type pg from "pg";
import type { ClaimMemory, ClaimPlace, ClaimRecord, Heard } from "@/lib/identity/claim";
import type { Side } from "@/lib/sync/plan-types";

/** A claim in one worker's hands, until its lease ends. */
export type LentClaim = ClaimMemory & {
  instanceId: number;
  project: string;
  place: ClaimPlace | null;
  anchor: string | null;
  now: Date;
  /** Says whose it is: the claim is ours as long as this stands in the row. */
  until: Date;
};

/** How many of our nonces are remembered: writes of so many renewals may be late at once. */
const NONCES = 8;

/** Claims that are due, each lent to one worker at a time. Closed or open: listening is only reading. */
export async function lendClaims(
  pool: pg.Pool,
  limit: number,
  leaseMs: number,
): Promise<LentClaim[]> {
  const { rows } = await pool.query<LentClaim>(
    `select instance_id as "instanceId", project, state, place, anchor, nonces, lent_until as until,
            accepted_mark as "acceptedMark", seen,
            still_since as "stillSince", moved_at as "movedAt", sync_now() as now
       from lend_claims($1, $2)`,
    [limit, Math.ceil(leaseMs)],
  );
  return rows;
}

export type ClaimUser = {
  connectionId: number;
  side: Side;
  /** The first issue of ours there, where the project itself has no place for us. */
  anchor: string | null;
};

/** A connection through which the claim can be read and, while that connection may be written to, renewed. */
export async function claimUser(
  pool: pg.Pool,
  { instanceId, project }: LentClaim,
): Promise<ClaimUser | null> {
  const { rows } = await pool.query<ClaimUser>(
    `select k.id as "connectionId", side,
            (select case side when 'local' then p.local_issue_id else p.remote_issue_id end
               from pair p where p.connection_id = k.id
                and case side when 'local' then p.local_issue_id else p.remote_issue_id end is not null
              order by p.id limit 1) as anchor
       from connection k, gate g, unnest(array['local', 'remote']) side
      where case side when 'local' then k.local_instance_id else k.remote_instance_id end = $1
        and coalesce((case side when 'local' then k.local_settings else k.remote_settings end) ->> 'project', '') = $2
      -- One that may be written to, if there is one.
      order by (k.held_sides = '{}' and (g.scope = '{}' or k.id = any (g.scope))) desc,
               k.error_code is not null, k.id
      limit 1`,
    [instanceId, project],
  );
  return rows[0] ?? null;
}

type Key = Pick<LentClaim, "instanceId" | "project" | "until">;

/**
 * Keeps what was heard, if this incarnation is still the gate's and the claim still in our hands. False:
 * it is not, and nothing was kept.
 */
export async function keepHeard(
  pool: pg.Pool,
  { instanceId, project, until }: Key,
  incarnation: string,
  heard: Heard,
  record: ClaimRecord | null,
  place: ClaimPlace | null,
): Promise<boolean> {
  const { rowCount } = await pool.query(
    `update claim set state = $4, still_since = $5, moved_at = $6, seen = $7, seen_at = sync_now(),
            place = coalesce($8, place), trouble = null
      where instance_id = $1 and project = $2 and lent_until = $9
        and exists (select from gate where incarnation = $3)`,
    [
      instanceId,
      project,
      incarnation,
      heard.state,
      heard.stillSince,
      heard.movedAt,
      record && JSON.stringify(record),
      place,
      until,
    ],
  );
  return rowCount === 1;
}

/**
 * Notes the nonce that is about to be sent, before it is: whatever happens to its answer, it is ours.
 * Returns the moment of asking; null when the claim is in another worker's hands by now.
 */
export async function noteNextNonce(
  pool: pg.Pool,
  { instanceId, project, until }: Key,
  nonce: string,
  place: ClaimPlace,
  anchor: string | null,
): Promise<Date | null> {
  const { rows } = await pool.query<{ now: Date }>(
    `update claim set next_nonce = $3, place = $4, anchor = $5,
            nonces = (array_prepend($3, nonces))[1:${NONCES}]
      where instance_id = $1 and project = $2 and lent_until = $6 returning sync_now() as now`,
    [instanceId, project, nonce, place, anchor, until],
  );
  return rows[0]?.now ?? null;
}

/** The renewal that was asked for at `askedAt` was confirmed: the claim is this incarnation's for a while. */
export async function noteHeld(
  pool: pg.Pool,
  { instanceId, project, until }: Key,
  incarnation: string,
  record: ClaimRecord,
  { askedAt, goodMs }: { askedAt: Date; goodMs: number },
): Promise<void> {
  await pool.query(
    `update claim set state = 'held', held_in = $3, last_nonce = $4, next_nonce = null, seen = $5,
            seen_at = sync_now(), written_at = sync_now(), still_since = sync_now(), trouble = null,
            good_until = $6::timestamptz + $7 * interval '1 millisecond'
      where instance_id = $1 and project = $2 and next_nonce = $4 and lent_until = $8
        and exists (select from gate where incarnation = $3)`,
    [
      instanceId,
      project,
      incarnation,
      record.nonce,
      JSON.stringify(record),
      askedAt,
      goodMs,
      until,
    ],
  );
}

/** No place there takes a record of ours: this protection is missing, and the console says so. */
export async function noteNoPlace(
  pool: pg.Pool,
  { instanceId, project, until }: Key,
  why: string,
): Promise<void> {
  await pool.query(
    `update claim set state = 'no_place', place = null, next_nonce = null, trouble = $3
      where instance_id = $1 and project = $2 and lent_until = $4`,
    [instanceId, project, why, until],
  );
}

/** Gives a claim back until its next look. */
export async function giveClaimBack(
  pool: pg.Pool,
  { instanceId, project, until }: Key,
  delayMs: number,
  trouble: string | null = null,
): Promise<void> {
  await pool.query(
    `update claim set lent_until = null, due_at = sync_now() + $3 * interval '1 millisecond',
            trouble = coalesce($4, trouble)
      where instance_id = $1 and project = $2 and lent_until = $5`,
    [instanceId, project, Math.round(delayMs), trouble, until],
  );
}
