import { recordAudit } from "@/lib/audit/audit-store";
import { SetupError } from "@/lib/connections/setup-error";
import { actAs } from "@/lib/db/acting";
import type { Db, DbOrTx } from "@/lib/db/database";
import { choiceDigest } from "@/lib/sync/choice";
import type { Choice, Conflict, Plan } from "@/lib/sync/plan-types";

export type Decision = {
  pairId: number;
  /** `field`: the local side's id. `digest`: of the two values that were shown. */
  choices: (Choice & { field: string })[];
  by: string;
  reason?: string | undefined;
};

type Waiting = { state: string; plan: Plan | null; subject: string };

/**
 * Keeps what a person chose in conflicts of a pair. Once nothing is left to choose the pair is read and
 * planned anew, with these choices as the resolution of their fields. Throws `SetupError` when a value is
 * not what was shown any more, and while the pair is being sent. Returns how many are left to choose.
 */
export async function decideConflicts(db: Db, decision: Decision): Promise<{ left: number }> {
  const { pairId, choices, by, reason } = decision;
  return db.$transaction(async (tx) => {
    await actAs(tx, by, "decided");
    const { plan, subject } = await lockWaiting(tx, pairId);
    const open = (plan?.conflicts ?? []).filter(({ resolution }) => resolution === "hold");
    for (const choice of choices) refuseOutdated(choice, open);
    for (const { field, side, digest } of choices)
      await tx.$executeRaw`
        insert into choice (pair_id, field, side, digest, by, at, reason)
        values (${pairId}::int, ${field}, ${side}, ${digest}, ${by}, sync_now(), ${reason ?? null})
        on conflict (pair_id, field) do update
           set side = excluded.side, digest = excluded.digest, by = excluded.by, at = excluded.at, reason = excluded.reason`;
    const chosen = await tx.choice.findMany({ where: { pairId } });
    const left = open.filter(
      (conflict) =>
        !chosen.some(
          ({ field, digest }) => field === conflict.field && digest === choiceDigest(conflict),
        ),
    ).length;
    if (left === 0) await planAnew(tx, pairId);
    await recordAudit(tx, {
      actor: by,
      action: "conflict.decided",
      subject,
      reason,
      detail: {
        pair: pairId,
        left,
        choices: Object.fromEntries(choices.map(({ field, side }) => [field, side])),
      },
    });
    return { left };
  });
}

/** Takes choices back that have not been sent. The pair is planned anew, and asks again. */
export async function undoDecision(
  db: Db,
  { pairId, by }: { pairId: number; by: string },
): Promise<void> {
  await db.$transaction(async (tx) => {
    const { subject } = await lockWaiting(tx, pairId);
    const { count } = await tx.choice.deleteMany({ where: { pairId } });
    if (count === 0) throw new SetupError("conflict", "nothing is chosen for this pair");
    await planAnew(tx, pairId);
    await recordAudit(tx, {
      actor: by,
      action: "conflict.undecided",
      subject,
      detail: { pair: pairId, choices: count },
    });
  });
}

/** A permit locks the entry as well: while we hold it, no write of this pair begins. */
async function lockWaiting(tx: DbOrTx, pairId: number): Promise<Waiting> {
  const [entry] = await tx.$queryRaw<Waiting[]>`
    select e.state, e.plan, concat_ws(' and ', p.local_key, p.remote_key) as subject
      from queue_entry e join pair p on p.id = e.pair_id where p.id = ${pairId}::int for update of e`;
  if (!entry)
    throw new SetupError(
      "conflict",
      "nothing waits for this pair any more: it was sent, or discarded",
    );
  if (entry.state === "running")
    throw new SetupError("conflict", "it is being sent at this moment: look again in a moment");
  return entry;
}

function refuseOutdated(choice: Decision["choices"][number], open: Conflict[]): void {
  const conflict = open.find(({ field }) => field === choice.field);
  if (conflict && choiceDigest(conflict) === choice.digest) return;
  throw new SetupError(
    "conflict",
    `${conflict?.name ?? choice.field} is not as it was shown any more: look again, then choose`,
  );
}

async function planAnew(tx: DbOrTx, pairId: number): Promise<void> {
  await tx.$executeRaw`
    update queue_entry
       set state = case state when 'failed' then 'queued' when 'retrying' then 'queued' else state end,
           failures = 0, error_code = null, error_message = null, planned_version = null,
           planning_until = null, ready_at = sync_now(), updated_at = sync_now()
     where pair_id = ${pairId}::int`;
  await tx.$executeRaw`select pg_notify('sync_wake', ''), pg_notify('sync_changed', '')`;
}
