import type pg from "pg";
import { KEPT_HOURS } from "@/lib/api/idempotency";

/**
 * Drops what is not needed any more of calls that were made: counts of past minutes, and answers that
 * were kept for their Idempotency-Key. Called by workers about once a minute; several at once do no harm.
 */
export async function forgetOldCalls(pool: pg.Pool): Promise<void> {
  await pool.query("delete from api_calls where minute < sync_now() - interval '5 minutes'");
  await pool.query(
    "delete from idempotency_key where at <= sync_now() - $1::int * interval '1 hour'",
    [KEPT_HOURS],
  );
}
