import "server-only";
import { requirePermission } from "@/lib/data/viewer";
import { database } from "@/lib/db/database";
import {
  listQueue as listQueueFrom,
  readEntry as readEntryFrom,
} from "@/lib/sync-queue/browse-store";
import type { EntryDetail } from "@/lib/sync-queue/detail";
import type { QueueFilter, QueuePage } from "@/lib/sync-queue/row";

/** One page of the Sync Queue. Throws `BadCursor` for a cursor of another filter. */
export async function listQueue(
  filter: QueueFilter,
  cursor?: string,
  limit?: number,
): Promise<QueuePage> {
  await requirePermission("queue:read");
  return listQueueFrom(database(), filter, cursor, limit);
}

/** An entry with its plan and its pair's history; null when it has left the queue. */
export async function readEntry(id: number): Promise<EntryDetail | null> {
  await requirePermission("queue:read");
  return readEntryFrom(database(), id);
}
