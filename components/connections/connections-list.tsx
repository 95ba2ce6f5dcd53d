"use client";
import { useQuery } from "@tanstack/react-query";
import type { ActionResult } from "@/components/gate/gate-actions";
import { useGate } from "@/components/live/live-provider";
import { ConnectionsPanel } from "@/components/overview/connections-panel";
import { FirstRun } from "@/components/overview/first-run";
import { overviewQuery } from "@/components/overview/overview-query";
import type { Overview } from "@/lib/gate/overview";
import type { GateStatus } from "@/lib/gate/status";

/** All connections with their health, trouble first; each leads to what was agreed. */
export function ConnectionsList({
  initial,
  gate: initialGate,
  mayConnect,
  retryConnection,
}: {
  initial: Overview;
  gate: GateStatus | null;
  mayConnect: boolean;
  retryConnection: ((input: { id: number }) => Promise<ActionResult>) | null;
}) {
  const { data } = useQuery({
    ...overviewQuery(),
    initialData: initial,
    initialDataUpdatedAt: Date.parse(initial.now),
  });
  const { gate } = useGate(initialGate);
  if (data.connections.length === 0) return <FirstRun mayConnect={mayConnect} />;
  return (
    <ConnectionsPanel
      connections={data.connections}
      gate={gate}
      retryConnection={retryConnection}
    />
  );
}
