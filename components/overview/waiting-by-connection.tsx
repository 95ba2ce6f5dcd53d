import { backlogRows } from "@/components/overview/backlog-words";
import { DirectionMark } from "@/components/sync-queue/direction-mark";
import { formatNumber } from "@/components/ui/words";
import type { BacklogCell } from "@/lib/gate/overview";

/** The backlog by connection and direction: a bar for the eye, numbers for the decision. */
export function WaitingByConnection({ backlog }: { backlog: BacklogCell[] }) {
  const rows = backlogRows(backlog);
  const most = Math.max(1, ...rows.map((row) => row.total));
  if (rows.length === 0) return null;
  return (
    <ul className="flex flex-col gap-3">
      {rows.map((row) => (
        <li key={row.connection.id} className="flex flex-col gap-1">
          <div className="flex flex-wrap items-baseline justify-between gap-x-4">
            <span className="font-medium">{row.connection.name}</span>
            <span className="flex flex-wrap items-baseline gap-x-4">
              {row.toRemote > 0 && <Share direction="to_remote" amount={row.toRemote} />}
              {row.toLocal > 0 && <Share direction="to_local" amount={row.toLocal} />}
              {row.both > 0 && <Share direction="both" amount={row.both} />}
              {row.unplanned > 0 && (
                <span className="text-soft">{formatNumber(row.unplanned)} not planned yet</span>
              )}
            </span>
          </div>
          <progress
            className="bar [--bar:var(--color-control)]"
            aria-label={`Waiting on ${row.connection.name}`}
            value={row.total}
            max={most}
          />
        </li>
      ))}
    </ul>
  );
}

function Share({
  direction,
  amount,
}: {
  direction: "to_remote" | "to_local" | "both";
  amount: number;
}) {
  return (
    <span className="inline-flex items-center gap-1.5">
      {formatNumber(amount)} <DirectionMark direction={direction} />
    </span>
  );
}
