import type { GateState } from "@/lib/gate/gate";

/** What waits, how long it has waited, and where. Counts are exact here: one indexed pass over a small table. */
export type BacklogCell = {
  connection: { id: number; name: string };
  /** Null: not planned yet. */
  direction: "to_remote" | "to_local" | "both" | null;
  waiting: number;
};

export const AGE_BUCKETS = ["5 min", "1 h", "1 day", "older"] as const;
export type AgeBucket = (typeof AGE_BUCKETS)[number];

export type ConnectionHealth = {
  id: number;
  name: string;
  local: { instance: string; project: string | null; polledAt: string | null };
  remote: { instance: string; project: string | null; polledAt: string | null };
  /** `recovering`: stopped, and tries again by itself at `retryAt`. `stopped`: waits for a person. */
  health: "well" | "recovering" | "stopped";
  error: { code: string; message: string; at: string | null } | null;
  retryAt: string | null;
  /** Capped: one more than the cap means "more than that". */
  pairs: number;
  waiting: number;
  failed: number;
};

export type GateChangeLine = {
  id: number;
  kind: "opened" | "closing" | "closed" | "new_incarnation";
  state: GateState;
  epoch: number;
  at: string;
  by: string | null;
  reason: string | null;
};

/** An entry that failed or is being tried again. */
export type ErrorLine = {
  entryId: number;
  issueKey: string;
  summary: string;
  connection: { id: number; name: string };
  state: "failed" | "retrying";
  code: string;
  message: string;
  at: string;
};

export type RecentRun = {
  id: number;
  pairId: number;
  issueKey: string;
  /** At the other side; null where there is none. */
  twinKey: string | null;
  summary: string;
  connection: { id: number; name: string };
  outcome: string;
  writes: number;
  words: string | null;
  endedAt: string;
};

export type Overview = {
  backlog: BacklogCell[];
  ages: { bucket: AgeBucket; waiting: number }[];
  connections: ConnectionHealth[];
  gateChanges: GateChangeLine[];
  errors: ErrorLine[];
  runs: RecentRun[];
  /** Writes that instances confirmed, per quarter of an hour over the last six hours, oldest first. */
  throughput: { at: string; writes: number }[];
  now: string;
};
