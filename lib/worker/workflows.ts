import type pg from "pg";
import type { IssueReading } from "@/lib/sync/replica";
import type { KnownStep } from "@/lib/sync/workflow";
import { knownSteps, noteSteps } from "@/lib/sync/workflow-store";

/** What issues offer is noted again after this time, even where it looks the same: another worker may differ. */
const NOTE_AGAIN_MS = 10 * 60_000;

/** What is known of an instance's workflows, and what its issues teach about them. */
export type Workflows = {
  learn(reading: IssueReading): Promise<void>;
  steps(workflow: string): Promise<KnownStep[]>;
};

/** Learns from every reading, and writes only what is news to this process. */
export function learningWorkflows(pool: pg.Pool, instanceId: number): Workflows {
  const told = new Map<string, { until: number; offered: string }>();
  return {
    async learn({ workflow, fields: { status }, transitions }) {
      if (typeof status !== "string") return;
      const key = `${workflow}\n${status}`;
      const offered = JSON.stringify(transitions);
      const last = told.get(key);
      if (last?.offered === offered && last.until > performance.now()) return;
      await noteSteps(pool, instanceId, workflow, status, transitions);
      told.set(key, { offered, until: performance.now() + NOTE_AGAIN_MS });
    },
    steps: (workflow) => knownSteps(pool, instanceId, workflow),
  };
}
