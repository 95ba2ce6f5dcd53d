import { recordAudit } from "@/lib/audit/audit-store";
import type { Db, DbOrTx } from "@/lib/db/database";
import { SYNC_ERRORS, type SyncError } from "@/lib/errors";
import type { Side } from "@/lib/sync/plan-types";

const FIRST_RETRY_MS = 5_000;
/** Somebody who brought an instance back will not wait longer for us to notice. */
const LONGEST_RETRY_MS = 5 * 60_000;
/** A connection that stops again within this time goes on where its delays had come to. */
const FORGET_ERRORS_MS = 15 * 60_000;
const PAUSE_MS = 30_000;

/**
 * Stops a connection for as long as its error asks: an instance's own word, doubling delays for what
 * mends itself, or until a person acts. Workers that fail together count as one failure. A rate limit
 * is no error: its instance is paused instead (both, when nobody says which side it was).
 */
export async function stopConnection(
  db: Db,
  id: number,
  { code, message, retryAfterMs }: Pick<SyncError, "code" | "message" | "retryAfterMs">,
  side?: Side,
): Promise<void> {
  if (code === "rate_limited") return pauseSides(db, id, retryAfterMs ?? PAUSE_MS, side);
  const waitsForPerson = SYNC_ERRORS[code].retry !== "backoff";
  await db.$transaction(async (tx) => {
    const [stopped] = await tx.$queryRaw<{ name: string; wasRunning: boolean }[]>`
      with before as (
        select id, error_code is null as was_running,
               case when error_code is not null and retry_at > sync_now() then error_count
                    when error_code is not null
                      or error_at > sync_now() - ${FORGET_ERRORS_MS}::int * interval '1 millisecond'
                      then error_count + 1
                    else 1 end as failures
          from connection where id = ${id}::int
           -- What waits for a person is not replaced by what would end by itself.
           and (${waitsForPerson}::bool or error_code is null or retry_at is not null)
           for update
      )
      update connection c
         set error_code = ${code}, error_message = ${message}, error_count = before.failures,
             error_at = case when before.was_running then sync_now() else c.error_at end,
             retry_at = case when not ${waitsForPerson}::bool then sync_now() + interval '1 millisecond' *
               coalesce(${retryAfterMs ?? null}::float8,
                        least(${LONGEST_RETRY_MS}::float8,
                              ${FIRST_RETRY_MS}::float8 * 2 ^ (least(greatest(before.failures, 1), 20) - 1))) end
        from before where c.id = before.id
      returning c.name, before.was_running as "wasRunning"`;
    if (!stopped?.wasRunning) return;
    await recordAudit(tx, {
      actor: "node",
      action: "connection.stopped",
      subject: stopped.name,
      detail: { error: code, message },
    });
    await tx.$executeRaw`select pg_notify('sync_changed', '')`;
  });
}

/** A connection works again. `false`: it had no error. */
export async function clearConnectionError(db: DbOrTx, id: number): Promise<boolean> {
  const { count } = await db.connection.updateMany({
    where: { id, errorCode: { not: null } },
    data: { errorCode: null, errorMessage: null, errorAt: null, errorCount: 0, retryAt: null },
  });
  return count === 1;
}

async function pauseSides(db: Db, id: number, forMs: number, side?: Side): Promise<void> {
  const connection = await db.connection.findUnique({ where: { id } });
  if (!connection) return;
  const { localInstanceId: local, remoteInstanceId: remote } = connection;
  const paused = side ? [{ local, remote }[side]] : [local, remote];
  // Never shortens a pause that another answer asked for.
  for (const instance of paused)
    await db.$executeRaw`
      update instance
         set paused_until = greatest(paused_until, sync_now() + ${forMs}::float8 * interval '1 millisecond')
       where id = ${instance}::int`;
}
