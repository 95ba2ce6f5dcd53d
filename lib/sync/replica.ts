import type { HistoryItem } from "@/lib/sync/history";
import type { Step } from "@/lib/sync/workflow";

/**
 * A side's own: `summary`, `description`, `type`, `status`, `resolution`, `priority`, `labels`, `components`,
 * `fixVersions`, `dueDate`, `assignee` or `reporter`, which issues of most kinds have, or the instance's id of
 * a field of its own ("customfield_10020").
 */
export type FieldId = string;

/**
 * What a field's value is made of: `option` is the name of one of several, `options` a set of names, `user`
 * the key of a person in the side's own terms, `date` as 2026-11-25, `number` as its shortest decimal form.
 */
export const FIELD_KINDS = [
  "text",
  "markup",
  "option",
  "options",
  "user",
  "date",
  "number",
] as const;
export type FieldKind = (typeof FIELD_KINDS)[number];

/** Text, a name, a set of names; `null` is empty. A field that is absent is unreadable: a third thing. */
export type FieldValue = string | string[] | null;
export type Fields = Record<FieldId, FieldValue>;

/** Somebody at an instance; `key` is what its calls, its fields and mentions in its texts name a person by. */
export type Person = { key: string; name: string; email: string | null };

export type CommentReading = {
  id: string;
  authorKey: string | null;
  authorName: string;
  body: string;
  /** ISO, as the instance says. */
  createdAt: string;
  /** Who alone may read it, in the side's own terms ("role:Developers"); null for everybody who sees the issue. */
  restrictedTo: string | null;
};

/** What keeps an issue from most people, such as a security level: the field that says so, and what it says. */
export type Restriction = { field: FieldId; value: string };

/** A file at an issue. Its content is read only when it is sent. */
export type AttachmentReading = {
  id: string;
  name: string;
  /** In bytes. */
  size: number;
  mimeType: string | null;
  authorKey: string | null;
  authorName: string;
};

export type WorklogReading = {
  id: string;
  authorKey: string | null;
  authorName: string;
  /** ISO; a day's beginning where the instance knows days only. */
  startedAt: string;
  seconds: number;
  comment: string;
  restrictedTo: string | null;
};

/** A link from this issue to another one. */
export type LinkReading = {
  id: string;
  type: string;
  toId: string;
  toKey: string;
  /** It means the same from either of its ends, and the instance does not keep from which one it was made. */
  isMutual?: true;
  /** It leads here, seen from its other end: it belongs there, and is told so that its like is known. */
  isOtherEnd?: true;
};

/** What we note on an issue. `write` names the permit's marker of the last update that carried it. */
export type Stamp = { marker: string; twinId: string; write?: string | undefined };

/** Who is told by mail of what is written to an issue: people by their keys, and how many watch it beside ourselves. */
export type Audience = { keys: string[]; watchers: number };

/** One issue as one side shows it, in that side's own terms. */
export type IssueReading = {
  id: string;
  key: string;
  /** Where a person can open it. */
  url: string;
  /** The instance's own `updated`, ISO. */
  updatedAt: string;
  fields: Fields;
  /** Everybody whose key stands in a field of this reading. */
  people: Person[];
  /** Present where it was asked for and the instance gives it along with the issue; oldest first. */
  history?: HistoryItem[];
  /** Each absent where it is not mapped, or the instance has no such thing; else all of them, oldest first. */
  attachments?: AttachmentReading[];
  worklogs?: WorklogReading[];
  links?: LinkReading[];
  /** The issues, by id, whose links lead to this one; told along with `links`. */
  linkedFrom?: string[];
  /** The issue that it is a part of; absent where the instance does not say. */
  parent?: { id: string; key: string } | null;
  /** All of them, oldest first. */
  comments: CommentReading[];
  /** What it shares its workflow with: its project and type, in the side's own terms. */
  workflow: string;
  /** Steps that our account may take now. */
  transitions: Step[];
  /** Null for an issue that everybody in its project may see. */
  restriction: Restriction | null;
  /** The marker of ours that this issue was created with. */
  marker: string | null;
  /** Where its twin is, if it was once noted here. */
  stamp: Stamp | null;
  /** Absent where the instance does not say. */
  audience?: Audience;
};

/** Texts are compared with line ends and trailing blanks normalised, labels as sets; empty and null are one. */
export function sameValue(a: FieldValue, b: FieldValue): boolean {
  return canonical(a) === canonical(b);
}

function canonical(value: FieldValue): string {
  if (value === null) return "";
  if (Array.isArray(value)) return JSON.stringify([...new Set(value)].sort());
  return normaliseText(value);
}

/** `\r\n` and `\n` are one thing to a reader, and so is white space at the end. */
export function normaliseText(text: string): string {
  return text.replace(/\r\n?/g, "\n").trimEnd();
}

/**
 * A short digest of a text, for telling whether it changed. 53 bits of two interleaved 32-bit
 * hashes (cyrb53): it guards against overlooking an edit, not against an attacker.
 */
export function digestOf(text: string): string {
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    a = Math.imul(a ^ code, 2654435761);
    b = Math.imul(b ^ code, 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return (4294967296 * (2097151 & b) + (a >>> 0)).toString(36);
}
