import "server-only";
import { listAuditLines, readAuditChoices as readAuditChoicesFrom } from "@/lib/audit/browse-store";
import type { AuditChoices, AuditFilter, AuditPage, AuditPlace } from "@/lib/audit/record";
import { requirePermission } from "@/lib/data/viewer";
import { database } from "@/lib/db/database";

/** One page of the audit, newest first. */
export async function listAudit(filter: AuditFilter, place: AuditPlace): Promise<AuditPage> {
  await requirePermission("audit:read");
  return listAuditLines(database(), filter, place);
}

/** Who and what the audit can be narrowed to. */
export async function readAuditChoices(): Promise<AuditChoices> {
  await requirePermission("audit:read");
  return readAuditChoicesFrom(database());
}
