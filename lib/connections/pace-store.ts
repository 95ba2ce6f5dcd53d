import type pg from "pg";
import type { Limit } from "@/lib/connectors/pace";

export type Lent = {
  calls: number;
  /** It has named a limit: what is lent is counted. */
  isLimited: boolean;
  /** It brought no answer lately: one call is lent as a probe, or none. */
  isSilent: boolean;
  waitMs: number;
  failures: number;
};

/** Calls to an instance that its allowance has room for, up to `wanted`; see `lend_calls`. */
export async function lendCalls(pool: pg.Pool, instanceId: number, wanted: number): Promise<Lent> {
  const { rows } = await pool.query<{
    calls: number;
    is_limited: boolean;
    is_silent: boolean;
    wait_ms: number;
    failures_seen: number;
  }>("select * from lend_calls($1, $2)", [instanceId, wanted]);
  const [row] = rows;
  if (!row) throw new Error("lend_calls gave no row");
  return {
    calls: row.calls,
    isLimited: row.is_limited,
    isSilent: row.is_silent,
    waitMs: row.wait_ms,
    failures: row.failures_seen,
  };
}

/** Keeps what an instance says of its rate limit, for all workers. */
export async function noteLimit(pool: pg.Pool, instanceId: number, limit: Limit): Promise<void> {
  await pool.query("select from note_limit($1, $2, $3, $4)", [
    instanceId,
    limit.rate,
    limit.burst,
    limit.left,
  ]);
}

/** How many calls in a row brought no answer, this one included. */
export async function noteCall(
  pool: pg.Pool,
  instanceId: number,
  answered: boolean,
): Promise<number> {
  const { rows } = await pool.query<{ note_call: number }>("select note_call($1, $2)", [
    instanceId,
    answered,
  ]);
  return rows[0]?.note_call ?? 0;
}
