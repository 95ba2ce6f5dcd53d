import type { Side } from "@/lib/sync/plan-types";
import { type FieldId, type Fields, type FieldValue, sameValue } from "@/lib/sync/replica";

/** One change of one field, as an instance remembers it. */
export type HistoryItem = {
  /** ISO, by the instance's clock. */
  at: string;
  /** Null where the instance does not say. */
  authorKey: string | null;
  authorName: string;
  field: FieldId;
  /** Absent where the history does not hold the value in the form that a reading has. */
  from?: FieldValue;
  to?: FieldValue;
};

/** A confirmed update of ours that no reading in step has followed yet. */
export type OwnUpdate = {
  side: Side;
  /** By our clock. */
  at: Date;
  /** What we wrote, what we thought was there, and what the pair's other side was in step at. */
  fields: Fields;
  before: Fields;
  /** By this side's fields; what has no base is absent. */
  otherBase: Fields;
  /** Fields that are only on their way: the next update of each goes on from there. */
  onTheWay: FieldId[];
};

/** Somebody's edit that our update overwrote unseen: made after we had read, before we wrote. */
export type LostEdit = {
  value: FieldValue;
  by: string;
  /** What we had read, and what the other side was in step at then. */
  before: FieldValue;
  otherBase: FieldValue | undefined;
};

/** Clocks of two machines, and instances that note whole seconds. */
const CLOCKS_MS = 5_000;

/** When each field was last changed, by our clock. */
export function fieldTimes(history: HistoryItem[], clockOffsetMs: number): Record<FieldId, number> {
  const times: Record<FieldId, number> = {};
  for (const { field, at } of history)
    times[field] = Math.max(times[field] ?? 0, Date.parse(at) - clockOffsetMs);
  return times;
}

/**
 * Edits that our own updates overwrote: the item that an update left in the history says what it really
 * replaced. `now` is the side as it is: where it shows something else than we wrote, somebody has looked at
 * it since, and nothing is lost.
 */
export function lostEdits(
  updates: OwnUpdate[],
  history: HistoryItem[],
  ours: { key: string; clockOffsetMs: number },
  now: Fields,
): Record<FieldId, LostEdit> {
  const lost: Record<FieldId, LostEdit> = {};
  for (const { field, steps } of lastPerField(updates)) {
    const [first, last] = [steps[0], steps.at(-1)];
    const shown = now[field];
    if (!first || !last || first.before === undefined || shown === undefined) continue;
    if (!sameValue(shown, last.wrote)) continue;
    for (const step of steps) {
      const index = itemOf(field, step, history, ours);
      const replaced = history[index]?.from;
      if (replaced === undefined || step.before === undefined || sameValue(replaced, step.before))
        continue;
      const edit = history.slice(0, index).findLast((item) => item.field === field);
      lost[field] = {
        value: replaced,
        by: edit?.authorName ?? "somebody",
        before: first.before,
        otherBase: last.otherBase,
      };
    }
  }
  return lost;
}

/** What our own write of a field left in the history. */
function itemOf(
  field: FieldId,
  { wrote, at }: Written,
  history: HistoryItem[],
  ours: { key: string; clockOffsetMs: number },
): number {
  return history.findLastIndex(
    (item) =>
      item.field === field &&
      item.authorKey === ours.key &&
      Date.parse(item.at) - ours.clockOffsetMs > at.getTime() - CLOCKS_MS &&
      item.to !== undefined &&
      sameValue(item.to, wrote),
  );
}

type Written = {
  wrote: FieldValue;
  before: FieldValue | undefined;
  otherBase: FieldValue | undefined;
  at: Date;
};

/** The last update of each field, with the steps that led to it. */
function lastPerField(updates: OwnUpdate[]): { field: FieldId; steps: Written[] }[] {
  const last = new Map<FieldId, { steps: Written[]; isOnTheWay: boolean }>();
  for (const { fields, before, otherBase, onTheWay, at } of updates)
    for (const [field, wrote] of Object.entries(fields)) {
      const earlier = last.get(field);
      const step = { wrote, at, before: before[field], otherBase: otherBase[field] };
      last.set(field, {
        steps: earlier?.isOnTheWay ? [...earlier.steps, step] : [step],
        isOnTheWay: onTheWay.includes(field),
      });
    }
  return [...last].map(([field, { steps }]) => ({ field, steps }));
}
