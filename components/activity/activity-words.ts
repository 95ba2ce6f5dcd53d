import { lengthWords } from "@/components/charts/scale";
import type { Activation } from "@/lib/activity/activity";

/** How an activation ended, as a sentence; how it stands, while it lasts. */
export function endWords({ end }: Activation): string {
  if (!end) return "Active now";
  if (end.kind === "new_incarnation") return "Ended by a start of the node";
  return end.by ? `Deactivated by ${end.by}` : "Closed by the node";
}

/** "1.5 h": how long it lasted, or has lasted until now. */
export function lastedWords({ openedAt, end }: Activation, nowMs: number): string {
  const until = end ? Date.parse(end.at) : nowMs;
  return lengthWords(Math.max(0, (until - Date.parse(openedAt)) / 1_000));
}

/** Where the audit shows what people did while it lasted. */
export function auditOf({ openedAt, end }: Activation): string {
  const params = new URLSearchParams({ from: openedAt });
  // The closing itself is part of it.
  if (end) params.set("to", new Date(Date.parse(end.settledAt ?? end.at) + 1_000).toISOString());
  return `/audit?${params}`;
}
