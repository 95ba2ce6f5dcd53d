import { randomUUID } from "node:crypto";
import { recordAudit } from "@/lib/audit/audit-store";
import { SetupError } from "@/lib/connections/setup-error";
import { actAs } from "@/lib/db/acting";
import type { Db } from "@/lib/db/database";
import { Prisma } from "@/lib/db/generated/client";
import { conditions } from "@/lib/sync-queue/browse-store";
import type { QueueFilter } from "@/lib/sync-queue/row";

/** A bulk action can be undone for this long. */
const UNDO_MINUTES = 10;
/** More or fewer than the person saw, by this share and a few: they look again first. */
const MAY_DIFFER_BY = 0.1;
const MAY_DIFFER_FEW = 5;

export type BulkAct = {
  act: "release" | "discard";
  filter: Omit<QueueFilter, "sort">;
  /** How many matched when the person looked. */
  count: number;
  by: string;
  reason?: string | undefined;
};

/**
 * Releases or discards everything that matches a filter, as the server parsed it. Refused when what
 * matches is not about what the person saw. What was done can be undone for ten minutes.
 */
export async function actOnFilter(
  db: Db,
  { act, filter, count, by, reason }: BulkAct,
): Promise<{ changed: number; undoId: string }> {
  const states =
    act === "release"
      ? Prisma.sql`e.state = 'held'`
      : Prisma.sql`e.state in ('queued', 'retrying', 'held', 'failed')`;
  const undoId = randomUUID();
  return db.$transaction(
    async (tx) => {
      await actAs(tx, by, act === "release" ? "retried" : "discarded");
      await tx.$executeRaw`delete from undo where expires_at < sync_now()`;
      await tx.$executeRaw`
        insert into undo (id, kind, at, by, expires_at, entries)
        values (${undoId}::uuid, ${act === "release" ? "released" : "discarded"}, sync_now(), ${by},
                sync_now() + ${UNDO_MINUTES}::int * interval '1 minute', 0)`;
      const changed = await tx.$executeRaw`
        with picked as materialized (
          select e.* from queue_entry e join pair p on p.id = e.pair_id
           where ${conditions({ ...filter, sort: "oldest" })} and ${states} for update of e
        )
        insert into undo_entry (undo_id, pair_id, entry) select ${undoId}::uuid, pair_id, to_jsonb(picked) from picked`;
      if (Math.abs(changed - count) > Math.max(MAY_DIFFER_FEW, count * MAY_DIFFER_BY))
        throw new SetupError(
          "conflict",
          `${changed} entries match now, and ${count} were shown: look again, then decide`,
        );
      await tx.$executeRaw`update undo set entries = ${changed}::int where id = ${undoId}::uuid`;
      if (act === "release")
        await tx.$executeRaw`
          update queue_entry e set state = 'queued', held_by = null, held_reason = null, failures = 0,
                 error_code = null, error_message = null, planned_version = null,
                 ready_at = sync_now(), updated_at = sync_now()
            from undo_entry u where u.undo_id = ${undoId}::uuid and u.pair_id = e.pair_id`;
      else
        await tx.$executeRaw`
          with gone as (
            delete from queue_entry e using undo_entry u
             where u.undo_id = ${undoId}::uuid and u.pair_id = e.pair_id returning e.*
          )
          insert into run (connection_id, pair_id, entry_id, attempt, ended_at, outcome, words)
          select connection_id, pair_id, id, attempt, sync_now(), 'discarded', ${reason ?? null} from gone`;
      await tx.$executeRaw`select pg_notify('sync_changed', ''), pg_notify('sync_wake', '')`;
      await recordAudit(tx, {
        actor: by,
        action: act === "release" ? "queue.released" : "queue.discarded",
        reason,
        detail: { ...(filter as Prisma.InputJsonObject), entries: changed, undo: undoId },
      });
      return { changed, undoId };
    },
    { timeout: 60_000 },
  );
}

/**
 * Undoes a bulk action as far as it still can be: what was released is held again unless it was sent
 * meanwhile, what was discarded stands in the queue again. Returns how many entries came back.
 */
export async function undoAct(
  db: Db,
  { undoId, by }: { undoId: string; by: string },
): Promise<number> {
  return db.$transaction(
    async (tx) => {
      const [undo] = await tx.$queryRaw<[{ kind: string }?]>`
        update undo set undone_at = sync_now()
         where id = ${undoId}::uuid and undone_at is null and expires_at > sync_now() returning kind`;
      if (!undo)
        throw new SetupError(
          "not_found",
          "this can no longer be undone: more than ten minutes have passed, or it was undone already",
        );
      const restored =
        undo.kind === "released"
          ? await tx.$executeRaw`
              update queue_entry e set state = 'held', updated_at = sync_now(),
                     held_by = u.entry ->> 'held_by', held_reason = u.entry ->> 'held_reason'
                from undo_entry u
               where u.undo_id = ${undoId}::uuid and u.pair_id = e.pair_id
                 and e.id = (u.entry ->> 'id')::int and e.state in ('queued', 'retrying', 'failed')`
          : await tx.$executeRaw`
              insert into queue_entry as e
              select (jsonb_populate_record(null::queue_entry, u.entry)).*
                from undo_entry u join pair p on p.id = u.pair_id
               where u.undo_id = ${undoId}::uuid and p.stopped_at is null
              -- Changed since: that entry stands already, and one is enough.
              on conflict (pair_id) do nothing`;
      await tx.$executeRaw`select pg_notify('sync_changed', ''), pg_notify('sync_wake', '')`;
      await recordAudit(tx, {
        actor: by,
        action: "queue.undone",
        detail: { undo: undoId, entries: restored },
      });
      return restored;
    },
    { timeout: 60_000 },
  );
}
