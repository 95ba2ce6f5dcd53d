"use client";
import { useNow, useTimeZone } from "@/components/ui/clock";
import { clockTime } from "@/components/ui/time-words";
import { count, formatNumber } from "@/components/ui/words";
import type { Overview } from "@/lib/gate/overview";

const HEIGHT = 40;
const STEP = 10;

/** Confirmed writes per quarter of an hour. A table for those who cannot see bars. */
export function ThroughputChart({ points }: { points: Overview["throughput"] }) {
  const now = useNow();
  const timeZone = useTimeZone();
  const first = points[0];
  const total = points.reduce((sum, point) => sum + point.writes, 0);
  if (!first) return null;
  const most = Math.max(1, ...points.map((point) => point.writes));
  return (
    <figure className="border-t border-line px-4 py-3">
      <figcaption className="flex justify-between gap-4 text-soft">
        <span>Confirmed writes, last six hours, until two minutes ago</span>
        <span className="font-medium text-ink">{formatNumber(total)}</span>
      </figcaption>
      <svg
        aria-hidden="true"
        viewBox={`0 0 ${points.length * STEP} ${HEIGHT}`}
        preserveAspectRatio="none"
        className="mt-2 h-10 w-full text-control"
      >
        <line
          x1="0"
          x2={points.length * STEP}
          y1={HEIGHT}
          y2={HEIGHT}
          stroke="currentColor"
          strokeWidth="1"
        />
        {points.map((point, index) => {
          const height = point.writes === 0 ? 0 : Math.max(2, (point.writes / most) * (HEIGHT - 2));
          return (
            <rect
              key={point.at}
              x={index * STEP + 1}
              width={STEP - 2}
              y={HEIGHT - height}
              height={height}
              fill="currentColor"
            >
              <title>{`${clockTime(point.at, now, timeZone)}: ${count(point.writes, "write")}`}</title>
            </rect>
          );
        })}
      </svg>
      <p aria-hidden="true" className="mt-1 flex justify-between text-small text-soft">
        <span>{clockTime(first.at, now, timeZone)}</span>
        <span>now</span>
      </p>
      <table className="sr-only">
        <caption>Confirmed writes per quarter of an hour</caption>
        <thead>
          <tr>
            <th scope="col">From</th>
            <th scope="col">Writes</th>
          </tr>
        </thead>
        <tbody>
          {points.map((point) => (
            <tr key={point.at}>
              <td>{clockTime(point.at, now, timeZone)}</td>
              <td>{point.writes}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </figure>
  );
}
