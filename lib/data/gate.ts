import "server-only";
import { cache } from "react";
import { requirePermission } from "@/lib/data/viewer";
import { database } from "@/lib/db/database";
import type { FirstSteps } from "@/lib/gate/first-steps";
import { readFirstSteps as readFirstStepsFrom } from "@/lib/gate/first-steps-store";
import type { Overview } from "@/lib/gate/overview";
import { readOverview as readOverviewFrom } from "@/lib/gate/overview-store";
import type { GateStatus } from "@/lib/gate/status";
import { readGateStatus } from "@/lib/gate/status-store";

/** What the banner tells; read once per request, however many parts of a page ask. */
export const readBanner = cache(async (): Promise<GateStatus> => {
  await requirePermission("gate:read");
  return readGateStatus(database());
});

/** How far this node has come from empty to its first issue in step. */
export async function readFirstSteps(): Promise<FirstSteps> {
  await requirePermission("gate:read");
  return readFirstStepsFrom(database());
}

/** What the Overview shows. */
export async function readOverview(): Promise<Overview> {
  await requirePermission("gate:read");
  return readOverviewFrom(database());
}
