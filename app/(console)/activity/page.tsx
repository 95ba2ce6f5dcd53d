import type { Metadata } from "next";
import { activitySearch, parseActivityAddress } from "@/components/activity/activity-address";
import { ActivityView } from "@/components/activity/activity-view";
import { mayDo } from "@/lib/access/permissions";
import { listActivations, readCharts } from "@/lib/data/activity";
import { requirePermission } from "@/lib/data/viewer";

export const metadata: Metadata = { title: "Activity" };

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function ActivityPage({ searchParams }: Props) {
  const viewer = await requirePermission("gate:read");
  const given = Object.entries(await searchParams).flatMap(([name, value]) =>
    typeof value === "string" ? [[name, value]] : [],
  );
  const address = parseActivityAddress(new URLSearchParams(given));
  const [charts, all, activations] = await Promise.all([
    readCharts(address.span, address.connection),
    address.connection === undefined ? null : readCharts(address.span),
    listActivations(address.before),
  ]);
  return (
    <ActivityView
      initial={{ search: activitySearch(address), charts, activations }}
      connections={(all ?? charts).byConnection.map(({ connection }) => connection)}
      canReadAudit={mayDo(viewer.role, "audit:read")}
    />
  );
}
