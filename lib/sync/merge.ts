import type { FirstMeeting, Mapping, Policy } from "@/lib/sync/mapping-schema";
import { type Conflict, otherSide, type Side } from "@/lib/sync/plan-types";
import { type FieldName, type Fields, type FieldValue, sameValue } from "@/lib/sync/replica";

export type BothFields = { local: Fields; remote: Fields };

export type MergeInput = {
  now: BothFields;
  /** Null before the first meeting. */
  base: { local: Fields | null; remote: Fields | null };
  /** Values that a write of ours without an answer may have left: not a person's edit. */
  unconfirmed: BothFields;
  mapping: Mapping;
  policy: Policy;
  firstMeeting: FirstMeeting;
  /** When each field changed last, by our clock; only asked for when a conflict needs it. */
  changedAt: { local: FieldTimes; remote: FieldTimes } | null;
};

export type FieldTimes = Partial<Record<FieldName, number>>;

/** What becomes of one field. At most one side is written, except for labels, which merge. */
export type Merged = {
  writes: Partial<Record<Side, FieldValue>>;
  conflict?: Conflict;
  note?: { side: Side; text: string };
  needsTimes?: true;
};

const NOTHING: Merged = { writes: {} };

/** A value in the other side's terms; `undefined` when it has no counterpart there. */
export function translate(
  mapping: Mapping,
  field: FieldName,
  value: FieldValue,
  to: Side,
): FieldValue | undefined {
  if (field !== "status" && field !== "priority") return value;
  if (typeof value !== "string") return value;
  const table = mapping.values[field][to === "remote" ? "toRemote" : "toLocal"];
  return Object.hasOwn(table, value) ? table[value] : undefined;
}

function mayTravel(mapping: Mapping, field: FieldName, to: Side): boolean {
  const travels = mapping.fields[field];
  return travels === "both" || travels === (to === "remote" ? "to_remote" : "to_local");
}

/**
 * Three-way merge of one field. A side has changed if it differs from its own last reading, never from
 * a translation of the other side: mappings lose information, and comparing across them would see
 * differences for ever.
 */
export function mergeField(field: FieldName, input: MergeInput): Merged {
  const local = input.now.local[field];
  const remote = input.now.remote[field];
  // Missing in an answer is unreadable, not empty: it keeps its base and is left alone.
  if (local === undefined || remote === undefined) return NOTHING;
  if (agree(input.mapping, field, local, remote)) return NOTHING;

  const bases = { local: input.base.local?.[field], remote: input.base.remote?.[field] };
  if (bases.local === undefined || bases.remote === undefined)
    return meetFirst(field, local, remote, input);

  const changed = (side: Side, value: FieldValue) => {
    const base = bases[side];
    const ours = input.unconfirmed[side][field];
    return (
      base !== undefined &&
      !sameValue(value, base) &&
      !(ours !== undefined && sameValue(value, ours))
    );
  };
  const localChanged = changed("local", local) && mayTravel(input.mapping, field, "remote");
  const remoteChanged = changed("remote", remote) && mayTravel(input.mapping, field, "local");

  if (localChanged && remoteChanged) {
    if (field === "labels") return mergeLabels(local, remote, bases.local, bases.remote);
    return resolve(field, { local, remote }, { local: bases.local, remote: bases.remote }, input);
  }
  if (localChanged) return send(field, "remote", local, input.mapping);
  if (remoteChanged) return send(field, "local", remote, input.mapping);
  return NOTHING;
}

/** Either side, translated, equals the other: nothing is to be done. */
function agree(mapping: Mapping, field: FieldName, local: FieldValue, remote: FieldValue): boolean {
  const there = translate(mapping, field, local, "remote");
  const here = translate(mapping, field, remote, "local");
  return (
    (there !== undefined && sameValue(there, remote)) ||
    (here !== undefined && sameValue(here, local))
  );
}

function send(field: FieldName, to: Side, value: FieldValue, mapping: Mapping): Merged {
  const translated = translate(mapping, field, value, to);
  if (translated !== undefined) return { writes: { [to]: translated } };
  return {
    writes: {},
    note: {
      side: to,
      text: `${field} "${value}" has no counterpart in the mapping: left as it is`,
    },
  };
}

function meetFirst(
  field: FieldName,
  local: FieldValue,
  remote: FieldValue,
  input: MergeInput,
): Merged {
  if (input.mapping.fields[field] === "none") return NOTHING;
  if (input.firstMeeting === "hold")
    return {
      writes: {},
      conflict: { field, base: { local: null, remote: null }, local, remote, resolution: "hold" },
    };
  const winner = input.firstMeeting;
  const to = otherSide(winner);
  if (!mayTravel(input.mapping, field, to)) return NOTHING;
  return send(field, to, winner === "local" ? local : remote, input.mapping);
}

function resolve(
  field: FieldName,
  values: { local: FieldValue; remote: FieldValue },
  base: { local: FieldValue; remote: FieldValue },
  input: MergeInput,
): Merged {
  if (input.policy === "latest" && input.changedAt === null)
    return { writes: {}, needsTimes: true };
  const resolution = input.policy === "latest" ? later(field, input.changedAt) : input.policy;
  const conflict: Conflict = { field, base, ...values, resolution };
  if (resolution === "hold") return { writes: {}, conflict };
  return { ...send(field, otherSide(resolution), values[resolution], input.mapping), conflict };
}

/** The side that changed a field last. A tie, or a time that nobody knows, holds. */
function later(field: FieldName, times: MergeInput["changedAt"]): Side | "hold" {
  const local = times?.local[field];
  const remote = times?.remote[field];
  if (local === undefined || remote === undefined || local === remote) return "hold";
  return local > remote ? "local" : "remote";
}

/** Labels merge one by one: what either side added comes, what either side removed goes. */
function mergeLabels(
  local: FieldValue,
  remote: FieldValue,
  baseLocal: FieldValue,
  baseRemote: FieldValue,
): Merged {
  const here = list(local);
  const there = list(remote);
  const before = new Set([...list(baseLocal), ...list(baseRemote)]);
  const merged = [...new Set([...here, ...there])].filter(
    (label) => !before.has(label) || (here.includes(label) && there.includes(label)),
  );
  const writes: Merged["writes"] = {};
  if (!sameValue(merged, local)) writes.local = merged;
  if (!sameValue(merged, remote)) writes.remote = merged;
  return { writes };
}

function list(value: FieldValue): string[] {
  return Array.isArray(value) ? value : [];
}
