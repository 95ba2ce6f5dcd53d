import { type Choices, chosenSide } from "@/lib/sync/choice";
import type { LostEdit } from "@/lib/sync/history";
import { mayTravel, nameOf } from "@/lib/sync/mapping-row";
import type { FieldMapping, Mapping } from "@/lib/sync/mapping-schema";
import { mergeLines } from "@/lib/sync/merge-lines";
import { inStepWith, mergeSets, setsAgree } from "@/lib/sync/merge-sets";
import { type Conflict, otherSide, type Side } from "@/lib/sync/plan-types";
import type { FirstMeeting, Policy } from "@/lib/sync/policies";
import { type FieldId, type Fields, type FieldValue, sameValue } from "@/lib/sync/replica";
import { type Terms, translate } from "@/lib/sync/translate";

export type BothFields = { local: Fields; remote: Fields };

export type MergeInput = {
  now: BothFields;
  /** Null before the first meeting. */
  base: { local: Fields | null; remote: Fields | null };
  /** Values that a write of ours without an answer may have left: not a person's edit. */
  unconfirmed: BothFields;
  mapping: Mapping;
  terms: Terms;
  policy: Policy;
  firstMeeting: FirstMeeting;
  /** What people chose; it goes before every policy. */
  choices: Choices;
  /** When each field changed last, by our clock; only asked for when a conflict needs it. */
  changedAt: { local: FieldTimes; remote: FieldTimes } | null;
};

export type FieldTimes = Record<FieldId, number>;

type Both<T> = Record<Side, T>;

/** What becomes of one field. At most one side is written, except where edits of both sides are merged. */
export type Merged = {
  writes: Partial<Both<FieldValue>>;
  /** Set when both sides' edits are merged: what each side would be if only the other's edits counted. */
  otherNow?: Both<FieldValue>;
  conflict?: Conflict;
  note?: { side: Side; text: string };
  needsTimes?: true;
};

const NOTHING: Merged = { writes: {} };
const SIDES = ["remote", "local"] as const;

/**
 * Three-way merge of one field. A side has changed if it differs from its own last reading, never from
 * a translation of the other side: mappings lose information, and comparing across them would see
 * differences for ever.
 */
export function mergeField(row: FieldMapping, input: MergeInput): Merged {
  const local = input.now.local[row.local];
  const remote = input.now.remote[row.remote];
  // Missing in an answer is unreadable, not empty: it keeps its base and is left alone.
  if (local === undefined || remote === undefined) return NOTHING;
  const now = { local, remote };
  if (agree(row, now, input.terms)) return NOTHING;

  const local0 = input.base.local?.[row.local];
  const remote0 = input.base.remote?.[row.remote];
  if (local0 === undefined || remote0 === undefined) return meetFirst(row, now, input);
  const base = { local: local0, remote: remote0 };

  const changed = (side: Side) => {
    const ours = input.unconfirmed[side][row[side]];
    return (
      mayTravel(row, otherSide(side)) &&
      !sameValue(now[side], base[side]) &&
      !(ours !== undefined && sameValue(now[side], ours))
    );
  };
  const [here, there] = [changed("local"), changed("remote")];
  if (row.kind === "options") {
    const merged = mergeSets(row, now, base, { local: here, remote: there });
    return {
      writes: unlessThere(merged, now),
      otherNow: {
        local: inStepWith(row, "local", now.local, now.remote),
        remote: inStepWith(row, "remote", now.remote, now.local),
      },
    };
  }
  if (here && there)
    return mergeTexts(row, now, base, input.terms) ?? resolve(row, now, base, input);
  if (here) return send(row, "remote", now, input.terms);
  if (there) return send(row, "local", now, input.terms);
  return NOTHING;
}

/**
 * Merges a field again after our own update replaced an edit that we had not seen: as if that edit were still
 * there, and both sides stood where they stood when the update was planned.
 */
export function mergeLost(
  row: FieldMapping,
  input: MergeInput,
  { side, edit }: { side: Side; edit: LostEdit },
): Merged {
  const other = otherSide(side);
  const actual = input.now[side][row[side]];
  const merged = mergeField(row, {
    ...input,
    now: both(side, { ...input.now[side], [row[side]]: edit.value }, input.now[other]),
    base: both(
      side,
      { [row[side]]: edit.before },
      edit.otherBase === undefined ? {} : { [row[other]]: edit.otherBase },
    ),
    unconfirmed: { local: {}, remote: {} },
  });
  if (merged.needsTimes || merged.conflict?.resolution === "hold") return merged;
  const wanted = merged.writes[side] ?? edit.value;
  const { [side]: _replaced, ...rest } = merged.writes;
  return {
    ...merged,
    writes: actual === undefined || sameValue(actual, wanted) ? rest : { ...rest, [side]: wanted },
  };
}

function both<T>(side: Side, here: T, there: T): Both<T> {
  return side === "local" ? { local: here, remote: there } : { local: there, remote: here };
}

/** Either side, translated, equals the other: nothing is to be done. */
function agree(row: FieldMapping, now: Both<FieldValue>, terms: Terms): boolean {
  if (row.kind === "options") return setsAgree(row, now);
  return SIDES.some((to) => {
    const translated = translate(row, now[otherSide(to)], to, terms);
    return translated !== undefined && sameValue(translated, now[to]);
  });
}

function unlessThere(values: Both<FieldValue>, now: Both<FieldValue>): Merged["writes"] {
  const writes: Merged["writes"] = {};
  for (const side of SIDES)
    if (!sameValue(values[side], now[side])) writes[side] = sorted(values[side]);
  return writes;
}

function sorted(value: FieldValue): FieldValue {
  return Array.isArray(value) ? [...value].sort() : value;
}

function send(row: FieldMapping, to: Side, now: Both<FieldValue>, terms: Terms): Merged {
  const value = now[otherSide(to)];
  if (row.kind === "options")
    return { writes: { [to]: sorted(inStepWith(row, to, now[to], value)) } };
  const translated = translate(row, value, to, terms);
  if (translated !== undefined) return { writes: { [to]: translated } };
  return {
    writes: {},
    note: {
      side: to,
      text: `${nameOf(row)} "${value}" has no counterpart in the mapping: left as it is`,
    },
  };
}

function meetFirst(row: FieldMapping, now: Both<FieldValue>, input: MergeInput): Merged {
  if (row.direction === "none") return NOTHING;
  const winner = chosenSide(input.choices, row.local, now) ?? input.firstMeeting;
  if (winner === "hold")
    return {
      writes: {},
      conflict: {
        ...named(row),
        base: { local: null, remote: null },
        ...now,
        resolution: "hold",
      },
    };
  const to = otherSide(winner);
  return mayTravel(row, to) ? send(row, to, now, input.terms) : NOTHING;
}

function resolve(
  row: FieldMapping,
  now: Both<FieldValue>,
  base: Both<FieldValue>,
  input: MergeInput,
): Merged {
  const chosen = chosenSide(input.choices, row.local, now);
  if (!chosen && input.policy === "latest" && input.changedAt === null)
    return { writes: {}, needsTimes: true };
  const resolution =
    chosen ?? (input.policy === "latest" ? later(row, input.changedAt) : input.policy);
  const conflict: Conflict = { ...named(row), base, ...now, resolution };
  if (resolution === "hold") return { writes: {}, conflict };
  return { ...send(row, otherSide(resolution), now, input.terms), conflict };
}

function named(row: FieldMapping): { field: FieldId; name?: string } {
  return { field: row.local, ...(row.name ? { name: row.name } : {}) };
}

/** The side that changed a field last. A tie, or a time that nobody knows, holds. */
function later(row: FieldMapping, times: MergeInput["changedAt"]): Side | "hold" {
  const local = times?.local[row.local];
  const remote = times?.remote[row.remote];
  if (local === undefined || remote === undefined || local === remote) return "hold";
  return local > remote ? "local" : "remote";
}

/** Texts whose edits do not overlap merge by lines; null when they do, or when a text means another line elsewhere. */
function mergeTexts(
  row: FieldMapping,
  now: Both<FieldValue>,
  base: Both<FieldValue>,
  terms: Terms,
): Merged | null {
  if (row.kind !== "markup" && row.kind !== "text") return null;
  const here = (value: FieldValue) => translate(row, value, "local", terms);
  const [baseThere, nowThere] = [here(base.remote), here(now.remote)];
  if (typeof baseThere !== "string" || typeof nowThere !== "string") return null;
  if (typeof base.local !== "string" || typeof now.local !== "string") return null;
  // Where translating loses something, its lines are not those of the other side.
  if (!sameValue(baseThere, base.local)) return null;
  const merged = mergeLines(now.local, base.local, nowThere);
  if (merged === null) return null;
  const mergedThere = translate(row, merged, "remote", terms);
  if (mergedThere === undefined) return null;
  const localThere = translate(row, now.local, "remote", terms);
  if (localThere === undefined) return null;
  return {
    writes: unlessThere({ local: merged, remote: mergedThere }, now),
    otherNow: { local: nowThere, remote: localThere },
  };
}
