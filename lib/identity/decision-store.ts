import { recordAudit } from "@/lib/audit/audit-store";
import { SetupError } from "@/lib/connections/setup-error";
import type { Db, DbOrTx } from "@/lib/db/database";
import type { Decision } from "@/lib/identity/activation";

export type Deciding = {
  verdictId: number;
  decision: Decision;
  by: string;
  reason?: string | undefined;
  /** For a copy: what this node is called from now on. */
  label?: string | undefined;
};

const WORDS: Record<Decision, string> = {
  same_node: "node.decided_same",
  copy: "node.decided_copy",
  stay_inactive: "node.decided_to_wait",
};

/**
 * Settles a verdict: the same node, a copy, or nothing for now. One transaction with what follows from
 * it. Throws `SetupError` when the verdict is not the present one, or decided already.
 */
export async function decide(db: Db, input: Deciding): Promise<void> {
  const { verdictId, decision, by, reason = null, label = null } = input;
  await db.$transaction(async (tx) => {
    await refuseWhileOpen(tx);
    const verdict = await present(tx, verdictId);
    if (!verdict.needsDecision)
      throw new SetupError(
        "conflict",
        "nothing has to be decided: this is the same node as before",
      );
    const [answer] =
      decision === "copy"
        ? await tx.$queryRaw<
            [{ done: boolean }]
          >`select become_copy(${verdictId}::int, ${by}, ${reason}, ${label}) as done`
        : decision === "same_node"
          ? await tx.$queryRaw<
              [{ done: boolean }]
            >`select become_same_node(${verdictId}::int, ${by}, ${reason}) as done`
          : await tx.$queryRaw<
              [{ done: boolean }]
            >`select note_decision(${verdictId}::int, 'stay_inactive', ${by}, ${reason}) as done`;
    if (!answer.done)
      throw new SetupError("conflict", "this was decided already: look at what the page says now");
    await announce(tx);
    await recordAudit(tx, {
      actor: by,
      action: WORDS[decision],
      subject: `verdict ${verdictId}`,
      reason: input.reason,
      detail: { kind: verdict.kind, ...(label ? { label } : {}) },
    });
  });
}

/**
 * Takes a decision back, until the first activation after it, and while no connection was pointed
 * elsewhere since. Whoever was signed out stays signed out.
 */
export async function revokeDecision(
  db: Db,
  { verdictId, by, reason }: { verdictId: number; by: string; reason?: string | undefined },
): Promise<void> {
  await db.$transaction(async (tx) => {
    await refuseWhileOpen(tx);
    await present(tx, verdictId);
    if (!(await isRevocable(tx, verdictId)))
      throw new SetupError(
        "conflict",
        "this decision cannot be taken back: it was not taken, sync was activated since, or a connection was pointed elsewhere or released",
      );
    await tx.$queryRaw`select revoke_decision(${verdictId}::int)`;
    await announce(tx);
    await recordAudit(tx, {
      actor: by,
      action: "node.decision_revoked",
      subject: `verdict ${verdictId}`,
      reason,
    });
  });
}

/** Whether a decision can be taken back now. */
export async function isRevocable(db: DbOrTx, verdictId: number): Promise<boolean> {
  const [answer] = await db.$queryRaw<[{ yes: boolean }?]>`
    select not exists (select from gate_change where kind = 'opened' and at >= v.decided_at)
       and not exists (select from audit where at >= v.decided_at
                          and action in ('connection.repointed', 'connection.released')) as yes
      from verdict v where id = ${verdictId}::int and decision is not null`;
  return answer?.yes ?? false;
}

/** The gate is locked shut for the length of the transaction: nothing opens while who we are changes. */
async function refuseWhileOpen(tx: DbOrTx): Promise<void> {
  await tx.$executeRaw`select pg_advisory_xact_lock(2, 0)`;
  const gate = await tx.gate.findUniqueOrThrow({ where: { id: 1 } });
  if (gate.state !== "inactive")
    throw new SetupError("conflict", "deactivate first: this is decided while nothing is sent");
}

async function present(tx: DbOrTx, verdictId: number) {
  const gate = await tx.gate.findUniqueOrThrow({ where: { id: 1 } });
  const verdict = await tx.verdict.findUnique({ where: { id: verdictId } });
  if (!verdict || gate.verdictId !== verdictId)
    throw new SetupError(
      "conflict",
      "the node has started again since this was shown: look at what the page says now",
    );
  return verdict;
}

async function announce(tx: DbOrTx): Promise<void> {
  await tx.$executeRaw`select pg_notify('sync_changed', ''), pg_notify('sync_wake', '')`;
}
