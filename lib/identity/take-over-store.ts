import { recordAudit } from "@/lib/audit/audit-store";
import { SetupError } from "@/lib/connections/setup-error";
import type { Db } from "@/lib/db/database";
import { claimRecord } from "@/lib/identity/claim";

export type TakingOver = {
  instanceId: number;
  project: string;
  /** The instance's name as the person typed it. */
  typedName: string;
  by: string;
  reason?: string | undefined;
};

/**
 * Declares that the sign of life which stands at an instance counts as ours from now on: the other node
 * is stopped, or it was ourselves after the backup that this database came from. It must stand still
 * again before we write; a node that still lives moves it, and is found again.
 */
export async function takeOver(db: Db, input: TakingOver): Promise<void> {
  const { instanceId, project, typedName, by, reason } = input;
  await db.$transaction(async (tx) => {
    const claim = await tx.claim.findUnique({
      where: { instanceId_project: { instanceId, project } },
      include: { instance: true },
    });
    if (!claim) throw new SetupError("not_found", "there is no such claim");
    if (typedName.trim() !== claim.instance.name)
      throw new SetupError(
        "invalid",
        `type the instance's name, ${claim.instance.name}, to take over`,
      );
    const record = claimRecord.safeParse(claim.seen);
    if ((claim.state !== "foreign" && claim.state !== "contested") || !record.success)
      throw new SetupError("conflict", "no other node's sign of life stands there now");
    await tx.$executeRaw`
      update claim set state = 'listening', last_nonce = ${record.data.nonce}, next_nonce = null,
             nonces = array[${record.data.nonce}],
             accepted_mark = ${record.data.contested?.mark ?? null}, still_since = null, moved_at = null,
             due_at = sync_now()
       where instance_id = ${instanceId}::int and project = ${project}`;
    await tx.$executeRaw`select pg_notify('sync_changed', ''), pg_notify('sync_wake', '')`;
    await recordAudit(tx, {
      actor: by,
      action: "claim.taken_over",
      subject: `${claim.instance.name}, ${project}`,
      reason,
      detail: { nonce: record.data.nonce, incarnation: record.data.incarnation },
    });
  });
}
