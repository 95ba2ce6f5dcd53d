import "server-only";
import { requirePermission } from "@/lib/data/viewer";
import { database } from "@/lib/db/database";
import { env } from "@/lib/env";
import type { ActivationView } from "@/lib/identity/activation";
import { readActivation as readActivationFrom } from "@/lib/identity/activation-store";

/** Everything the Activation page shows. */
export async function readActivation(): Promise<ActivationView> {
  await requirePermission("gate:read");
  return readActivationFrom(database(), env().CLAIM_PERIOD_MS);
}
