import type { Metadata } from "next";
import { auditSearch, parseAuditAddress } from "@/components/audit/audit-address";
import { AuditView } from "@/components/audit/audit-view";
import { Nothing } from "@/components/ui/panel";
import { leastRoleFor, mayDo } from "@/lib/access/permissions";
import { listAudit, readAuditChoices } from "@/lib/data/audit";
import { requirePermission } from "@/lib/data/viewer";

export const metadata: Metadata = { title: "Audit" };

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function AuditPage({ searchParams }: Props) {
  const viewer = await requirePermission("gate:read");
  if (!mayDo(viewer.role, "audit:read")) return <NotForThisRole />;
  const given = Object.entries(await searchParams).flatMap(([name, value]) =>
    typeof value === "string" ? [[name, value]] : [],
  );
  const address = parseAuditAddress(new URLSearchParams(given));
  const [page, choices] = await Promise.all([
    listAudit(address.filter, address.place),
    readAuditChoices(),
  ]);
  return <AuditView initial={{ search: auditSearch(address), page }} choices={choices} />;
}

function NotForThisRole() {
  return (
    <>
      <h1 className="text-title font-semibold">Audit</h1>
      <Nothing title={`The audit is for the role ${leastRoleFor("audit:read")} and above.`}>
        It tells who did what, with names and addresses. An administrator can give you that role.
      </Nothing>
    </>
  );
}
