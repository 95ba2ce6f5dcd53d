import { randomUUID } from "node:crypto";
import type pg from "pg";
import type { CommentText, Created, OpenSide, Sent, Ticket } from "@/lib/connectors/connector";
import { isPieceWrite, pieceEffect, sendPiece } from "@/lib/sync/apply-pieces";
import { mirrorBody } from "@/lib/sync/comments";
import { type Claim, type Effect, type Sources, ticketFor } from "@/lib/sync/permit-store";
import {
  type FieldChange,
  otherSide,
  type Readings,
  type Side,
  type Write,
} from "@/lib/sync/plan-types";
import type { FieldId, Fields, Stamp } from "@/lib/sync/replica";

export type Applied =
  | { kind: "applied"; writes: number; sides: Set<Side> }
  /** The gate shut, the claim was lost, or we are stopping: nothing more was sent, no try is spent. */
  | { kind: "refused"; because: string; writes: number }
  | { kind: "failed"; error: Extract<Sent, { kind: "failed" }>["error"]; writes: number };

export type ApplyInput = {
  pool: pg.Pool;
  claim: Claim;
  sides: Record<Side, OpenSide>;
  readings: Readings;
  /** What the sides were in step at when the writes were planned. */
  base: Record<Side, Fields | null>;
  /** The pair's own. */
  marker: string;
  shouldStop: () => boolean;
};

/**
 * Sends the planned writes in order, each under its own permit; stops at the first that does not
 * succeed. Never throws for what an instance may do; a bug, or a lost database, still throws.
 */
export async function apply(writes: Write[], input: ApplyInput): Promise<Applied> {
  const issueId: Record<Side, string | null> = {
    local: input.readings.local?.id ?? null,
    remote: input.readings.remote?.id ?? null,
  };
  const sides = new Set<Side>();
  let sentCount = 0;
  const begun = new Set<string>();
  for (const write of writes) {
    if (input.shouldStop())
      return { kind: "refused", because: "this worker is stopping", writes: sentCount };
    const sent = await send(write, issueId, input, begun);
    if (sent.kind === "refused") return { ...sent, writes: sentCount };
    if (sent.kind === "failed") return { ...sent, writes: sentCount };
    sentCount += 1;
    sides.add(write.side);
    for (const { field, merged } of changesOf(write))
      if (merged) begun.add(`${write.side} ${field}`);
    if (write.kind === "create_issue") issueId[write.side] = sent.created.id ?? null;
  }
  return { kind: "applied", writes: sentCount, sides };
}

async function send(
  write: Write,
  issueId: Record<Side, string | null>,
  input: ApplyInput,
  begun: ReadonlySet<string>,
): Promise<Sent> {
  const side = input.sides[write.side];
  const stampId = write.kind === "update_issue" ? randomUUID() : null;
  const ticket = ticketOf(write, input, stampId, begun);
  if (write.kind === "create_issue")
    return side.createIssue(ticket, write.values, write.marker, write.parent);

  const id = issueId[write.side];
  if (id === null) throw new Error(`a ${write.kind} was planned for an issue that does not exist`);
  switch (write.kind) {
    case "update_issue":
      return side.updateIssue(ticket, id, write.changes, stampOf(write.side, stampId, input));
    case "transition":
      return side.transition(ticket, id, write.transitionId, {
        ...valuesOf(write.changes ?? []),
        ...write.fills,
      });
    case "add_comment":
      return side.addComment(ticket, id, textOf(write), write.marker);
    case "update_comment":
      return side.updateComment(ticket, id, write.mirrorId, textOf(write));
    case "add_attachment":
    case "add_worklog":
    case "update_worklog":
    case "add_link":
      return sendPiece(write, id, ticket, input.sides);
    case "stamp":
      return side.stamp(ticket, id, write.marker, write.twinId);
  }
}

function textOf(write: Extract<Write, { kind: "add_comment" | "update_comment" }>): CommentText {
  return {
    body: mirrorBody(write.authorName, write.body),
    restrictedTo: write.restrictedTo ?? null,
  };
}

/** What an update notes on the issue in passing: its twin, and which write this is. */
function stampOf(side: Side, write: string | null, { readings, marker }: ApplyInput): Stamp | null {
  const twinId = readings[otherSide(side)]?.id;
  return twinId && write ? { marker, twinId, write } : null;
}

function ticketOf(
  write: Write,
  { pool, claim, readings, base }: ApplyInput,
  stampId: string | null,
  begun: ReadonlySet<string>,
): Ticket {
  const advanced = effectOf(write, readings, begun);
  return ticketFor(pool, {
    claim,
    side: write.side,
    kind: write.kind,
    issueKey: readings[write.side]?.key ?? null,
    marker: "marker" in write ? write.marker : stampId,
    intended: {
      ...intendedOf(write),
      ...mergedOf(write),
      ...sourceOf(write, advanced),
      ...otherBaseOf(write, base[otherSide(write.side)]),
      ...(write.kind === "create_issue" ? { effect: advanced } : {}),
    },
    before: beforeOf(write),
    effectOf: (created) => completed(write, advanced, created),
  });
}

/** What is known of a pair once a write is confirmed, but for ids that only the answer holds. */
export function effectOf(write: Write, readings: Readings, begun: ReadonlySet<string>): Effect {
  const from = readings[otherSide(write.side)]?.fields ?? {};
  if (write.kind === "create_issue")
    return effectAt(write.side, write.values, valuesAt(from, Object.entries(write.sources)));
  return updateEffect(write.side, changesOf(write), from, begun);
}

/** A step on the way is made from nothing: the status that it was taken for is not reached by it. */
type Change = Omit<FieldChange, "source"> & { source: FieldId | null };

function changesOf(write: Write): Change[] {
  if (write.kind === "update_issue") return write.changes;
  if (write.kind !== "transition") return [];
  const { from, to, toward, changes = [] } = write;
  return [
    { field: "status", source: toward === undefined ? "status" : null, from, to },
    ...changes,
  ];
}

/** The base advances on both sides for the fields that were sent, and for no other. */
function effectAt(side: Side, here: Fields, there: Fields): Effect {
  return side === "remote"
    ? { remoteFields: here, localFields: there }
    : { localFields: here, remoteFields: there };
}

/** Values of the other side's fields that some of ours are made from, as far as they can be read. */
function valuesAt(fields: Fields, pairs: [FieldId, FieldId][]): Fields {
  return Object.fromEntries(
    pairs.flatMap(([, source]) => {
      const value = fields[source];
      return value === undefined ? [] : [[source, value]];
    }),
  );
}

/**
 * A merged field is in step only when both sides have it. After the first of the two writes the sides are
 * noted as they were in step at what the other one still has: what was merged into the first then looks
 * changed there, and is carried over by whoever goes on after a crash.
 */
function updateEffect(
  side: Side,
  changes: Change[],
  from: Fields,
  begun: ReadonlySet<string>,
): Effect {
  const here: Fields = {};
  const there: Fields = {};
  for (const { field, source, to, merged } of changes) {
    const isSecond = merged && begun.has(`${otherSide(side)} ${source}`);
    here[field] = merged && !isSecond ? merged.otherNow : to;
    if (source === null) continue;
    const value = isSecond ? merged.otherTo : from[source];
    if (value !== undefined) there[source] = value;
  }
  return effectAt(side, here, there);
}

/** What the values were made from, on the other side: if the answer is lost, both belong together. */
function sourceOf(write: Write, effect: Effect): { source?: Fields; sources?: Sources } {
  const changes = changesOf(write);
  if (changes.length === 0) return {};
  const source = (write.side === "remote" ? effect.localFields : effect.remoteFields) ?? {};
  const pairs = changes.flatMap((change) =>
    change.source === null ? [] : [[change.field, change.source] as const],
  );
  return { source, sources: Object.fromEntries(pairs) };
}

/** What the other side was in step at: if the write turns out to have replaced an edit, both are merged again. */
function otherBaseOf(write: Write, base: Fields | null): { otherBase?: Fields } {
  const changes = changesOf(write);
  if (changes.length === 0) return {};
  const known = changes.flatMap(({ field, source }) => {
    const value = source === null ? undefined : base?.[source];
    return value === undefined ? [] : [[field, value] as const];
  });
  return { otherBase: Object.fromEntries(known) };
}

/** Which of the intended values are merged: if the answer is lost, they count as a person's, and merge again. */
function mergedOf(write: Write): { merged?: FieldId[] } {
  const merged = changesOf(write)
    .filter((change) => change.merged)
    .map(({ field }) => field);
  return merged.length > 0 ? { merged } : {};
}

function completed(write: Write, planned: Effect, created: Created): Effect | null {
  const origin = otherSide(write.side);
  const effect = withoutIgnored(write, planned, created.ignored ?? []);
  if (write.kind === "create_issue" && created.id && created.key)
    return { ...effect, twin: { side: write.side, id: created.id, key: created.key } };
  if (write.kind === "add_comment" && created.id)
    return {
      comment: { side: origin, id: write.originId, mirrorId: created.id, sent: write.digest },
    };
  if (write.kind === "update_comment")
    return {
      comment: { side: origin, id: write.originId, mirrorId: write.mirrorId, sent: write.digest },
    };
  if (isPieceWrite(write)) return pieceEffect(write, created);
  return write.kind === "stamp" ? null : effect;
}

/** What an instance ignored is in step on neither side: it is as if it had not been sent. */
function withoutIgnored(write: Write, effect: Effect, ignored: FieldId[]): Effect {
  if (ignored.length === 0) return effect;
  const sources = ignored.map((field) => sourceFieldOf(write, field));
  const [here, there] = write.side === "remote" ? [ignored, sources] : [sources, ignored];
  return {
    ...effect,
    ...(effect.remoteFields && { remoteFields: without(effect.remoteFields, here) }),
    ...(effect.localFields && { localFields: without(effect.localFields, there) }),
  };
}

function sourceFieldOf(write: Write, field: FieldId): FieldId {
  if (write.kind === "create_issue") return write.sources[field] ?? field;
  if (write.kind !== "update_issue") return field;
  return write.changes.find((change) => change.field === field)?.source ?? field;
}

function without(fields: Fields, left: FieldId[]): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([field]) => !left.includes(field)));
}

function intendedOf(write: Write): Record<string, unknown> {
  switch (write.kind) {
    case "create_issue":
      return { fields: write.values, thenStatus: write.thenStatus };
    case "update_issue":
      return { fields: valuesOf(write.changes) };
    case "transition":
      return {
        fields: valuesOf(changesOf(write)),
        ...(write.fills ? { fills: write.fills } : {}),
      };
    case "add_comment":
    case "update_comment":
      return {
        author: write.authorName,
        body: write.body,
        ...(write.restrictedTo ? { restrictedTo: write.restrictedTo } : {}),
      };
    case "add_attachment":
      return { name: write.name, size: write.size };
    case "add_worklog":
    case "update_worklog":
      return { startedAt: write.startedAt, seconds: write.seconds, comment: write.comment };
    case "add_link":
      return { type: write.type, to: write.toKey };
    case "stamp":
      return { twinId: write.twinId };
  }
}

function beforeOf(write: Write): Record<string, unknown> | null {
  const changes = changesOf(write);
  if (changes.length > 0)
    return Object.fromEntries(changes.map((change) => [change.field, change.from]));
  if (write.kind === "update_worklog") return write.before;
  return write.kind === "update_comment" ? { body: write.before } : null;
}

function valuesOf(changes: Pick<Change, "field" | "to">[]): Fields {
  return Object.fromEntries(changes.map((change) => [change.field, change.to]));
}
