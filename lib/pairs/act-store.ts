import { randomUUID } from "node:crypto";
import { recordAudit } from "@/lib/audit/audit-store";
import { SetupError } from "@/lib/connections/setup-error";
import { actAs } from "@/lib/db/acting";
import type { Db, DbOrTx } from "@/lib/db/database";

export type PairAct = { id: number; by: string; reason?: string | undefined };

type Locked = {
  id: number;
  connectionId: number;
  localIssueId: string | null;
  localKey: string | null;
  remoteIssueId: string | null;
  remoteKey: string | null;
  stoppedAt: Date | null;
  entryState: string | null;
};

/**
 * Puts a pair in the queue as if one of its issues had changed: both are read anew, and what differs is
 * sent as usual. A held entry stays held. Throws `SetupError` when its sync is stopped.
 */
export async function askForSync(db: Db, { id, by, reason }: PairAct): Promise<void> {
  await db.$transaction(async (tx) => {
    await actAs(tx, by, "retried");
    const pair = await lockPair(tx, id);
    if (pair.stoppedAt)
      throw new SetupError("conflict", "its sync is stopped: start it again first");
    await recordAsked(tx, pair, by);
    await tx.$executeRaw`select pg_notify('sync_wake', ''), pg_notify('sync_changed', '')`;
    await audit(tx, "pair.asked", pair, { by, reason });
  });
}

/**
 * Ends the sync of a pair. Both issues stay as they are, nothing is written, and no trigger brings them
 * in again. What waits leaves the queue. Throws `SetupError` while a worker is sending.
 */
export async function stopPair(db: Db, { id, by, reason }: PairAct): Promise<void> {
  await db.$transaction(async (tx) => {
    await actAs(tx, by, "stopped");
    const pair = await lockPair(tx, id);
    if (pair.stoppedAt) throw new SetupError("conflict", "its sync is stopped already");
    if (pair.entryState === "running")
      throw new SetupError("conflict", "it is being sent at this moment: try again in a moment");
    await tx.$executeRaw`
      with gone as (delete from queue_entry where pair_id = ${id}::int returning *)
      insert into run (connection_id, pair_id, entry_id, attempt, ended_at, outcome, words)
      select connection_id, pair_id, id, attempt, sync_now(), 'discarded', 'sync of this pair was stopped' from gone`;
    await tx.choice.deleteMany({ where: { pairId: id } });
    await tx.$executeRaw`
      update pair set stopped_at = sync_now(), stopped_by = ${by}, stopped_reason = ${reason ?? null}
       where id = ${id}::int`;
    await tx.$executeRaw`select pg_notify('sync_changed', '')`;
    await audit(tx, "pair.stopped", pair, { by, reason });
  });
}

/**
 * Starts the sync of a stopped pair again, where it left off: what changed on either side meanwhile is
 * merged against what both looked like when last in step.
 */
export async function startPair(db: Db, { id, by, reason }: PairAct): Promise<void> {
  await db.$transaction(async (tx) => {
    const pair = await lockPair(tx, id);
    if (!pair.stoppedAt) throw new SetupError("conflict", "its sync is not stopped");
    await startAgain(tx, id, by);
    await tx.$executeRaw`select pg_notify('sync_wake', ''), pg_notify('sync_changed', '')`;
    await audit(tx, "pair.started", pair, { by, reason });
  });
}

/** Takes the stop away and has both issues looked at. In a transaction; the caller audits. */
export async function startAgain(tx: DbOrTx, id: number, by: string): Promise<number> {
  await tx.pair.update({
    where: { id },
    data: { stoppedAt: null, stoppedBy: null, stoppedReason: null },
  });
  await recordAsked(tx, await lockPair(tx, id), by);
  return id;
}

/** The entry first, then the pair: workers lock them in this order as well. */
async function lockPair(tx: DbOrTx, id: number): Promise<Locked> {
  await tx.$queryRaw`select id from queue_entry where pair_id = ${id}::int for update`;
  const [pair] = await tx.$queryRaw<Locked[]>`
    select p.id, p.connection_id as "connectionId", p.local_issue_id as "localIssueId", p.local_key as "localKey",
           p.remote_issue_id as "remoteIssueId", p.remote_key as "remoteKey", p.stopped_at as "stoppedAt",
           (select e.state from queue_entry e where e.pair_id = p.id) as "entryState"
      from pair p where p.id = ${id}::int for update of p`;
  if (!pair) throw new SetupError("not_found", "there is no such pair");
  return pair;
}

async function recordAsked(tx: DbOrTx, pair: Locked, by: string): Promise<void> {
  const side = pair.localIssueId === null ? "remote" : "local";
  const issueId = pair.localIssueId ?? pair.remoteIssueId;
  await tx.$queryRaw`
    select record_change(${pair.connectionId}::int, ${side}, ${issueId}, 'asked', 'person', ${by},
                         null, ${`asked ${randomUUID()}`}, 0)`;
  await tx.queueEntry.updateMany({
    where: { pairId: pair.id, state: { not: "running" } },
    data: { planningUntil: null },
  });
}

async function audit(
  tx: DbOrTx,
  action: string,
  pair: Locked,
  { by, reason }: Pick<PairAct, "by" | "reason">,
): Promise<void> {
  await recordAudit(tx, {
    actor: by,
    action,
    subject: [pair.localKey, pair.remoteKey].filter(Boolean).join(" and "),
    reason,
    detail: { pair: pair.id, connection: pair.connectionId },
  });
}
