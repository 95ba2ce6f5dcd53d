import type { ReactNode } from "react";
import { ThroughputChart } from "@/components/overview/throughput-chart";
import { WaitingByConnection } from "@/components/overview/waiting-by-connection";
import { Link } from "@/components/ui/link";
import { Moment } from "@/components/ui/moment";
import { Nothing, Panel } from "@/components/ui/panel";
import { formatNumber } from "@/components/ui/words";
import type { Overview } from "@/lib/gate/overview";
import { cappedCount, type GateStatus } from "@/lib/gate/status";

/** How much waits, how long already, and where. */
export function BacklogPanel({ overview, gate }: { overview: Overview; gate: GateStatus | null }) {
  return (
    <Panel
      title="Backlog"
      aside={
        <Link href="/sync-queue" className="text-link hover:underline">
          Open the Sync Queue
        </Link>
      }
    >
      {gate && gate.waiting > 0 ? (
        <>
          <dl className="grid grid-cols-2 gap-px overflow-hidden border-b border-line bg-line sm:grid-cols-4">
            <Figure name="Waiting" href="/sync-queue" value={cappedCount(gate.waiting)} />
            <Figure
              name="Oldest"
              value={
                gate.oldestWaitingAt ? (
                  <Moment at={gate.oldestWaitingAt} as="age" align="start" />
                ) : (
                  "–"
                )
              }
            />
            <Figure name="Held" href="/sync-queue?state=held" value={cappedCount(gate.held)} />
            <Figure
              name="Failed"
              href="/sync-queue?state=failed"
              value={cappedCount(gate.failed)}
              needsYou={gate.failed > 0}
            />
          </dl>
          <div className="p-4">
            <WaitingByConnection backlog={overview.backlog} />
          </div>
          <Ages ages={overview.ages} />
        </>
      ) : (
        <Nothing title={gate?.state === "active" ? "In step. Nothing waits." : "Nothing waits."}>
          Changes appear here when they are detected and leave when they are sent
          {gate?.state === "active" ? "." : ", once synchronisation is active."}
        </Nothing>
      )}
      <ThroughputChart points={overview.throughput} />
    </Panel>
  );
}

function Figure({
  name,
  value,
  href,
  needsYou = false,
}: {
  name: string;
  value: ReactNode;
  href?: string;
  needsYou?: boolean;
}) {
  return (
    <div className="relative bg-surface px-4 py-3 has-[a:hover]:bg-hover">
      <dt className="text-soft">
        {href ? (
          <Link href={href} className="row-link">
            {name}
          </Link>
        ) : (
          name
        )}
      </dt>
      <dd className={`text-title font-semibold ${needsYou ? "text-error-text" : ""}`}>{value}</dd>
    </div>
  );
}

function Ages({ ages }: { ages: Overview["ages"] }) {
  return (
    <dl className="flex flex-wrap gap-x-6 gap-y-1 border-t border-line px-4 py-2.5 text-soft">
      {ages.map(({ bucket, waiting }) => (
        <div key={bucket} className="flex gap-1.5">
          <dt>{bucket === "older" ? "over a day" : `up to ${bucket}`}</dt>
          <dd className="font-medium text-ink">{formatNumber(waiting)}</dd>
        </div>
      ))}
    </dl>
  );
}
