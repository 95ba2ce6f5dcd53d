"use client";
import { useQuery } from "@tanstack/react-query";
import type { ActionResult } from "@/components/gate/gate-actions";
import { useGate } from "@/components/live/live-provider";
import { BacklogPanel } from "@/components/overview/backlog-panel";
import { ConnectionsPanel } from "@/components/overview/connections-panel";
import { FirstRun } from "@/components/overview/first-run";
import { FirstStepsPanel } from "@/components/overview/first-steps-panel";
import { overviewQuery } from "@/components/overview/overview-query";
import { ErrorsPanel, GateChangesPanel, RunsPanel } from "@/components/overview/recent-panels";
import type { FirstSteps } from "@/lib/gate/first-steps";
import type { Overview } from "@/lib/gate/overview";
import type { GateStatus } from "@/lib/gate/status";

/** What stands where, and what needs a person: the page one opens first. */
export function OverviewView({
  initial,
  gate: initialGate,
  firstSteps,
  retryConnection,
  mayConnect,
}: {
  initial: Overview;
  gate: GateStatus | null;
  /** Null once the first issue is in step, and whoever saw the steps before has closed them. */
  firstSteps: FirstSteps | null;
  /** Null for people who may only look. */
  retryConnection: ((input: { id: number }) => Promise<ActionResult>) | null;
  mayConnect: boolean;
}) {
  const { data: overview } = useQuery({
    ...overviewQuery(),
    initialData: initial,
    initialDataUpdatedAt: Date.parse(initial.now),
  });
  const { gate } = useGate(initialGate);
  const [only, ...others] = overview.connections;
  const steps = firstSteps && (
    <FirstStepsPanel
      initial={firstSteps}
      connectionHref={
        only && others.length === 0 ? `/connections/${only.id}?bring-in` : "/connections"
      }
    />
  );
  if (overview.connections.length === 0)
    return (
      <>
        {steps}
        <FirstRun mayConnect={mayConnect} />
      </>
    );
  return (
    <>
      {steps}
      <div className="grid gap-4 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <div className="flex min-w-0 flex-col gap-4">
          <BacklogPanel overview={overview} gate={gate} />
          <ConnectionsPanel
            connections={overview.connections}
            gate={gate}
            retryConnection={retryConnection}
          />
          <ErrorsPanel errors={overview.errors} />
        </div>
        <div className="flex min-w-0 flex-col gap-4">
          <GateChangesPanel changes={overview.gateChanges} />
          <RunsPanel runs={overview.runs} />
        </div>
      </div>
    </>
  );
}
