import type { FieldMapping } from "@/lib/sync/mapping-schema";
import { otherSide, type Side } from "@/lib/sync/plan-types";
import type { FieldValue } from "@/lib/sync/replica";

type Both<T> = Record<Side, T>;
/** Values of both sides that mean one thing: "UI" and "Web" here, "front" there. */
type Meaning = Both<Set<string>>;

const SIDES = ["remote", "local"] as const;

function list(value: FieldValue | undefined): string[] {
  return Array.isArray(value) ? value : [];
}

/**
 * What both sides' sets speak of together. A value that no table names has no counterpart: it stays at
 * home. Without a table each value means the same on both sides.
 */
function meanings(row: FieldMapping, sets: readonly string[][]): Meaning[] {
  if (!row.values)
    return [...new Set(sets.flat())].map((value) => ({
      local: new Set([value]),
      remote: new Set([value]),
    }));
  const pairs = [
    ...Object.entries(row.values.toRemote),
    ...Object.entries(row.values.toLocal).map(([remote, local]) => [local, remote] as const),
  ];
  let found: Meaning[] = [];
  for (const [local, remote] of pairs) {
    const touching = found.filter((each) => each.local.has(local) || each.remote.has(remote));
    const joined: Meaning = { local: new Set([local]), remote: new Set([remote]) };
    for (const each of touching)
      for (const side of SIDES) for (const value of each[side]) joined[side].add(value);
    found = [...found.filter((each) => !touching.includes(each)), joined];
  }
  return found;
}

const speaksOf = (set: readonly string[], meaning: Meaning, side: Side) =>
  set.some((value) => meaning[side].has(value));

/** A side's set so that it speaks of a meaning as the other side does, if there is a word for it. */
function aligned(
  row: FieldMapping,
  side: Side,
  own: string[],
  other: readonly string[],
  meaning: Meaning,
): string[] {
  const isThere = speaksOf(other, meaning, otherSide(side));
  if (isThere === speaksOf(own, meaning, side)) return own;
  if (!isThere) return own.filter((value) => !meaning[side].has(value));
  const table = row.values?.[side === "remote" ? "toRemote" : "toLocal"];
  const word = other
    .filter((value) => meaning[otherSide(side)].has(value))
    .map((value) => (table ? (Object.hasOwn(table, value) ? table[value] : undefined) : value))
    .find((value) => value !== undefined);
  return word === undefined ? own : [...own, word];
}

/** A side's set as it is in step with the other's; what only this side has a word for stays. */
export function inStepWith(
  row: FieldMapping,
  side: Side,
  own: FieldValue,
  other: FieldValue,
): string[] {
  return meanings(row, [list(own), list(other)]).reduce(
    (set, meaning) => aligned(row, side, set, list(other), meaning),
    list(own),
  );
}

/** Whether both sides speak of the same things. */
export function setsAgree(row: FieldMapping, now: Both<FieldValue>): boolean {
  return meanings(row, [list(now.local), list(now.remote)]).every(
    (meaning) =>
      speaksOf(list(now.local), meaning, "local") === speaksOf(list(now.remote), meaning, "remote"),
  );
}

/**
 * Sets merge one by one: what either side added comes, what either side removed goes. Where one side
 * added what the other removed, it stays. `changed`: whose edits may travel.
 */
export function mergeSets(
  row: FieldMapping,
  now: Both<FieldValue>,
  base: Both<FieldValue>,
  changed: Both<boolean>,
): Both<string[]> {
  const merged = { local: list(now.local), remote: list(now.remote) };
  const all = [list(now.local), list(now.remote), list(base.local), list(base.remote)];
  for (const meaning of meanings(row, all)) {
    const isThere = (side: Side, of: Both<FieldValue>) => speaksOf(list(of[side]), meaning, side);
    const edited = (side: Side) => changed[side] && isThere(side, now) !== isThere(side, base);
    if (isThere("local", now) === isThere("remote", now)) continue;
    const from = SIDES.filter(edited).sort(
      (one, other) => Number(isThere(other, now)) - Number(isThere(one, now)),
    )[0];
    if (!from) continue;
    const to = otherSide(from);
    merged[to] = aligned(row, to, merged[to], list(now[from]), meaning);
  }
  return merged;
}
