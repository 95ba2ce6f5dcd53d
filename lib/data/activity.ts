import "server-only";
import type { ActivationPage, ActivityCharts, Span } from "@/lib/activity/activity";
import {
  listActivations as listActivationsFrom,
  readCharts as readChartsFrom,
} from "@/lib/activity/activity-store";
import { requirePermission } from "@/lib/data/viewer";
import { database } from "@/lib/db/database";

/** What the charts show, of one connection or of all. */
export async function readCharts(span: Span, connection?: number): Promise<ActivityCharts> {
  await requirePermission("gate:read");
  return readChartsFrom(database(), span, connection);
}

/** Openings of the gate, newest first, with what came of each. */
export async function listActivations(before?: number): Promise<ActivationPage> {
  await requirePermission("gate:read");
  return listActivationsFrom(database(), before);
}
