import type { ConnectionSides } from "@/components/activation/activation-words";
import { ANCHORED, anchors } from "@/components/activation/anchors";
import { Toward } from "@/components/activation/toward";
import { waitingRows } from "@/components/activation/waiting-words";
import { Link } from "@/components/ui/link";
import { Mark } from "@/components/ui/mark";
import { Moment } from "@/components/ui/moment";
import { Panel } from "@/components/ui/panel";
import { formatNumber } from "@/components/ui/words";
import type { WaitingLine } from "@/lib/identity/activation";
import type { Direction } from "@/lib/sync-queue/row";

/** What waits, by connection: which way it goes, how old it is, and what came with a copy. */
export function WaitingPanel({
  waiting,
  sides,
}: {
  waiting: WaitingLine[];
  sides: ConnectionSides[];
}) {
  const rows = waitingRows(waiting);
  const most = Math.max(1, ...rows.map(({ total }) => total));
  const total = rows.reduce((sum, row) => sum + row.total, 0);
  const oldest = rows.flatMap(({ line }) => line.oldestAt ?? []).sort()[0];
  return (
    <Panel
      id="what-waits"
      title="What waits"
      aside={
        <Link href="/sync-queue" className="text-link hover:underline">
          Open the Sync Queue
        </Link>
      }
    >
      {total === 0 ? (
        <p className="px-4 py-4">
          <strong className="font-semibold">Nothing waits.</strong> An issue appears here when it
          changes on one side, until its twin has the change.
        </p>
      ) : (
        <>
          <p className="px-4 pt-3">
            <strong className="text-title font-semibold">{formatNumber(total)}</strong>{" "}
            {total === 1 ? "issue" : "issues"}
            {oldest && (
              <>
                , the oldest since <Moment at={oldest} as="clock" align="start" />
              </>
            )}
          </p>
          <ul className="flex flex-col gap-4 px-4 pt-3 pb-4">
            {rows.map((row) => (
              <li
                key={row.line.connection.id}
                id={anchors.waiting(row.line.connection.id)}
                className={`flex flex-col gap-1.5 ${ANCHORED}`}
              >
                <div className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-0.5">
                  <Link
                    href={`/sync-queue?connection=${row.line.connection.id}`}
                    className="font-medium hover:underline"
                  >
                    {row.line.connection.name}
                  </Link>
                  <span className="flex flex-wrap items-baseline gap-x-4">
                    <Shares line={row.line} sides={sides} />
                    {row.line.unplanned > 0 && (
                      <span className="text-soft">
                        {formatNumber(row.line.unplanned)} not planned yet
                      </span>
                    )}
                    {row.line.oldestAt && (
                      <span className="text-soft">
                        since <Moment at={row.line.oldestAt} as="clock" />
                      </span>
                    )}
                  </span>
                </div>
                {(rows.length > 1 || hasParts(row.line)) && <Bar row={row} most={most} />}
                {(row.line.inherited > 0 || row.line.held > 0 || row.line.failed > 0) && (
                  <p className="flex flex-wrap gap-x-4 text-soft">
                    {row.line.inherited > 0 && (
                      <Link
                        href={`/sync-queue?connection=${row.line.connection.id}&inherited=true`}
                        className="inline-flex items-center gap-1.5 text-closed-text hover:underline"
                      >
                        <Mark name="inherited" /> {formatNumber(row.line.inherited)} inherited
                      </Link>
                    )}
                    {row.fresh > 0 && row.line.inherited > 0 && (
                      <span>{formatNumber(row.fresh)} new since the copy</span>
                    )}
                    {row.line.held > 0 && (
                      <Link
                        href={`/sync-queue?connection=${row.line.connection.id}&state=held`}
                        className="inline-flex items-center gap-1.5 hover:underline"
                      >
                        <Mark name="held" /> {formatNumber(row.line.held)} held: not sent until
                        released
                      </Link>
                    )}
                    {row.line.failed > 0 && (
                      <Link
                        href={`/sync-queue?connection=${row.line.connection.id}&state=failed`}
                        className="inline-flex items-center gap-1.5 text-error-text hover:underline"
                      >
                        <Mark name="failed" /> {formatNumber(row.line.failed)} failed: not sent
                        until you see to {row.line.failed === 1 ? "it" : "them"}
                      </Link>
                    )}
                  </p>
                )}
              </li>
            ))}
          </ul>
        </>
      )}
    </Panel>
  );
}

/** Where it would be written, by the instances' names. */
function Shares({ line, sides: all }: { line: WaitingLine; sides: ConnectionSides[] }) {
  const sides = all.find(({ id }) => id === line.connection.id);
  const shares: [Direction, number][] = [
    ["to_remote", line.toRemote],
    ["to_local", line.toLocal],
    ["both", line.both],
  ];
  return shares
    .filter(([, amount]) => amount > 0)
    .map(([direction, amount]) => (
      <span key={direction} className="inline-flex items-center gap-1.5">
        <Toward direction={direction} sides={sides} /> {formatNumber(amount)}
      </span>
    ));
}

/** A bar that would be one full colour says nothing that its number does not. */
function hasParts({ toRemote, toLocal, both, unplanned }: WaitingLine): boolean {
  return [toRemote, toLocal, both, unplanned].filter((amount) => amount > 0).length > 1;
}

/** One bar per connection, as long as its share of the fullest; its parts by where they would be written. */
function Bar({ row, most }: { row: ReturnType<typeof waitingRows>[number]; most: number }) {
  const { toRemote, toLocal, both, unplanned } = row.line;
  return (
    <div aria-hidden="true" className="h-1.5 overflow-hidden rounded-[3px] bg-line">
      <div
        className="flex h-full gap-px"
        style={{ width: `${Math.max(1, (row.total / most) * 100)}%` }}
      >
        <Part amount={toRemote} className="bg-soft" />
        <Part amount={toLocal} className="bg-control" />
        <Part amount={both} className="bg-ink" />
        <Part amount={unplanned} className="hatched bg-line text-control" />
      </div>
    </div>
  );
}

function Part({ amount, className }: { amount: number; className: string }) {
  return amount > 0 ? <div className={className} style={{ flex: amount }} /> : null;
}
