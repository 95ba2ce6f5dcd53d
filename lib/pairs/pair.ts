import type { Choice, Plan, Side } from "@/lib/sync/plan-types";
import type { Fields } from "@/lib/sync/replica";
import type { EntryState } from "@/lib/sync-queue/row";

/**
 * How a pair stands. `waiting`: something is to be sent, or being sent. `different`: what waited was
 * discarded, so the issues are left as they are. `stopped`: a person ended its sync.
 */
export const STANDINGS = ["in_step", "waiting", "held", "failed", "different", "stopped"] as const;
export type Standing = (typeof STANDINGS)[number];

/** What a pair's standing follows from. */
export type PairState = {
  stoppedAt: string | null;
  differsAt: string | null;
  entryState: EntryState | null;
};

/** What counts first is said: stopped, then what its entry waits for, then how the issues differ. */
export function standingOf({ stoppedAt, differsAt, entryState }: PairState): Standing {
  if (stoppedAt) return "stopped";
  if (entryState === "held" || entryState === "failed") return entryState;
  if (entryState) return "waiting";
  return differsAt ? "different" : "in_step";
}

/** One line of the Issues page. Moments are ISO strings. */
export type PairRow = {
  id: number;
  localKey: string | null;
  remoteKey: string | null;
  summary: string;
  connection: { id: number; name: string };
  standing: Standing;
  /** The entry that waits for it. */
  entryId: number | null;
  /** What waits, in the plan's words, or why it failed. */
  words: string | null;
  errorCode: string | null;
  inStepAt: string | null;
};

export type PairFilter = {
  connection?: number | undefined;
  standing?: Standing | undefined;
  /** The beginning of a key, or of words of the summary. */
  q?: string | undefined;
};

/** `total` is capped (see `COUNT_CAP`); newest pairs first. Cursors belong to one filter. */
export type PairPage = {
  rows: PairRow[];
  total: number;
  nextCursor: string | null;
  previousCursor: string | null;
};

export type PairSide = {
  issueId: string | null;
  key: string | null;
  url: string | null;
  instance: string;
  project: string | null;
  /** What it looked like when last read back in step. */
  base: Fields | null;
  seenAt: string | null;
  isUnverified: boolean;
  /** The connection may not talk to this side until a person decides. */
  isHeld: boolean;
};

/** A choice of a person in a conflict, not sent yet. */
export type ChoiceLine = Choice & { field: string; by: string; at: string; reason: string | null };

/** A pair with what explains how it stands. Its history is read page by page. */
export type PairDetail = {
  row: PairRow;
  local: PairSide;
  remote: PairSide;
  createdAt: string;
  /** The fields that the connection's mapping keeps in step, in its order. */
  fields: { local: string; remote: string; name: string }[];
  entry: {
    id: number;
    state: EntryState;
    changes: number;
    createdAt: string;
    readyAt: string;
    heldBy: string | null;
    heldReason: string | null;
    error: { code: string; message: string } | null;
    /** Null until it is planned; `isStale` when changes came after it was made. */
    plan: Plan | null;
    isStale: boolean;
  } | null;
  stopped: { at: string; by: string; reason: string | null } | null;
  differsAt: string | null;
  /** Issues of it that a sweep found gone. `deletedAt`: since when one counts as deleted, and by what. */
  gone: {
    side: Side;
    noticedAt: string;
    deletedAt: string | null;
    how: "told" | "second_sweep" | null;
  }[];
  connectionError: { code: string; message: string; retryAt: string | null } | null;
  choices: ChoiceLine[];
};

/** One side as the instance shows it at this moment, or why it could not be read. */
export type SideNow =
  | { kind: "read"; fields: Fields; updatedAt: string; comments: number }
  | { kind: "none" }
  | { kind: "unread"; because: string };

export type SidesNow = Record<Side, SideNow> & { at: string };
