import type pg from "pg";
import type { DbOrTx } from "@/lib/db/database";
import type { Side } from "@/lib/sync/plan-types";

/** How long a poll may go without a sign of life before another worker takes its side over. */
const LENT_MS = 15_000;
/** A webhook about an unknown issue asks for a poll at once, but a storm of them not for a storm of polls. */
const WANTED_EVERY_MS = 1_000;

/** One side of a connection in the hands of one poller, until `until` (which also says whose it is). */
export type LentSide = {
  connectionId: number;
  side: Side;
  /** Everything up to here is durably queued, by the instance's clock. */
  at: Date;
  until: Date;
  /** When it was lent: what happens from then on is for the next poll. */
  lentAt: Date;
  /** When a person wished that issues which exist already come in; null when nobody does. */
  existingWishedAt: Date | null;
  /** How far an unfinished round of that has come, by the instance's clock. */
  existingFrom: Date | null;
};

/** How far bringing in what exists has come in one poll: `null` to its end. */
export type BroughtIn = { wishedAt: Date; cameTo: Date | null };

/**
 * Lends one side that is due: not polled for `intervalMs`, or wanted since. `null` when none is.
 * Sides of stopped connections and paused instances are not due.
 */
export async function lendSide(pool: pg.Pool, intervalMs: number): Promise<LentSide | null> {
  const { rows } = await pool.query<LentSide>(
    `with due as materialized (
       -- MATERIALIZED: a planner free to re-run this could lend more than one row.
       select w.connection_id, w.side
         from watermark w
         join connection k on k.id = w.connection_id
         join instance i on i.id = case w.side when 'local' then k.local_instance_id else k.remote_instance_id end
        where coalesce(w.claimed_until, '-infinity') <= sync_now()
          and (coalesce(w.polled_at, '-infinity') <= sync_now() - $1 * interval '1 millisecond'
               or (w.wanted_at > w.polled_at and w.polled_at <= sync_now() - $3 * interval '1 millisecond'))
          and (k.error_code is null or k.retry_at <= sync_now())
          -- Nothing of a held connection is read but the claim.
          and k.held_sides = '{}'
          and coalesce(i.paused_until, '-infinity') <= sync_now()
        order by coalesce(w.polled_at, '-infinity')
        limit 1 for update of w skip locked
     )
     update watermark w set claimed_until = sync_now() + $2 * interval '1 millisecond'
       from due where w.connection_id = due.connection_id and w.side = due.side
     returning w.connection_id as "connectionId", w.side, w.at, w.claimed_until as until, sync_now() as "lentAt",
               w.existing_wished_at as "existingWishedAt", w.existing_from as "existingFrom"`,
    [intervalMs, LENT_MS, WANTED_EVERY_MS],
  );
  return rows[0] ?? null;
}

/** Says that a poll still goes on. `null`: it took too long, and the side is another poller's. */
export async function keepSide(pool: pg.Pool, lent: LentSide): Promise<LentSide | null> {
  const { rows } = await pool.query<{ until: Date }>(
    `update watermark set claimed_until = sync_now() + $4 * interval '1 millisecond'
      where connection_id = $1 and side = $2 and claimed_until = $3 returning claimed_until as until`,
    [lent.connectionId, lent.side, lent.until, LENT_MS],
  );
  return rows[0] ? { ...lent, until: rows[0].until } : null;
}

/**
 * Ends a poll that went well: everything up to `at` is durably queued. The watermark never goes back.
 * A connection that had stopped goes on when both of its sides have been polled since; how often it
 * failed is remembered for a while, since a side that answers does not yet take writes.
 * `broughtIn`: the wish that was carried out is forgotten once nothing is left of it; else the side is due
 * again at once. A wish that came meanwhile stays.
 */
export async function finishPoll(
  pool: pg.Pool,
  lent: LentSide,
  at: Date,
  clockOffsetMs: number,
  broughtIn: BroughtIn | null = null,
): Promise<boolean> {
  const { rowCount } = await pool.query(
    `with polled as (
       update watermark
          set at = greatest(at, $4), polled_at = $5, claimed_until = null,
              existing_from = case when existing_wished_at = $7 then $8 else existing_from end,
              wanted_at = case when existing_wished_at = $7 and $8::timestamptz is not null then sync_now() else wanted_at end,
              existing_wished_by = case when existing_wished_at = $7 and $8::timestamptz is null then null else existing_wished_by end,
              existing_wished_at = case when existing_wished_at = $7 and $8::timestamptz is null then null else existing_wished_at end
        where connection_id = $1 and side = $2 and claimed_until = $3
       returning connection_id, side
     ), clock as (
       update instance i set clock_offset_ms = $6
         from polled join connection k on k.id = polled.connection_id
        where i.id = case polled.side when 'local' then k.local_instance_id else k.remote_instance_id end
          and i.clock_offset_ms <> $6
     ), mended as (
       update connection k set error_code = null, error_message = null, retry_at = null
         from polled
        where k.id = polled.connection_id and k.error_code is not null and k.error_at < $5
          and exists (select from watermark o where o.connection_id = k.id and o.side <> polled.side
                         and o.polled_at > k.error_at)
     )
     select from polled`,
    [
      lent.connectionId,
      lent.side,
      lent.until,
      at,
      lent.lentAt,
      clockOffsetMs,
      broughtIn?.wishedAt ?? null,
      broughtIn?.cameTo ?? null,
    ],
  );
  return rowCount === 1;
}

/** Ends a poll that failed: the side is due again after `delayMs`. */
export async function giveSideBack(pool: pg.Pool, lent: LentSide, delayMs: number): Promise<void> {
  await pool.query(
    `update watermark set claimed_until = sync_now() + $4 * interval '1 millisecond'
      where connection_id = $1 and side = $2 and claimed_until = $3`,
    [lent.connectionId, lent.side, lent.until, delayMs],
  );
}

/** Notes the wish at a side's watermark, and wants a poll at once. `false`: it is wished already. */
export async function wishExisting(
  tx: DbOrTx,
  id: number,
  side: Side,
  by: string,
): Promise<boolean> {
  const noted = await tx.$executeRaw`
    update watermark
       set existing_wished_at = sync_now(), existing_wished_by = ${by}, existing_from = null,
           wanted_at = sync_now()
     where connection_id = ${id}::int and side = ${side} and existing_wished_at is null`;
  return noted === 1;
}
