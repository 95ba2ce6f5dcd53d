import type { EpisodeLine } from "@/lib/pairs/history";

/** An issue that waits on an error. `key`: the local one, or the remote one while there is no other. */
export type AffectedIssue = { entryId: number; pairId: number; key: string; summary: string };

/** Errors of pairs that say the same once names and numbers are left out. */
export type ErrorGroup = {
  code: string;
  cause: string;
  /** One of the messages, whole. */
  message: string;
  /** Capped at `COUNT_CAP`. */
  count: number;
  /** Of these: retried at a person's word. The rest are looked at again by themselves, or held. */
  retryable: number;
  connections: { id: number; name: string; count: number }[];
  /** The first few. */
  issues: AffectedIssue[];
  /** When the entry that has waited longest began to wait. */
  oldestAt: string;
};

export type StoppedConnection = {
  id: number;
  name: string;
  code: string;
  message: string;
  since: string | null;
  failures: number;
  /** Null: it waits for a person. */
  retryAt: string | null;
  /** Entries that wait behind it. */
  waiting: number;
};

export type PausedInstance = { id: number; name: string; until: string; connections: string[] };

export type CurrentErrors = {
  now: string;
  connections: StoppedConnection[];
  paused: PausedInstance[];
  groups: ErrorGroup[];
};

export type EpisodeFilter = {
  connection?: number | undefined;
  code?: string | undefined;
  pair?: number | undefined;
};

export type EpisodeRow = EpisodeLine & {
  level: "pair" | "connection";
  connection: { id: number; name: string };
  /** `key` null: the pair is gone. */
  pair: { id: number; key: string | null } | null;
};

export type EpisodePage = { rows: EpisodeRow[]; next: number | null };
