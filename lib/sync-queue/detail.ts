import type { Plan } from "@/lib/sync/plan-types";
import type { ChangeLine, PermitLine, QueueRow, RunLine } from "@/lib/sync-queue/row";

/** An opened entry: what changed, what will be sent, and what was ever written to its pair. */
export type EntryDetail = {
  row: QueueRow;
  pair: {
    id: number;
    local: { key: string | null; url: string | null; instance: string };
    remote: { key: string | null; url: string | null; instance: string };
    inStepAt: string | null;
  };
  /** Null until it has been planned; `isStale` when changes came after it was made. */
  plan: { plan: Plan; digest: string; plannedAt: string; isStale: boolean } | null;
  changes: ChangeLine[];
  moreChanges: number;
  runs: RunLine[];
  permits: PermitLine[];
  heldReason: string | null;
  nextTryAt: string | null;
};
