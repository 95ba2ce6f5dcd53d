import "server-only";
import type { ConnectionPage } from "@/lib/connections/connection-page";
import { readConnectionPage } from "@/lib/connections/page-store";
import type { KnownInstance } from "@/lib/connections/setup";
import { listInstances as listInstancesFrom } from "@/lib/connections/setup-store";
import { CONNECTOR_NAMES } from "@/lib/connectors/registry";
import { requirePermission } from "@/lib/data/viewer";
import { database } from "@/lib/db/database";
import { env } from "@/lib/env";

/** The instances that a connection can be made between. */
export async function listInstances(): Promise<KnownInstance[]> {
  await requirePermission("connections:write");
  return listInstancesFrom(database());
}

/** The kinds of instances that this version can talk to. */
export async function listKinds(): Promise<typeof CONNECTOR_NAMES> {
  await requirePermission("connections:read");
  return CONNECTOR_NAMES;
}

/** One connection with everything that was agreed; null when there is none. */
export async function readConnection(id: number): Promise<ConnectionPage | null> {
  await requirePermission("connections:read");
  return readConnectionPage(database(), id, env().CONSOLE_URL);
}
