import { randomUUID } from "node:crypto";
import type pg from "pg";
import type { Created, OpenSide, Sent, Ticket } from "@/lib/connectors/connector";
import { mirrorBody } from "@/lib/sync/comments";
import { type Claim, type Effect, ticketFor } from "@/lib/sync/permit-store";
import {
  type FieldChange,
  otherSide,
  type Readings,
  type Side,
  type Write,
} from "@/lib/sync/plan-types";
import type { Fields, Stamp } from "@/lib/sync/replica";

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
  for (const write of writes) {
    if (input.shouldStop())
      return { kind: "refused", because: "this worker is stopping", writes: sentCount };
    const sent = await send(write, issueId, input);
    if (sent.kind === "refused") return { ...sent, writes: sentCount };
    if (sent.kind === "failed") return { ...sent, writes: sentCount };
    sentCount += 1;
    sides.add(write.side);
    if (write.kind === "create_issue") issueId[write.side] = sent.created.id ?? null;
  }
  return { kind: "applied", writes: sentCount, sides };
}

async function send(
  write: Write,
  issueId: Record<Side, string | null>,
  input: ApplyInput,
): Promise<Sent> {
  const side = input.sides[write.side];
  const stampId = write.kind === "update_issue" ? randomUUID() : null;
  const ticket = ticketOf(write, input, stampId);
  if (write.kind === "create_issue") return side.createIssue(ticket, write.values, write.marker);

  const id = issueId[write.side];
  if (id === null) throw new Error(`a ${write.kind} was planned for an issue that does not exist`);
  switch (write.kind) {
    case "update_issue":
      return side.updateIssue(ticket, id, write.changes, stampOf(write.side, stampId, input));
    case "transition":
      return side.transition(ticket, id, write.transitionId);
    case "add_comment":
      return side.addComment(ticket, id, mirrorBody(write.authorName, write.body), write.marker);
    case "update_comment":
      return side.updateComment(
        ticket,
        id,
        write.mirrorId,
        mirrorBody(write.authorName, write.body),
      );
    case "stamp":
      return side.stamp(ticket, id, write.marker, write.twinId);
  }
}

/** What an update notes on the issue in passing: its twin, and which write this is. */
function stampOf(side: Side, write: string | null, { readings, marker }: ApplyInput): Stamp | null {
  const twinId = readings[otherSide(side)]?.id;
  return twinId && write ? { marker, twinId, write } : null;
}

function ticketOf(
  write: Write,
  { pool, claim, readings }: ApplyInput,
  stampId: string | null,
): Ticket {
  const advanced = effectOf(write, readings);
  return ticketFor(pool, {
    claim,
    side: write.side,
    kind: write.kind,
    issueKey: readings[write.side]?.key ?? null,
    marker: "marker" in write ? write.marker : stampId,
    intended: {
      ...intendedOf(write),
      ...(write.kind === "create_issue" ? { effect: advanced } : {}),
    },
    before: beforeOf(write),
    effectOf: (created) => completed(write, advanced, created),
  });
}

/** What is known of a pair once a write is confirmed, but for ids that only the answer holds. */
function effectOf(write: Write, readings: Readings): Effect {
  const from = readings[otherSide(write.side)]?.fields ?? {};
  if (write.kind === "create_issue") return fieldsEffect(write.side, write.values, from);
  if (write.kind === "update_issue") return fieldsEffect(write.side, valuesOf(write.changes), from);
  if (write.kind === "transition") return fieldsEffect(write.side, { status: write.to }, from);
  return {};
}

/** The base advances on both sides for the fields that were sent, and for no other. */
function fieldsEffect(side: Side, sent: Fields, from: Fields): Effect {
  const source = Object.fromEntries(
    Object.keys(sent).flatMap((field) => {
      const value = from[field as keyof Fields];
      return value === undefined ? [] : [[field, value]];
    }),
  );
  return side === "remote"
    ? { remoteFields: sent, localFields: source }
    : { localFields: sent, remoteFields: source };
}

function completed(write: Write, effect: Effect, created: Created): Effect | null {
  const origin = otherSide(write.side);
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
  return write.kind === "stamp" ? null : effect;
}

function intendedOf(write: Write): Record<string, unknown> {
  switch (write.kind) {
    case "create_issue":
      return { fields: write.values, thenStatus: write.thenStatus };
    case "update_issue":
      return { fields: valuesOf(write.changes) };
    case "transition":
      return { fields: { status: write.to } };
    case "add_comment":
    case "update_comment":
      return { author: write.authorName, body: write.body };
    case "stamp":
      return { twinId: write.twinId };
  }
}

function beforeOf(write: Write): Record<string, unknown> | null {
  if (write.kind === "update_issue")
    return Object.fromEntries(write.changes.map((change) => [change.field, change.from]));
  if (write.kind === "transition") return { status: write.from };
  return write.kind === "update_comment" ? { body: write.before } : null;
}

function valuesOf(changes: FieldChange[]): Fields {
  return Object.fromEntries(changes.map((change) => [change.field, change.to]));
}
