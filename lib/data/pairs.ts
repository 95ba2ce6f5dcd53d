import "server-only";
import { requirePermission } from "@/lib/data/viewer";
import { database } from "@/lib/db/database";
import { listPairs as listPairsFrom, readPairDetail } from "@/lib/pairs/browse-store";
import type { PairDetail, PairFilter, PairPage } from "@/lib/pairs/pair";

/** One page of the pairs under sync. Throws `BadCursor` for a cursor of another filter. */
export async function listPairs(filter: PairFilter, cursor?: string): Promise<PairPage> {
  await requirePermission("queue:read");
  return listPairsFrom(database(), filter, cursor);
}

/** One pair with what explains how it stands; null when there is none. */
export async function readPair(id: number): Promise<PairDetail | null> {
  await requirePermission("queue:read");
  return readPairDetail(database(), id);
}
