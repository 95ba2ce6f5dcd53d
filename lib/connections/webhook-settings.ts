import { readWebhookSettings } from "@/lib/connections/connection-store";
import type { Db } from "@/lib/db/database";

type Settings = Awaited<ReturnType<typeof readWebhookSettings>>;

/** A changed secret takes effect after this time; a storm of webhooks reads it once. */
const KEEP_MS = 5_000;
const kept = new Map<string, { until: number; settings: Promise<Settings> }>();

/** How webhooks of one side are signed and read, kept for a moment: the hot path is one round trip. */
export function webhookSettings(
  db: Db,
  connectionId: number,
  side: "local" | "remote",
): Promise<Settings> {
  const name = `${connectionId}|${side}`;
  const known = kept.get(name);
  if (known && known.until > performance.now()) return known.settings;
  const settings = readWebhookSettings(db, connectionId, side);
  kept.set(name, { until: performance.now() + KEEP_MS, settings });
  settings.catch(() => kept.delete(name));
  return settings;
}
