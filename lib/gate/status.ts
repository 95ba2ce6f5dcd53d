import type { Fence, GateState } from "@/lib/gate/gate";
import type { VerdictKind } from "@/lib/identity/verdict";
import type { EnvironmentColour } from "@/lib/settings/environment";

/** One worker as people see it. `silent`: no sign of life for a while, not known to have stopped. */
export type WorkerStatus = {
  id: string;
  host: string;
  pid: number;
  startedAt: string;
  seenAt: string;
  doing: string;
  isSilent: boolean;
};

/**
 * Everything the banner needs, on every page. Moments are ISO strings. Counts are capped at
 * `COUNT_CAP`; a value above it means "that many or more".
 */
export type GateStatus = {
  state: GateState;
  fence: Fence;
  since: string;
  by: string | null;
  reason: string | null;
  /** Entries that are queued, retrying, held, failed or running: everything not yet in step. */
  waiting: number;
  /** Of these: what an activation would send by itself (queued, running, retrying), or this one does. */
  ready: number;
  held: number;
  failed: number;
  oldestWaitingAt: string | null;
  /** Writes on the wire just now. */
  openPermits: number;
  workers: WorkerStatus[];
  /** Connections that wait for a person, with what stopped them. */
  stoppedConnections: { id: number; name: string; code: string; message: string }[];
  /** Since the last opening: entries finished. With `ready` it gives the progress. */
  sentSinceOpening: number;
  /** Entries finished in the last five minutes, per minute. */
  perMinute: number;
  label: string | null;
  /** Of the label; null: the look that its word has. */
  colour: EnvironmentColour | null;
  consoleUrl: string | null;
  /** A verdict that a person has to settle before anything can be sent. */
  decisionDue: { kind: VerdictKind; sentence: string } | null;
  /** The identity of the node that this one is a copy of. */
  copyOf: string | null;
  /** Instances where another node with our identity is alive, or was after us. */
  claimTroubles: { instance: string; kind: "alive" | "newer" | "contested" }[];
  /** Connections that a person has to re-point or release before they are used. */
  heldConnections: number;
  /** The connections of this opening; empty means all. */
  scope: number[];
  /** The database's clock when this was read. */
  now: string;
};

export const COUNT_CAP = 10_000;

/** "23" or "10,000+". */
export function cappedCount(count: number): string {
  const shown = Math.min(count, COUNT_CAP).toLocaleString("en-GB");
  return count > COUNT_CAP ? `${shown}+` : shown;
}
