import { count } from "@/components/ui/words";
import type { CurrentErrors, EpisodeRow } from "@/lib/error-log/error-groups";

/** "2 connections have stopped. 18 issues need you." */
export function errorsSummary({ connections, groups, paused }: CurrentErrors): string {
  const issues = groups.reduce((sum, group) => sum + group.count, 0);
  const parts = [
    connections.length > 0 &&
      `${count(connections.length, "connection")} ${connections.length === 1 ? "has" : "have"} stopped.`,
    issues > 0 && `${count(issues, "issue")} ${issues === 1 ? "waits" : "wait"} on an error.`,
    paused.length > 0 &&
      `${count(paused.length, "instance")} asked for a pause, and ${paused.length === 1 ? "is" : "are"} left alone.`,
  ].filter(Boolean);
  return parts.length > 0 ? parts.join(" ") : "Nothing stands in the way.";
}

const HOW: Record<string, string> = {
  mended: "ended by itself",
  changed: "an issue changed, and it was tried again",
  given_back: "set aside with its entry",
  unlinked: "its pair ended",
};

const DONE: Record<string, string> = {
  retried: "retried",
  discarded: "discarded",
  decided: "decided",
  stopped: "its sync was stopped",
};

/** How an error ended, and by whom; "stands" while it has not. */
export function endWords({
  clearedAt,
  clearedHow,
  clearedBy,
}: Pick<EpisodeRow, "clearedAt" | "clearedHow" | "clearedBy">): string {
  if (!clearedAt) return "stands";
  const how = clearedHow ?? "";
  if (Object.hasOwn(DONE, how)) return `${DONE[how]}${clearedBy ? ` by ${clearedBy}` : ""}`;
  return HOW[how] ?? "ended";
}

/** "40 s", "12 min", "3 h", "2 days": how long an error stood. */
export function lastedWords(openedAt: string, clearedAt: string): string {
  const seconds = Math.max(0, Math.round((Date.parse(clearedAt) - Date.parse(openedAt)) / 1_000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3_600) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.round(seconds / 3_600)} h`;
  return `${Math.round(seconds / 86_400)} days`;
}
