import type pg from "pg";
import type { FoundWebhook, Wish } from "@/lib/connections/webhook-rules";
import type { SyncError } from "@/lib/errors";
import type { Side } from "@/lib/sync/plan-types";

// The workers' part in the webhooks at instances: looking, and carrying out what people want.

/** A side in one worker's hands, until its lease ends. */
export type LentWebhook = {
  connectionId: number;
  side: Side;
  /** Null, too, when it was wanted of the node that this one is a copy of. */
  wish: Wish | null;
  wishedAt: Date | null;
  /** Where ours posts to, as the person saw it; null when nobody of this node asked for it yet. */
  address: string | null;
  /** Of the sealed secret that ours was registered with. */
  secretMark: string | null;
  /** Why the wish cannot be carried out now; null when it can. */
  waitsFor: string | null;
  /** Registered a moment ago, and nothing has come in yet: somebody may be waiting for it. */
  isAwaited: boolean;
  /** Says whose it is: the row is ours as long as this stands in it. */
  until: Date;
};

/** Sides that are due, each lent to one worker at a time. */
export async function lendWebhooks(
  pool: pg.Pool,
  limit: number,
  leaseMs: number,
): Promise<LentWebhook[]> {
  const { rows } = await pool.query<LentWebhook>(
    `select w.connection_id as "connectionId", w.side, w.wished_at as "wishedAt",
            case when w.identity = n.identity then w.wish end as wish,
            case when w.identity = n.identity then w.address end as address,
            case when w.identity = n.identity then w.secret_mark end as "secretMark",
            webhook_waits_for(w) as "waitsFor", w.lent_until as until,
            (w.heard_at is null and coalesce(w.registered_at > sync_now() - interval '30 minutes', false))
              as "isAwaited"
       from lend_webhooks($1, $2) w, node n`,
    [limit, Math.ceil(leaseMs)],
  );
  return rows;
}

type Key = Pick<LentWebhook, "connectionId" | "side" | "until">;
export type Looked = { found: FoundWebhook[]; signs: boolean };

/** Keeps what was found, and gives the row back until the next look. */
export async function keepLook(
  pool: pg.Pool,
  { connectionId, side, until }: Key,
  { found, signs }: Looked,
  nextMs: number,
): Promise<void> {
  await pool.query(
    `update webhook set found = $4, signs = $5, looked_at = sync_now(), trouble_code = null, trouble = null,
            lent_until = null, due_at = sync_now() + $6 * interval '1 millisecond'
      where connection_id = $1 and side = $2 and lent_until = $3`,
    [connectionId, side, until, JSON.stringify(found), signs, Math.round(nextMs)],
  );
}

/** What a person wanted is so: nobody wants it any more, unless somebody has asked for something else. */
export async function endWish(
  pool: pg.Pool,
  { connectionId, side, until, wish, wishedAt }: LentWebhook,
  secretMark: string,
): Promise<void> {
  await pool.query(
    `update webhook set wish = null, failure_code = null, failure = null, failure_at = null,
            secret_mark = case $5 when 'register' then $6 end,
            registered_at = case $5 when 'register' then sync_now() end
      where connection_id = $1 and side = $2 and lent_until = $3 and wished_at = $4`,
    [connectionId, side, until, wishedAt, wish, secretMark],
  );
}

/**
 * A wish that was not carried out: tried again after a while, or, with `againMs` null, only when a person
 * asks again. `error` null: nothing went wrong, it only was not the moment.
 */
export async function failWish(
  pool: pg.Pool,
  { connectionId, side, until, wishedAt }: LentWebhook,
  error: Pick<SyncError, "code" | "message"> | null,
  againMs: number | null,
): Promise<void> {
  await pool.query(
    `update webhook set wish = case when $7::float8 is null then null else wish end,
            failure_code = coalesce($5, failure_code), failure = coalesce($6, failure),
            failure_at = case when $5::text is null then failure_at else sync_now() end,
            try_at = sync_now() + coalesce($7, 0) * interval '1 millisecond'
      where connection_id = $1 and side = $2 and lent_until = $3 and wished_at = $4 and wish is not null`,
    [
      connectionId,
      side,
      until,
      wishedAt,
      error?.code ?? null,
      error?.message ?? null,
      againMs === null ? null : Math.round(againMs),
    ],
  );
}

/** The instance could not be looked at: what was found before is not known to stand. */
export async function keepTrouble(
  pool: pg.Pool,
  { connectionId, side, until }: Key,
  error: Pick<SyncError, "code" | "message">,
  nextMs: number,
): Promise<void> {
  await pool.query(
    `update webhook set trouble_code = $4, trouble = $5, lent_until = null,
            due_at = sync_now() + $6 * interval '1 millisecond'
      where connection_id = $1 and side = $2 and lent_until = $3`,
    [connectionId, side, until, error.code, error.message, Math.round(nextMs)],
  );
}

/** A side whose kind of instance has no webhooks, or that cannot be opened: left alone for a while. */
export async function giveWebhookBack(
  pool: pg.Pool,
  { connectionId, side, until }: Key,
  nextMs: number,
): Promise<void> {
  await pool.query(
    `update webhook set lent_until = null, due_at = sync_now() + $4 * interval '1 millisecond'
      where connection_id = $1 and side = $2 and lent_until = $3`,
    [connectionId, side, until, Math.round(nextMs)],
  );
}
