import { count, list } from "@/components/ui/words";
import type { Plan, Side, Write } from "@/lib/sync/plan-types";

/** The two sides of an entry, as people call them. */
export type SideNames = Record<Side, { key: string | null; url: string | null; instance: string }>;

/** "To Partner · OPS-12", or "To Partner · a new issue" when the twin is yet to be made. */
export function sideTitle(side: Side, names: SideNames): string {
  return `To ${names[side].instance} · ${names[side].key ?? "a new issue"}`;
}

/** The writes of one side, in the order they will be sent. */
export function writesTo(plan: Plan, side: Side): Write[] {
  return plan.writes.filter((write) => write.side === side);
}

/** "1 update and 2 comments": what a plan amounts to. */
export function planSummary(plan: Plan): string {
  const amount = (kinds: Write["kind"][]) =>
    plan.writes.filter((write) => kinds.includes(write.kind)).length;
  const creates = amount(["create_issue"]);
  const updates = amount(["update_issue"]);
  const moves = amount(["transition"]);
  const comments = amount(["add_comment"]);
  const edits = amount(["update_comment"]);
  const attachments = amount(["add_attachment"]);
  const worklogs = amount(["add_worklog"]);
  const editedWorklogs = amount(["update_worklog"]);
  const links = amount(["add_link"]);
  const parts = [
    creates && count(creates, "new issue"),
    updates && count(updates, "update"),
    moves && count(moves, "transition"),
    comments && count(comments, "comment"),
    edits && count(edits, "edited comment"),
    attachments && count(attachments, "attachment"),
    worklogs && count(worklogs, "worklog"),
    editedWorklogs && count(editedWorklogs, "edited worklog"),
    links && count(links, "link"),
  ].filter((part) => typeof part === "string");
  return parts.length === 0 ? "nothing to send" : list(parts);
}

const RESOLUTIONS = {
  local: "the local value wins",
  remote: "the remote value wins",
  hold: "waits for you",
} as const;

export function resolutionWords(resolution: Side | "hold"): string {
  return RESOLUTIONS[resolution];
}

const KINDS: Record<string, string> = {
  create_issue: "create the issue",
  update_issue: "update fields",
  transition: "change the status",
  add_comment: "add a comment",
  update_comment: "edit a comment",
  add_attachment: "add an attachment",
  add_worklog: "add a worklog",
  update_worklog: "edit a worklog",
  add_link: "add a link",
  stamp: "note the twin's id",
};

/** A permit's kind in words. */
export function permitWords(kind: string): string {
  return KINDS[kind] ?? kind.replaceAll("_", " ");
}

const OUTCOMES: Record<string, string> = {
  open: "under way",
  applied: "applied",
  rejected: "rejected",
  unknown: "unanswered",
  unsent: "not sent",
};

export function outcomeWords(outcome: string): string {
  return OUTCOMES[outcome] ?? outcome.replaceAll("_", " ");
}

const RESULTS: Record<string, string> = {
  applied: "Sent",
  nothing_to_send: "Nothing had to be sent",
  discarded: "Discarded, not sent",
  failed: "Could not be sent",
};

/** What came of an entry: "Sent: status, 2 comments". */
export function resultWords(outcome: string, words: string | null): string {
  const result = RESULTS[outcome] ?? outcome.replaceAll("_", " ");
  return words ? `${result}: ${words}` : result;
}

/** "840 ms", "2.4 s". */
export function durationWords(durationMs: number): string {
  return durationMs < 1_000 ? `${durationMs} ms` : `${(durationMs / 1_000).toFixed(1)} s`;
}
