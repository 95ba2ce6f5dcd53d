import { readWebhookSettings } from "@/lib/connections/connection-store";
import type { Db } from "@/lib/db/database";
import { type Kept, keeping } from "@/lib/kept";

type Settings = Awaited<ReturnType<typeof readWebhookSettings>>;

/** A changed secret takes effect after this time; a storm of webhooks reads it once. */
const KEEP_MS = 5_000;
/** Anybody may name connections that do not exist. */
const MOST_KEPT = 1_000;

const keptOf = new WeakMap<Db, Kept<string, Settings>>();

/** How webhooks of one side are signed and read, kept for a moment: the hot path is one round trip. */
export function webhookSettings(
  db: Db,
  connectionId: number,
  side: "local" | "remote",
): Promise<Settings> {
  const kept: Kept<string, Settings> = keptOf.get(db) ?? new Map();
  keptOf.set(db, kept);
  return keeping(kept, `${connectionId}|${side}`, KEEP_MS, () => {
    if (kept.size >= MOST_KEPT) kept.clear();
    return readWebhookSettings(db, connectionId, side);
  });
}
