import type { DbOrTx } from "@/lib/db/database";
import type { Prisma } from "@/lib/db/generated/client";

export type AuditRecord = {
  actor: string;
  /** Subject and verb: `gate.activated`, `entry.held`, `session.started`. */
  action: string;
  subject?: string | undefined;
  reason?: string | undefined;
  /** What changed. Never a secret. */
  detail?: Prisma.InputJsonObject;
};

/** Appends to the audit. Call it in the transaction of what it records, so that neither exists alone. */
export async function recordAudit(tx: DbOrTx, record: AuditRecord): Promise<void> {
  await tx.$executeRaw`
    insert into audit (at, actor, action, subject, reason, detail)
    values (sync_now(), ${record.actor}, ${record.action}, ${record.subject ?? null},
            ${record.reason ?? null}, ${JSON.stringify(record.detail ?? {})}::jsonb)`;
}
