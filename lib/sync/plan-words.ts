import { fieldWord } from "@/lib/sync/field-names";
import type { Plan, Write } from "@/lib/sync/plan-types";
import { digestOf } from "@/lib/sync/replica";

/** Two plans with one digest would send the same. */
export function planDigest(plan: Plan): string {
  return digestOf(JSON.stringify([plan.writes, plan.conflicts]));
}

/** Which way a plan writes, for the queue; null when it writes nothing. */
export function planDirection(plan: Plan): "to_remote" | "to_local" | "both" | null {
  const sides = new Set(
    plan.writes.filter((write) => write.kind !== "stamp").map((write) => write.side),
  );
  if (sides.size === 2) return "both";
  if (sides.has("remote")) return "to_remote";
  return sides.has("local") ? "to_local" : null;
}

/** "status, priority, 2 comments": what a plan changes, short enough for a line. */
export function planWords(plan: Plan): string {
  const parts = [...new Set(plan.writes.flatMap(fieldsOf))];
  const comments = count(plan, "add_comment");
  if (comments > 0) parts.push(comments === 1 ? "1 comment" : `${comments} comments`);
  const edited = count(plan, "update_comment");
  if (edited > 0) parts.push(edited === 1 ? "1 edited comment" : `${edited} edited comments`);
  for (const [kind, one, many] of PIECE_WORDS) {
    const pieces = count(plan, kind);
    if (pieces > 0) parts.push(pieces === 1 ? `1 ${one}` : `${pieces} ${many}`);
  }
  const undecided = plan.conflicts.filter((conflict) => conflict.resolution === "hold");
  if (undecided.length > 0)
    parts.push(
      `conflict in ${undecided.map(({ name, field }) => fieldWord(field, name)).join(", ")}`,
    );
  if (parts.length === 0 && plan.writes.length > 0) parts.push("note of the twin");
  return parts.join(", ");
}

const PIECE_WORDS = [
  ["add_attachment", "attachment", "attachments"],
  ["add_worklog", "worklog", "worklogs"],
  ["update_worklog", "edited worklog", "edited worklogs"],
  ["add_link", "link", "links"],
] as const;

/** So many notes are told in one line; the plan has all of them. */
const MOST_NOTES = 3;

/** What came of a pair that is in step, with what stays at home and why: "status; a comment by ada is …". */
export function outcomeWords(sent: string, told: Iterable<string>): string {
  const notes = [...new Set(told)];
  const more = notes.length > MOST_NOTES ? [`${notes.length - MOST_NOTES} more notes`] : [];
  return [sent || "nothing to send", ...notes.slice(0, MOST_NOTES), ...more].join("; ");
}

function fieldsOf(write: Write): string[] {
  if (write.kind === "create_issue") return ["new issue"];
  if (write.kind === "update_issue")
    return write.changes.map(({ name, field }) => fieldWord(field, name));
  return write.kind === "transition" ? ["status"] : [];
}

function count(plan: Plan, kind: Write["kind"]): number {
  return plan.writes.filter((write) => write.kind === kind).length;
}
