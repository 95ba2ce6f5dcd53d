import type { z } from "zod";
import type { Check } from "@/lib/connections/setup";
import type { WebhookRegistrar } from "@/lib/connectors/webhook-registrar";
import type { SyncError } from "@/lib/errors";
import type { Vitals } from "@/lib/gate/instance-restart";
import type { ClaimPlace, ClaimRecord } from "@/lib/identity/claim";
import type { SideDescription } from "@/lib/sync/description";
import type { HistoryItem } from "@/lib/sync/history";
import type { Markup } from "@/lib/sync/markup/neutral";
import type { PartTypes } from "@/lib/sync/parent";
import type { FieldChange } from "@/lib/sync/plan-types";
import type { FieldId, FieldKind, Fields, IssueReading, Person, Stamp } from "@/lib/sync/replica";

/** What a write's answer may teach us. */
export type Created = {
  /** Of what was created. */
  id?: string | undefined;
  key?: string | undefined;
  /** Fields that the instance left as they were, although it answered that all went well. */
  ignored?: FieldId[] | undefined;
};

export type PermitAnswer = { granted: string } | { refused: string };

/** How one write ended, as its permit records it. */
export type Settlement = {
  outcome: "applied" | "rejected" | "unknown" | "unsent";
  status: number | null;
  answer: unknown;
  durationMs: number;
  created: Created;
};

/**
 * The right to ask for permits for one planned write. `http` asks for a fresh one for each try, and
 * settles it with what came back; nothing else sends.
 */
export type Ticket = {
  request(method: string, path: string, lifeMs: number): Promise<PermitAnswer>;
  settle(permitId: string, settlement: Settlement): Promise<void>;
};

/** `refused`: the gate shut or the claim was lost; nothing was sent, and no try is spent. */
export type Sent =
  | { kind: "applied"; created: Created }
  | { kind: "refused"; because: string }
  /** `refusal`: a definite no of the instance to what was asked; nothing was written. */
  | { kind: "failed"; error: SyncError; refusal?: { status: number; said: string } };

/** For a side whose instance is asked to send no mails for our updates. */
export type Quiet = {
  /** What it said to that: null when it did as asked, its words when it would only update with mails. */
  told(refusal: string | null): Promise<void>;
};

export type WriteMethod = "POST" | "PUT" | "DELETE";

export type Peeked = { text: string; header: (name: string) => string | null };

/** A file on its way from one instance to another: never whole in memory. */
export type FileToSend = {
  name: string;
  /** In bytes, as the source says. */
  size: number;
  mimeType: string | null;
  /** Begins to read it, once. Throws `SyncError` when it cannot be had. */
  open(): Promise<FileStream>;
};

export type FileStream = {
  chunks: AsyncIterable<Uint8Array>;
  /** What the answer says that is to come; null when it does not. */
  size: number | null;
  /** Ends the reading, whether all was read or not. */
  cancel(): void;
};

/** The only way to the network: reads checked against a schema, writes with a permit. */
export type Http = {
  /** A file, as a stream; `null` for 404. Each chunk must come within the time of a read. */
  stream(path: string): Promise<FileStream | null>;
  /**
   * One file as the part `part` of a form, or, where that is null, as the whole body. The source is opened
   * before the permit is asked for; a source that breaks leaves a write of which nobody knows whether it
   * arrived.
   */
  upload(
    ticket: Ticket,
    schema: z.ZodType<Created>,
    target: { method: "POST"; path: string; headers: Record<string, string>; part: string | null },
    file: FileToSend,
  ): Promise<Sent>;
  /** `null` for 404. Throws `SyncError` for everything else an instance may do. */
  read<T>(schema: z.ZodType<T>, path: string, query?: Record<string, string>): Promise<T | null>;
  /** Any answer at all, as it is, or null when there was none. For signs of life only. */
  peek(path: string): Promise<Peeked | null>;
  write(
    ticket: Ticket,
    schema: z.ZodType<Created>,
    method: WriteMethod,
    path: string,
    body: unknown,
  ): Promise<Sent>;
};

/** An issue that changed, as a search lists it. */
export type ChangedIssue = {
  id: string;
  key: string;
  updatedAt: string;
  summary: string;
};

export type ChangedPage = { issues: ChangedIssue[]; total: number };

export type WebhookHint = {
  issueId: string;
  kind: "created" | "updated" | "commented" | "deleted";
  actor: string | null;
  happenedAt: Date | null;
  /** Equal for repeated deliveries of one event. */
  fingerprint: string;
  /** The address that the event's links name; null when it names none. */
  base: string | null;
};

export type Probe = {
  account: { key: string; name: string; timeZone: string };
  /** The instance's clock minus ours. */
  clockOffsetMs: number;
  product: string;
  /** The address that the instance itself puts into links. */
  reportedUrl: string | null;
  /** What stays the same when an instance moves, and in its copies: it proves kinship, not identity. */
  applicationId: string | null;
};

/** Where our sign of life is kept at an instance; `issueId` for the place `issue`. */
export type ClaimSpot = { key: string; place: ClaimPlace; issueId: string | null };

/** A field that is mapped: read with each issue, in the form that its kind asks for. */
export type Wanted = { id: FieldId; kind: FieldKind };

/** How somebody is looked for: by the key that calls use, by address, or by the name that people read. */
export type PersonQuery = { key: string } | { email: string } | { name: string };

/** An instance before anything is agreed about its projects. Only reads. */
export type OpenInstance = {
  /** Address, sign-in, account, token, clock: in the order in which one makes the next possible. Never throws. */
  diagnose(now: Date): Promise<Check[]>;
  /** What it calls itself: a title for people, the address in its links, what stays the same in its copies. */
  identity(): Promise<{
    title: string | null;
    reportedUrl: string | null;
    applicationId: string | null;
  }>;
  /** Those that our account may see, by name. */
  projects(): Promise<{ key: string; name: string }[]>;
  /** The types of issue that may be created in a project. */
  types(project: string): Promise<string[]>;
};

/** Issues that a search names now. */
export type Found = { total: number; issues: ChangedIssue[] };

/** What an instance has a place for. Console and planner adapt. */
export type Abilities = {
  /** Comments can be changed after they were written. */
  editsComments: boolean;
  /** It tells by itself when something changes. */
  webhooks: boolean;
  /** It has a place for our sign of life. */
  claim: boolean;
  /** It remembers who changed which field, and when. */
  history: boolean;
  /** It can be asked to send no mails for an update. */
  quietUpdates: boolean;
};

export type WorklogText = { startedAt: string; seconds: number; comment: string };

/** What is read of an issue beside its fields and comments, as far as the instance has it. */
export type Part = "attachments" | "worklogs" | "links" | "parent";

/** A comment to be written: `restrictedTo` as a reading has it. */
export type CommentText = { body: string; restrictedTo: string | null };

/** One side of a connection, opened with its settings. Nothing happens before a method is called. */
export type OpenSide = {
  /** The markup of its texts. */
  markup: Markup;
  /** Sets of which it keeps one element, so that a plan can say so before anything is sent. */
  takesOne?: readonly FieldId[];
  /** Updates are sent without mails; not when that was not asked for, or is refused. */
  readonly isQuiet?: boolean;
  /** Types, statuses, fields and people, for mapping them. */
  describe(): Promise<SideDescription>;
  /** What our account may do in the project. Never throws. */
  rights(): Promise<Check[]>;
  /** The issues that the side's trigger names now, newest first. Throws `SyncError` in the instance's words. */
  triggered(limit: number): Promise<Found>;
  /**
   * Issues of the side's project whose summary reads like this one, newest first, up to `limit`: a search of
   * words, which may find too much. Throws `SyncError`.
   */
  alike(summary: string, limit: number): Promise<ChangedIssue[]>;
  /** Null when there is nobody, more than one, or when our account may not ask. */
  findPerson(query: PersonQuery): Promise<Person | null>;
  /** Who we are there, what time it is there. Throws `credentials_rejected` when we are nobody. */
  probe(): Promise<Probe>;
  /** `null` when it is not there, or not for us. `history`: with its history, where the instance gives both at once. */
  readIssue(idOrKey: string, more?: { history: boolean }): Promise<IssueReading | null>;
  /**
   * Which of these issues, by id, one complete list of them holds for our account; null when the list was cut.
   * An issue that is gone is left out; so is one that was hidden from us. `trigger`: only those that the side's
   * trigger names.
   */
  listed(ids: string[], which?: "all" | "trigger"): Promise<Set<string> | null>;
  /** The markers of ours on an issue's comments, by comment id. */
  commentMarkers(issueId: string): Promise<Map<string, string>>;
  /** Who changed which field when, oldest first; empty where the instance does not say. */
  history(issueId: string): Promise<HistoryItem[]>;
  /**
   * Issues changed at or after `since` (cut to what the instance can express), oldest first.
   * `trigger`: only those that the connection's search names; else all of the side's project.
   */
  changedSince(since: Date, startAt: number, which: "trigger" | "project"): Promise<ChangedPage>;
  /** Issues that our account created at or after `since`, with the marker each carries. */
  createdByUs(since: Date): Promise<{ id: string; key: string; marker: string | null }[]>;
  /** Left out where an issue of any type may be a part of any other. */
  typesOfParts?(parentId: string): Promise<PartTypes>;
  /** `parent`: the issue that it becomes a part of. */
  createIssue(
    ticket: Ticket,
    values: Fields,
    marker: string,
    parent?: { id: string },
  ): Promise<Sent>;
  /** The stamp rides along with the update, where the instance has a place for it. */
  updateIssue(
    ticket: Ticket,
    issueId: string,
    changes: FieldChange[],
    stamp: Stamp | null,
  ): Promise<Sent>;
  /** `values`: fields that the step's screen asks for, set in the same call. */
  transition(ticket: Ticket, issueId: string, transitionId: string, values: Fields): Promise<Sent>;
  /** A comment for a circle that the instance does not have is refused, never made public. */
  addComment(ticket: Ticket, issueId: string, text: CommentText, marker: string): Promise<Sent>;
  updateComment(
    ticket: Ticket,
    issueId: string,
    commentId: string,
    text: CommentText,
  ): Promise<Sent>;
  /** The content of an attachment; null when it is gone. Like those below: only where readings have such pieces. */
  openAttachment?(id: string, name: string): Promise<FileStream | null>;
  addAttachment?(ticket: Ticket, issueId: string, file: FileToSend): Promise<Sent>;
  addWorklog?(ticket: Ticket, issueId: string, worklog: WorklogText): Promise<Sent>;
  updateWorklog?(
    ticket: Ticket,
    issueId: string,
    worklogId: string,
    worklog: WorklogText,
  ): Promise<Sent>;
  /** From this issue to the other one. What is there already is not made twice. */
  addLink?(ticket: Ticket, issueId: string, link: { type: string; toId: string }): Promise<Sent>;
  /** Only where the instance tells by itself when something changes. */
  webhooks?: WebhookRegistrar;
  /** Null when nothing stands there. Throws `SyncError` for what is no record of ours. */
  readClaim(spot: ClaimSpot): Promise<ClaimRecord | null>;
  writeClaim(ticket: Ticket, spot: ClaimSpot, record: ClaimRecord): Promise<Sent>;
  /** Null when the instance gives no sign at all, or cannot be reached: that means nothing. */
  vitals(): Promise<Vitals | null>;
  /** Notes on an issue where its twin is. */
  stamp(ticket: Ticket, issueId: string, marker: string, twinId: string): Promise<Sent>;
};

export type Connector<Settings> = {
  kind: string;
  displayName: string;
  can: Abilities;
  /** Markups that an administrator of the instance chooses from, the usual one first, where its API does not tell which. */
  textFormats?: readonly Markup[];
  /** Project, issue type and trigger of one side; parsed when a connection is saved and when it is opened. */
  settings: z.ZodType<Settings>;
  /** Where a person opens an issue. */
  issueUrl(baseUrl: string, key: string): string;
  /** What a secret becomes in a request. */
  authorization(secret: string): string;
  /** What an answer says beside its body: somebody else, or nobody, was signed in. `null` when it is fine. */
  refuses(status: number, header: (name: string) => string | null): SyncError | null;
  /** Parses a webhook's body; `null` for an event that names no issue. Throws `ZodError` for another shape. */
  parseWebhook(body: unknown): WebhookHint | null;
  look(http: Http, baseUrl: string): OpenInstance;
  /** `wanted`: the mapped fields. Summary and status are always read. `quiet`: updates cause no mails, where that can be. */
  open(
    settings: Settings,
    http: Http,
    baseUrl: string,
    wanted: Wanted[],
    parts?: Part[],
    quiet?: Quiet,
  ): OpenSide;
};
