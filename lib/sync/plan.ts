import type { SyncErrorCode } from "@/lib/errors";
import { type KnownComment, planComments } from "@/lib/sync/comments";
import type { LostEdit } from "@/lib/sync/history";
import { mayTravel, nameOf } from "@/lib/sync/mapping-row";
import type { FieldMapping, Mapping } from "@/lib/sync/mapping-schema";
import {
  type BothFields,
  type Merged,
  type MergeInput,
  mergeField,
  mergeLost,
} from "@/lib/sync/merge";
import { type PartTypes, parentThere } from "@/lib/sync/parent";
import type { KnownPiece } from "@/lib/sync/pieces";
import { type PiecesPlan, type PiecesPlanInput, planPieces } from "@/lib/sync/plan-pieces";
import { planSteps } from "@/lib/sync/plan-steps";
import {
  type Conflict,
  type FieldChange,
  type Note,
  otherSide,
  type Plan,
  type Side,
  type Write,
} from "@/lib/sync/plan-types";
import type { FirstMeeting, Policy } from "@/lib/sync/policies";
import type { FieldId, Fields, IssueReading } from "@/lib/sync/replica";
import { type TakesOne, takeOutTooMany, tooMany } from "@/lib/sync/takes-one";
import { earlierTranslations, type Terms, translate, translateText } from "@/lib/sync/translate";
import type { KnownStep } from "@/lib/sync/workflow";

export type PlanInput = {
  /** Null: there is no issue on that side yet. Not both. */
  local: IssueReading | null;
  remote: IssueReading | null;
  base: MergeInput["base"];
  unconfirmed: BothFields;
  known: KnownComment[];
  markers: { local: Map<string, string>; remote: Map<string, string> };
  /** Unique to this node and pair; what it creates is found by it again. */
  marker: string;
  mapping: Mapping;
  terms: Terms;
  policy: Policy;
  firstMeeting: FirstMeeting;
  choices: MergeInput["choices"];
  changedAt: MergeInput["changedAt"];
  knownPieces: PiecesPlanInput["knownPieces"];
  ours: PiecesPlanInput["ours"];
  twins: PiecesPlanInput["twins"];
  awaited: PiecesPlanInput["awaited"];
  /** Left out: each side keeps sets as they are. */
  takesOne?: TakesOne;
  /** Where the twin of an issue's parent is; without, a part may have any type there. */
  partTypes?: PartTypes | null;
  contents: PiecesPlanInput["contents"];
  /** Steps of both workflows that were seen at other issues; asked for when no single step leads there. */
  steps: Record<Side, KnownStep[]> | null;
  /** Edits that our own updates replaced unseen, by the side's field. */
  lost: Record<Side, Record<FieldId, LostEdit>>;
};

export type Planned = {
  plan: Plan;
  /** Comments to remember without sending anything. */
  learned: KnownComment[];
  /** Why the pair needs a person even after all writes were sent. */
  problem: { code: SyncErrorCode; message: string } | null;
  /** Read the changelogs of both sides and plan again. */
  needsTimes: boolean;
  /** Attachments, worklogs and links to remember without sending anything. */
  learnedPieces: KnownPiece[];
  /** Read the contents of these attachments and plan again. */
  needsContents?: PiecesPlan["needsContents"];
  /** Edits that our updates replaced, and what became of them: told also when nothing is written any more. */
  told?: string[];
  /** Look up the workflows of both sides and plan again. */
  needsSteps?: true;
  /** Nothing of it may be sent before this issue has a twin. */
  waitsFor?: { key: string };
};

function commentMarker(pairMarker: string, side: Side, commentId: string): string {
  return `${pairMarker}.${side}.${commentId}`;
}

/**
 * What would bring a pair back in step. Pure: no database, clock or network, so that the preview and
 * the worker are one code. A conflict that waits for a person keeps the whole pair as it is.
 */
export function plan(input: PlanInput): Planned {
  if (input.local && input.remote) return planPair(input, input.local, input.remote);
  const source = input.local ?? input.remote;
  if (!source) throw new Error("a pair needs an issue on one side at least");
  return planCreate(input, source, input.local ? "local" : "remote");
}

function planCreate(input: PlanInput, source: IssueReading, from: Side): Planned {
  // Made by us, its original unknown: a twin of a twin would be a duplicate.
  if (source.marker !== null) return nothing();
  const to = otherSide(from);
  const secret = restricted(source, from, input);
  if (secret) return { ...nothing(), ...secret };
  const values: Fields = {};
  const sources: Record<FieldId, FieldId> = {};
  const names: Record<FieldId, string> = {};
  const notes: Note[] = [];
  let thenStatus: string | null = null;
  for (const row of input.mapping.fields) {
    const value = source.fields[row[from]];
    if (value === undefined || row.direction === "none") continue;
    const translated = translate(row, value, to, input.terms);
    if (translated === undefined)
      notes.push({
        field: nameOf(row),
        side: to,
        text: `${nameOf(row)} "${value}" has no counterpart in the mapping: left at its default`,
      });
    // Only a transition sets it.
    else if (row[to] === "resolution") continue;
    else if (tooMany(input.takesOne, to, row[to], translated))
      notes.push({
        field: nameOf(row),
        side: to,
        text: `${nameOf(row)} has more than the one element that is kept there: a person chooses once it is there`,
      });
    else if (row[to] === "status") thenStatus = typeof translated === "string" ? translated : null;
    else {
      values[row[to]] = translated;
      sources[row[to]] = row[from];
      if (row.name) names[row[to]] = row.name;
    }
  }
  for (const { side, field, value } of input.mapping.constants)
    if (side === to) {
      values[field] = value;
      delete sources[field];
    }
  const comments = planComments({
    local: from === "local" ? source.comments : [],
    remote: from === "remote" ? source.comments : [],
    known: input.known,
    markers: input.markers,
    markerOf: (side, id) => commentMarker(input.marker, side, id),
    translated: (side, body) => translateText(body, otherSide(side), input.terms),
    translatedBefore: (side, body) => earlierTranslations(body, otherSide(side), input.terms),
    travels: commentsTravel(input.mapping),
    circle: circleOf(input.mapping),
    isFirstMeeting: false,
  });
  const part = parentThere(source, from, input, values.type, notes);
  const isParentAwaited = part === "awaited" && source.parent;
  const isPart = part !== null && part !== "awaited";
  if (isPart && part.type !== undefined) values.type = part.type;
  notes.push(...followers(source, to));
  const create: Write = {
    kind: "create_issue",
    side: to,
    marker: input.marker,
    ...(isPart ? { parent: part.parent } : {}),
    values,
    sources,
    ...(Object.keys(names).length > 0 ? { names } : {}),
    thenStatus,
  };
  return {
    plan: {
      writes: [create, ...comments.writes],
      conflicts: [],
      notes: [...notes, ...comments.notes],
    },
    learned: comments.learned,
    learnedPieces: [],
    problem: null,
    needsTimes: false,
    ...(isParentAwaited ? { waitsFor: { key: isParentAwaited.key } } : {}),
  };
}

function planPair(input: PlanInput, local: IssueReading, remote: IssueReading): Planned {
  const readings = { local, remote };
  const secret = restricted(local, "local", input) ?? restricted(remote, "remote", input);
  if (secret) return { ...nothing(), ...secret };
  // A twin that we made has no will of its own yet: what its base does not know comes from its source.
  const madeByUs: Side | null =
    remote.marker === input.marker ? "remote" : local.marker === input.marker ? "local" : null;
  const firstMeeting = madeByUs ? otherSide(madeByUs) : input.firstMeeting;
  const changes: Record<Side, FieldChange[]> = { local: [], remote: [] };
  const conflicts: Conflict[] = [];
  const notes: Note[] = [];
  const told: string[] = [];
  let needsTimes = false;
  for (const row of input.mapping.fields) {
    // An issue gets its type when it is made: changing it is a move, which only people do.
    if (row.local === "type" || row.remote === "type") continue;
    const mergeInput = {
      ...input,
      firstMeeting,
      now: { local: local.fields, remote: remote.fields },
    };
    const lost = lostIn(row, input.lost);
    const merged = lost ? mergeLost(row, mergeInput, lost) : mergeField(row, mergeInput);
    if (lost) {
      const text = `${lost.edit.by} changed ${nameOf(row)} to "${lost.edit.value ?? ""}" after we had read it and before we wrote: merged again`;
      notes.push({ field: nameOf(row), side: lost.side, text });
      told.push(text);
    }
    if (merged.needsTimes) needsTimes = true;
    if (merged.conflict) conflicts.push(merged.conflict);
    if (merged.note) notes.push({ field: nameOf(row), ...merged.note });
    for (const side of ["local", "remote"] as const) {
      const change = changeOf(row, side, merged, readings);
      if (change) changes[side].push(change);
    }
  }
  const isFirstMeeting = !madeByUs && (input.base.local === null || input.base.remote === null);
  const comments = planComments({
    local: local.comments,
    remote: remote.comments,
    known: input.known,
    markers: input.markers,
    markerOf: (side, id) => commentMarker(input.marker, side, id),
    translated: (side, body) => translateText(body, otherSide(side), input.terms),
    translatedBefore: (side, body) => earlierTranslations(body, otherSide(side), input.terms),
    travels: commentsTravel(input.mapping),
    circle: circleOf(input.mapping),
    isFirstMeeting,
  });
  const pieces = planPieces(input, isFirstMeeting);
  notes.push(...comments.notes, ...pieces.notes);
  if (pieces.needsContents.length > 0 && input.contents === null)
    return { ...nothing(), needsContents: pieces.needsContents };

  const undecided = conflicts.filter((conflict) => conflict.resolution === "hold");
  if (undecided.length > 0 || needsTimes) {
    const fields = undecided.map(({ name, field }) => name ?? field).join(", ");
    return {
      plan: { writes: [], conflicts, notes },
      learned: comments.learned,
      learnedPieces: pieces.learned,
      problem: { code: "conflict", message: `${fields} changed on both sides: a person decides` },
      needsTimes,
    };
  }

  const writes: Write[] = [];
  let problem: Planned["problem"] = null;
  const keys = { local: local.key, remote: remote.key };
  for (const { side, field, text } of takeOutTooMany(changes, input.takesOne, keys)) {
    problem = { code: "field_rejected", message: text };
    notes.push({ field, side, text });
  }
  for (const side of ["remote", "local"] as const) {
    const status = changes[side].find((change) => change.field === "status");
    let fields = changes[side].filter((change) => change.field !== "status");
    const moved = status && planSteps(readings[side], side, status, fields, input);
    if (moved === "needs_steps") return { ...nothing(), needsSteps: true };
    if (moved) fields = fields.filter((change) => !moved.taken.has(change.field));
    if (fields.length > 0) writes.push({ kind: "update_issue", side, changes: fields });
    if (!moved) continue;
    writes.push(...moved.writes);
    if (moved.problem) {
      problem = { code: "no_transition", message: moved.problem };
      notes.push({ field: "status", side, text: moved.problem });
    }
  }
  writes.push(...comments.writes, ...pieces.writes, ...stampFor(input, madeByUs, local, remote));
  return {
    plan: { writes, conflicts, notes },
    learned: comments.learned,
    learnedPieces: pieces.learned,
    ...(told.length > 0 ? { told } : {}),
    problem,
    needsTimes: false,
  };
}

/** What is sent once the new issue is there to take it. */
function followers(
  { attachments = [], worklogs = [], links = [] }: IssueReading,
  to: Side,
): Note[] {
  const parts = [
    [attachments.length, "attachment"],
    [worklogs.length, "worklog"],
    [links.length, "link"],
  ] as const;
  return parts
    .filter(([count]) => count > 0)
    .map(([count, what]) => ({
      field: what,
      side: to,
      text: `${count} ${what}${count === 1 ? "" : "s"} of it ${count === 1 ? "is" : "are"} looked at once it is there`,
    }));
}

function lostIn(
  row: FieldMapping,
  lost: PlanInput["lost"],
): { side: Side; edit: LostEdit } | undefined {
  return (["local", "remote"] as const)
    .map((side) => ({ side, edit: lost[side][row[side]] }))
    .find((each): each is { side: Side; edit: LostEdit } => each.edit !== undefined);
}

/** What a merge writes at one side, with what its confirmation will teach about both. */
function changeOf(
  row: FieldMapping,
  side: Side,
  merged: Merged,
  readings: Record<Side, IssueReading>,
): FieldChange | null {
  const to = merged.writes[side];
  if (to === undefined) return null;
  const other = otherSide(side);
  const change: FieldChange = {
    field: row[side],
    ...(row.name ? { name: row.name } : {}),
    source: row[other],
    from: readings[side].fields[row[side]] ?? null,
    to,
  };
  const otherTo = merged.writes[other];
  if (!merged.otherNow || otherTo === undefined) return change;
  return { ...change, merged: { otherNow: merged.otherNow[side], otherTo } };
}

/** The issue that a twin was made from learns where it is. */
function stampFor(
  input: PlanInput,
  madeByUs: Side | null,
  local: IssueReading,
  remote: IssueReading,
): Write[] {
  if (!madeByUs) return [];
  const [source, twin] = madeByUs === "remote" ? [local, remote] : [remote, local];
  if (source.stamp?.twinId === twin.id) return [];
  return [{ kind: "stamp", side: otherSide(madeByUs), twinId: twin.id, marker: input.marker }];
}

/**
 * An issue that most people may not see is not sent, and neither is anything of its pair: a person opens it
 * or maps what restricts it. Null where nothing restricts it, or the mapping says what that means over there.
 */
function restricted(
  { key, restriction }: IssueReading,
  side: Side,
  { mapping, terms }: PlanInput,
): Pick<Planned, "problem"> | null {
  if (!restriction) return null;
  const to = otherSide(side);
  const row = mapping.fields.find((each) => each[side] === restriction.field);
  const counterpart =
    row && mayTravel(row, to) ? translate(row, restriction.value, to, terms) : undefined;
  if (counterpart !== undefined) return null;
  return {
    problem: {
      code: "restricted",
      message: `${key} is restricted to "${restriction.value}": nothing of it is sent. Map that level, or take it off the issue, and retry`,
    },
  };
}

function circleOf({ privateComments }: Mapping): Record<Side, string> | null {
  return privateComments === "never" ? null : privateComments;
}

function commentsTravel(mapping: Mapping): { local: boolean; remote: boolean } {
  const row = { direction: mapping.comments };
  return { local: mayTravel(row, "remote"), remote: mayTravel(row, "local") };
}

function nothing(): Planned {
  return {
    plan: { writes: [], conflicts: [], notes: [] },
    learned: [],
    learnedPieces: [],
    problem: null,
    needsTimes: false,
  };
}

/** Nothing to write, nothing for a person to decide: the pair is in step. */
export function isInStep(planned: Planned): boolean {
  return planned.plan.writes.length === 0 && planned.problem === null;
}
