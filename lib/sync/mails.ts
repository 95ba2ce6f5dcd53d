import type { Readings, Side, Write } from "@/lib/sync/plan-types";

const SIDES = ["remote", "local"] as const;

/**
 * Mails that an instance sends for a plan's writes to one side: how many people at the least, for each of how
 * many writes; or why nobody can know. It holds where the instance tells assignee, reporter and watchers, as
 * Jira does unless an administrator changed that.
 */
export type MailEstimate = { side: Side } & (
  | { people: number; writes: number }
  /** A new issue is told to whom its project's scheme names; some instances do not say who is told of one. */
  | { unknown: "new_issue" | "not_told" }
);

export type MailInput = {
  readings: Readings;
  /** Our own account, as fields name people: nobody is mailed what they did themselves. */
  ours: Record<Side, string>;
  /** Whether updates there are sent without mails. */
  isQuiet: Record<Side, boolean>;
};

/** What a plan's writes cause by mail, one estimate for each side that is written to. */
export function mailsOf(writes: readonly Write[], input: MailInput): MailEstimate[] {
  return SIDES.flatMap((side) => {
    const here = writes.filter((write) => write.side === side && write.kind !== "stamp");
    const estimate = here.length === 0 ? null : estimateAt(side, here, input);
    return estimate ? [estimate] : [];
  });
}

function estimateAt(
  side: Side,
  writes: Write[],
  { readings, ours, isQuiet }: MailInput,
): MailEstimate | null {
  const told = writes.filter((write) => isTold(write, isQuiet[side]));
  if (told.some(({ kind }) => kind === "create_issue")) return { side, unknown: "new_issue" };
  if (told.length === 0)
    return writes.some(({ kind }) => kind === "update_issue")
      ? { side, people: 0, writes: 0 }
      : null;
  const audience = readings[side]?.audience;
  if (!audience) return { side, unknown: "not_told" };
  const named = new Set([...audience.keys, ...told.flatMap(newAssignee)]);
  named.delete(ours[side]);
  // Who watches is counted, not named: it may be the same people.
  return { side, people: Math.max(named.size, audience.watchers), writes: told.length };
}

/** A comment for a circle is mailed to those of it only: how many that are, nobody says. */
function isTold(write: Write, isQuiet: boolean): boolean {
  switch (write.kind) {
    case "update_issue":
      return !isQuiet;
    case "add_comment":
    case "update_comment":
      return !write.restrictedTo;
    case "stamp":
    case "add_link":
      return false;
    default:
      return true;
  }
}

function newAssignee(write: Write): string[] {
  const changes = write.kind === "update_issue" || write.kind === "transition" ? write.changes : [];
  return (changes ?? []).flatMap(({ field, to }) =>
    field === "assignee" && typeof to === "string" && to !== "" ? [to] : [],
  );
}
