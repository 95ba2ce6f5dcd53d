import { readWebhookSettings } from "@/lib/connections/connection-store";
import type { Db } from "@/lib/db/database";

type Settings = Awaited<ReturnType<typeof readWebhookSettings>>;

/** A changed secret takes effect after this time; a storm of webhooks reads it once. */
const KEEP_MS = 5_000;
/** Anybody may name connections that do not exist. */
const MOST_KEPT = 1_000;

type Kept = Map<string, { until: number; settings: Promise<Settings> }>;
const keptOf = new WeakMap<Db, Kept>();

/** How webhooks of one side are signed and read, kept for a moment: the hot path is one round trip. */
export function webhookSettings(
  db: Db,
  connectionId: number,
  side: "local" | "remote",
): Promise<Settings> {
  const kept: Kept = keptOf.get(db) ?? new Map();
  keptOf.set(db, kept);
  const name = `${connectionId}|${side}`;
  const known = kept.get(name);
  if (known && known.until > performance.now()) return known.settings;
  if (kept.size >= MOST_KEPT) kept.clear();
  const settings = readWebhookSettings(db, connectionId, side);
  kept.set(name, { until: performance.now() + KEEP_MS, settings });
  settings.catch(() => kept.delete(name));
  return settings;
}
