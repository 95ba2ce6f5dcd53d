import type { Side } from "@/lib/sync/plan-types";
import { type FieldId, type Fields, sameValue } from "@/lib/sync/replica";

/** Only what happened this shortly before counts. */
export const LOOP_WINDOW_MS = 10 * 60_000;
/** So many writes to one pair may be answered by no person; the next one is not sent. */
export const MOST_ANSWERED = 5;
/** What an instance remembers of our own write stands within this time of it. */
const ECHO_MS = 15_000;
const CLOCKS_MS = 2_000;

export type RecentWrite = { side: Side; at: number; fields: Fields };
/** A change at one side, by our clock. Comments are changes of the field "comment". */
export type RecentChange = {
  side: Side;
  at: number;
  by: string;
  isOurAccount: boolean;
  field: FieldId;
  to?: Fields[string];
};

export type Loop = { answered: number; histories: Record<Side, string> };

/**
 * Whether a pair's writes are answered by automations, which are answered by our writes, for ever. Counted
 * since the last change that a person made; null while there are few. Whoever comes later than `answerMs`
 * after a write of ours is taken for a person.
 */
export function loopOf(
  writes: RecentWrite[],
  changes: RecentChange[],
  answerMs: number,
): Loop | null {
  const foreign = changes.filter((change) => !isEcho(change, writes));
  const answers = (write: RecentWrite) =>
    foreign.filter(
      ({ side, at }) =>
        side === write.side && at > write.at - CLOCKS_MS && at < write.at + answerMs,
    );
  const automatic = new Set(writes.flatMap(answers));
  const lastPerson = Math.max(
    0,
    ...foreign
      .filter((change) => !automatic.has(change) && !change.isOurAccount)
      .map(({ at }) => at),
  );
  const answered = writes.filter(
    (write) => write.at > lastPerson && answers(write).length > 0,
  ).length;
  if (answered < MOST_ANSWERED) return null;
  const of = (side: Side) => told(foreign.filter((change) => change.side === side));
  return { answered, histories: { local: of("local"), remote: of("remote") } };
}

/** What an instance remembers of a write of ours. Our account may also be an automation's: it writes other things. */
function isEcho(change: RecentChange, writes: RecentWrite[]): boolean {
  if (!change.isOurAccount) return false;
  return writes.some(({ side, fields, at }) => {
    const wrote = fields[change.field];
    return (
      side === change.side &&
      wrote !== undefined &&
      Math.abs(at - change.at) < ECHO_MS &&
      (change.to === undefined || sameValue(wrote, change.to))
    );
  });
}

/** "status by Automation 3 times, labels by Robot" */
function told(changes: RecentChange[]): string {
  const counts = new Map<string, number>();
  for (const { field, by } of changes) {
    const what = `${field} by ${by}`;
    counts.set(what, (counts.get(what) ?? 0) + 1);
  }
  const parts = [...counts].map(([what, count]) => (count > 1 ? `${what} ${count} times` : what));
  return parts.join(", ") || "no change but ours";
}
