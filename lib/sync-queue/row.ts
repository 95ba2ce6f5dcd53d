/** Who moves an entry in and out: see `queue-store.ts`. */
export const ENTRY_STATES = ["queued", "running", "retrying", "held", "failed"] as const;
export type EntryState = (typeof ENTRY_STATES)[number];

export const DIRECTIONS = ["to_remote", "to_local", "both"] as const;
export type Direction = (typeof DIRECTIONS)[number];

/** One line of the Sync Queue page: what the page shows and nothing else. */
export type QueueRow = {
  id: number;
  /** The key on the side where it changed; the local one when both did. */
  issueKey: string;
  twinKey: string | null;
  summary: string;
  connection: { id: number; name: string };
  /** Null until it has been planned. */
  direction: Direction | null;
  /** "status, priority, 2 comments"; null until it has been planned. */
  words: string | null;
  changes: number;
  createdAt: string;
  readyAt: string;
  state: EntryState;
  failures: number;
  error: { code: string; message: string } | null;
  heldBy: string | null;
  /** It came with the copy that this node is. */
  isInherited: boolean;
};

export const QUEUE_SORTS = ["oldest", "newest", "changes"] as const;
export type QueueSort = (typeof QUEUE_SORTS)[number];

export type QueueFilter = {
  connection?: number | undefined;
  state?: EntryState | undefined;
  direction?: Direction | undefined;
  /** Only what came with the copy that this node is. */
  inherited?: boolean | undefined;
  /** Part of a key or of the summary. */
  q?: string | undefined;
  sort: QueueSort;
};

/** `total` is capped (see `COUNT_CAP`). Cursors are opaque and belong to one filter. */
export type QueuePage = {
  rows: QueueRow[];
  total: number;
  nextCursor: string | null;
  previousCursor: string | null;
};

export type ChangeLine = {
  id: string;
  side: "local" | "remote";
  kind: string;
  via: string;
  actor: string | null;
  at: string;
};

export type RunLine = {
  id: number;
  endedAt: string;
  outcome: string;
  writes: number;
  words: string | null;
  errorCode: string | null;
};

export type PermitLine = {
  id: string;
  fence: { incarnation: string; epoch: number };
  /** Null for our sign of life, which belongs to no pair. */
  pairId: number | null;
  connectionId: number;
  side: "local" | "remote";
  kind: string;
  method: string;
  issueKey: string | null;
  sentAt: string;
  answeredAt: string | null;
  outcome: string;
  status: number | null;
  durationMs: number | null;
};
