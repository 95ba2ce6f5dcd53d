import type { ActionResult } from "@/components/gate/gate-actions";
import { Help } from "@/components/help/term";
import { RetryConnection } from "@/components/overview/retry-connection";
import { Link } from "@/components/ui/link";
import { Mark } from "@/components/ui/mark";
import { Moment } from "@/components/ui/moment";
import { Panel } from "@/components/ui/panel";
import { count, formatNumber } from "@/components/ui/words";
import type { ConnectionHealth } from "@/lib/gate/overview";
import { cappedCount, type GateStatus } from "@/lib/gate/status";

const BY_URGENCY = { stopped: 0, recovering: 1, well: 2 };

/** Each agreement, how it is, and when each side was last asked for changes. Trouble first. */
export function ConnectionsPanel({
  connections,
  gate,
  retryConnection,
}: {
  connections: ConnectionHealth[];
  gate: GateStatus | null;
  retryConnection: ((input: { id: number }) => Promise<ActionResult>) | null;
}) {
  const sorted = connections.toSorted(
    (a, b) => BY_URGENCY[a.health] - BY_URGENCY[b.health] || a.name.localeCompare(b.name),
  );
  return (
    <Panel
      title="Connections"
      help={<Help word="connection" />}
      id="connections"
      aside={count(connections.length, "connection")}
    >
      <ul className="divide-y divide-line">
        {sorted.map((connection) => (
          <li key={connection.id} className="flex flex-col gap-1 px-4 py-3">
            <div className="flex flex-wrap items-baseline justify-between gap-x-4">
              <h3 className="font-medium">
                <Link href={`/connections/${connection.id}`} className="hover:underline">
                  {connection.name}
                </Link>
              </h3>
              <Health connection={connection} isOpen={isOpenFor(gate, connection.id)} />
            </div>
            <p className="flex flex-wrap gap-x-4 text-soft">
              <SideLine side={connection.local} />
              <SideLine side={connection.remote} />
            </p>
            <p className="text-soft">
              {cappedCount(connection.pairs)} {connection.pairs === 1 ? "pair" : "pairs"} under sync
              · {formatNumber(connection.waiting)} waiting
              {connection.failed > 0 && ` · ${formatNumber(connection.failed)} failed`}
            </p>
            {connection.error && (
              <div className="mt-1 flex flex-wrap items-center justify-between gap-x-4 gap-y-2 rounded-control bg-error-wash px-3 py-2">
                <p className="min-w-0 flex-1 basis-60 break-words">
                  <span className="font-medium text-error-text">
                    {connection.error.code.replaceAll("_", " ")}
                  </span>
                  {": "}
                  {connection.error.message}
                  {connection.error.at && (
                    <>
                      {" "}
                      (<Moment at={connection.error.at} align="start" />)
                    </>
                  )}
                </p>
                {retryConnection && (
                  <RetryConnection
                    id={connection.id}
                    name={connection.name}
                    retry={retryConnection}
                  />
                )}
              </div>
            )}
          </li>
        ))}
      </ul>
    </Panel>
  );
}

/** Whether this opening of the gate is for the connection. */
function isOpenFor(gate: GateStatus | null, id: number): boolean {
  return gate?.state === "active" && (gate.scope.length === 0 || gate.scope.includes(id));
}

function Health({ connection, isOpen }: { connection: ConnectionHealth; isOpen: boolean }) {
  if (connection.health === "well") {
    return (
      <span className="inline-flex items-center gap-1.5 text-soft">
        <Mark name={isOpen ? "done" : "closedGate"} />
        {isOpen ? "working" : "ready, nothing is sent"}
      </span>
    );
  }
  if (connection.health === "recovering") {
    return (
      <span className="inline-flex items-center gap-1.5 text-closed-text">
        <Mark name="retrying" />
        <span>
          tries again {connection.retryAt ? <Moment at={connection.retryAt} as="until" /> : "soon"}
        </span>
      </span>
    );
  }
  return (
    <span className="inline-flex items-center gap-1.5 text-error-text">
      <Mark name="failed" /> stopped, needs you
    </span>
  );
}

function SideLine({ side }: { side: ConnectionHealth["local"] }) {
  return (
    <span>
      {side.instance}
      {side.project && (
        <>
          {" "}
          <span className="font-mono">{side.project}</span>
        </>
      )}
      {", "}
      {side.polledAt ? (
        <>
          asked <Moment at={side.polledAt} align="start" />
        </>
      ) : (
        "not asked yet"
      )}
    </span>
  );
}
