import { recordAudit } from "@/lib/audit/audit-store";
import { clearConnectionError } from "@/lib/connections/error-store";
import { actAs } from "@/lib/db/acting";
import type { Db } from "@/lib/db/database";
import { Prisma } from "@/lib/db/generated/client";
import { STANDING_ERRORS } from "@/lib/error-log/browse-store";

export type RetryGroup = { code: string; cause: string; by: string; reason?: string | undefined };

/**
 * Tries everything of one cause again: what failed is read and sent anew, what could not be planned is
 * planned anew. Held entries are planned, and stay held, but for those that the loop breaker holds: for
 * them this is the release. Returns how many entries that was.
 */
export async function retryGroup(db: Db, group: RetryGroup): Promise<number> {
  const { code, cause, by, reason } = group;
  return retry(db, {
    matching: Prisma.sql`x.code = ${code} and x.cause = ${cause}`,
    by,
    reason,
    detail: { code, cause },
  });
}

/** Tries every error again, those of connections as well. Returns how many entries and connections that was. */
export async function retryEverything(
  db: Db,
  { by, reason }: { by: string; reason?: string | undefined },
): Promise<number> {
  // What answers itself is released by itself: not among everything else.
  const matching = Prisma.sql`x.code <> 'loop'`;
  return retry(db, { matching, by, reason, detail: {}, withConnections: true });
}

const READY = Prisma.sql`(e.state in ('failed', 'retrying') or e.error_code = 'loop')`;

type Retry = {
  matching: Prisma.Sql;
  by: string;
  reason: string | undefined;
  detail: Record<string, string>;
  withConnections?: boolean;
};

async function retry(
  db: Db,
  { matching, by, reason, detail, withConnections = false }: Retry,
): Promise<number> {
  return db.$transaction(
    async (tx) => {
      await actAs(tx, by, "retried");
      const entries = await tx.$executeRaw`
        with picked as materialized (select x.id from ${STANDING_ERRORS} x where ${matching} order by x.id)
        update queue_entry e
           set state = case when ${READY} then 'queued' else e.state end,
               failures = case when ${READY} then 0 else e.failures end,
               ready_at = case when ${READY} then sync_now() else e.ready_at end,
               error_code = null, error_message = null,
               planned_version = null, planning_until = null, updated_at = sync_now()
          from picked where e.id = picked.id and e.state <> 'running'`;
      let connections = 0;
      if (withConnections) {
        const stopped = await tx.connection.findMany({ where: { errorCode: { not: null } } });
        for (const { id } of stopped)
          if (await clearConnectionError(tx, id)) {
            connections += 1;
            await tx.queueEntry.updateMany({
              where: { connectionId: id },
              data: { planningUntil: null },
            });
            await tx.$executeRaw`
              update watermark set wanted_at = sync_now(), claimed_until = null where connection_id = ${id}::int`;
          }
      }
      if (entries + connections === 0) return 0;
      await tx.$executeRaw`select pg_notify('sync_changed', ''), pg_notify('sync_wake', '')`;
      await recordAudit(tx, {
        actor: by,
        action: "errors.retried",
        reason,
        detail: { ...detail, entries, connections },
      });
      return entries + connections;
    },
    { timeout: 60_000 },
  );
}
