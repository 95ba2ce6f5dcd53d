import type { MailEstimate } from "@/lib/sync/mails";
import type { FieldId, Fields, FieldValue, IssueReading } from "@/lib/sync/replica";

export type Side = "local" | "remote";

/** Both issues as they are now; null where there is none yet. */
export type Readings = Record<Side, IssueReading | null>;

export function otherSide(side: Side): Side {
  return side === "local" ? "remote" : "local";
}

/** One field of an update, with what is there now: the difference that people read. */
export type FieldChange = {
  field: FieldId;
  /** What people call it, where that is not its id. */
  name?: string;
  /** The field of the other side that it is made from. */
  source: FieldId;
  from: FieldValue;
  to: FieldValue;
  /** Set when both sides' edits are merged, and both sides are written. */
  merged?: {
    /** The other side's present value in this side's terms. */
    otherNow: FieldValue;
    /** The merged value in the other side's terms. */
    otherTo: FieldValue;
  };
};

/** One call that alters an instance. `side` is where it is written. */
export type Write =
  | {
      kind: "create_issue";
      side: Side;
      marker: string;
      values: Fields;
      /** The field of the other side that each value is made from; constants have none. */
      sources: Record<FieldId, FieldId>;
      /** What people call fields whose id says little. */
      names?: Record<FieldId, string>;
      /** The issue there that it becomes a part of. */
      parent?: { id: string; key: string };
      /** Set by a transition after the create, since a new issue starts where its workflow starts. */
      thenStatus: string | null;
    }
  | { kind: "update_issue"; side: Side; changes: FieldChange[] }
  | {
      kind: "transition";
      side: Side;
      transitionId: string;
      name: string;
      from: string;
      to: string;
      /** The status that it is a step on the way to; absent for the last step. */
      toward?: string;
      /** Changes that the step's screen takes, sent in the same call. */
      changes?: FieldChange[];
      /** What the mapping gives to fields that the step requires and nobody's edit fills. */
      fills?: Fields;
    }
  | {
      kind: "add_comment";
      side: Side;
      marker: string;
      /** The comment on the other side that this one mirrors. */
      originId: string;
      authorName: string;
      writtenAt: string;
      body: string;
      digest: string;
      /** Who alone may read it there, in that side's terms; absent for everybody. */
      restrictedTo?: string;
    }
  | {
      kind: "update_comment";
      side: Side;
      originId: string;
      mirrorId: string;
      authorName: string;
      before: string;
      body: string;
      digest: string;
      /** Who alone may read it there, in that side's terms; absent for everybody. */
      restrictedTo?: string;
    }
  | {
      kind: "add_attachment";
      side: Side;
      /** The attachment on the other side, whose content is sent. */
      originId: string;
      name: string;
      size: number;
      mimeType: string | null;
      authorName: string;
      digest: string;
    }
  | {
      kind: "add_worklog";
      side: Side;
      originId: string;
      authorName: string;
      startedAt: string;
      seconds: number;
      comment: string;
      digest: string;
    }
  | {
      kind: "update_worklog";
      side: Side;
      originId: string;
      mirrorId: string;
      authorName: string;
      startedAt: string;
      seconds: number;
      comment: string;
      before: { startedAt: string; seconds: number; comment: string };
      digest: string;
    }
  | {
      kind: "add_link";
      side: Side;
      originId: string;
      type: string;
      toId: string;
      toKey: string;
      digest: string;
    }
  /** Notes the twin's id on the issue it was made from, for the day our database is older than the world. */
  | { kind: "stamp"; side: Side; twinId: string; marker: string };

export type Conflict = {
  /** The local side's id of it. */
  field: FieldId;
  name?: string;
  base: { local: FieldValue; remote: FieldValue };
  local: FieldValue;
  remote: FieldValue;
  /** Which side the policy chose; `hold` waits for a person. */
  resolution: Side | "hold";
};

/** A person's word in a conflict: this side's value, while both values are those with this digest. */
export type Choice = { side: Side; digest: string };

/** Something that stays as it is, and why, in a person's words. */
export type Note = { field: FieldId; side: Side; text: string };

export type Plan = {
  writes: Write[];
  conflicts: Conflict[];
  notes: Note[];
  /** Mails that the writes cause, one estimate for each side; absent in plans that were kept before there were any. */
  mails?: MailEstimate[];
};
