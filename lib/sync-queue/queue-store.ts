import { recordAudit } from "@/lib/audit/audit-store";
import { actAs } from "@/lib/db/acting";
import type { Db } from "@/lib/db/database";
import { Prisma } from "@/lib/db/generated/client";
import type { EntryState } from "@/lib/sync-queue/row";

export type Act = { by: string; reason?: string | undefined };

// What people do to entries. Workers move them by the functions of the queue migration:
// queued -> running (claim_entries) -> gone (complete_entry) or queued, retrying, failed (return_entry).

/** Keeps entries back: a held entry is not sent until it is released. Running ones are not stopped. */
export async function hold(db: Db, ids: number[], act: Act): Promise<number> {
  return change(db, ids, act, "entry.held", ["queued", "retrying", "failed"], {
    state: "held",
    heldBy: act.by,
    heldReason: act.reason ?? null,
  });
}

/** Lets held entries go. */
export async function release(db: Db, ids: number[], act: Act): Promise<number> {
  return change(db, ids, act, "entry.released", ["held"], ready());
}

/** Tries failed entries again now, and retrying ones without waiting for their time. */
export async function retry(db: Db, ids: number[], act: Act): Promise<number> {
  return change(db, ids, act, "entry.retried", ["failed", "retrying"], ready());
}

/**
 * Takes entries off the queue without sending them. The difference between the two issues stays,
 * and is found again with the pair's next change.
 */
export async function discard(db: Db, ids: number[], act: Act): Promise<number> {
  if (ids.length === 0) return 0;
  return db.$transaction(async (tx) => {
    await actAs(tx, act.by, "discarded");
    const discarded = await tx.$queryRaw<{ id: number; pairId: number; state: string }[]>`
      with gone as (
        delete from queue_entry
         where id in (${Prisma.join(ids)}) and state in ('queued', 'retrying', 'held', 'failed')
        returning *
      ), history as (
        insert into run (connection_id, pair_id, entry_id, attempt, ended_at, outcome, words)
        select connection_id, pair_id, id, attempt, sync_now(), 'discarded', ${act.reason ?? null} from gone
      )
      select id, pair_id as "pairId", state from gone`;
    for (const entry of discarded)
      await recordAudit(tx, {
        actor: act.by,
        action: "entry.discarded",
        subject: `entry ${entry.id}`,
        reason: act.reason,
        detail: { pair: entry.pairId, state: entry.state },
      });
    await tx.$executeRaw`select pg_notify('sync_changed', '')`;
    return discarded.length;
  });
}

function ready() {
  return {
    state: "queued",
    failures: 0,
    errorCode: null,
    errorMessage: null,
    heldBy: null,
    heldReason: null,
    // What stood there was planned before; it is read again.
    plannedVersion: null,
  } satisfies Prisma.QueueEntryUpdateManyMutationInput;
}

/** One transaction; entries in another state are skipped, not failed. Returns how many changed. */
async function change(
  db: Db,
  ids: number[],
  act: Act,
  action: string,
  from: EntryState[],
  data: Prisma.QueueEntryUpdateManyMutationInput,
): Promise<number> {
  if (ids.length === 0) return 0;
  return db.$transaction(async (tx) => {
    await actAs(tx, act.by, "retried");
    const [clock] = await tx.$queryRaw<[{ now: Date }]>`select sync_now() as now`;
    const changed = await tx.queueEntry.updateManyAndReturn({
      where: { id: { in: ids }, state: { in: from } },
      data: {
        ...data,
        updatedAt: clock.now,
        ...(data.state === "queued" ? { readyAt: clock.now } : {}),
      },
      select: { id: true, pairId: true },
    });
    for (const entry of changed)
      await recordAudit(tx, {
        actor: act.by,
        action,
        subject: `entry ${entry.id}`,
        reason: act.reason,
        detail: { pair: entry.pairId },
      });
    await tx.$executeRaw`select pg_notify('sync_changed', ''), pg_notify('sync_wake', '')`;
    return changed.length;
  });
}
