"use client";
import { ageAxisEnd, axisEnd, lengthWords } from "@/components/charts/scale";
import { Sparkline, TimeChart } from "@/components/charts/time-chart";
import { useNow, useTimeZone } from "@/components/ui/clock";
import { Link } from "@/components/ui/link";
import { Nothing, Panel } from "@/components/ui/panel";
import { clockTime } from "@/components/ui/time-words";
import { count, formatNumber } from "@/components/ui/words";
import { type ActivityCharts, type ActivityPoint, SPANS } from "@/lib/activity/activity";

const sumOf = (points: ActivityPoint[], what: "applied" | "errors") =>
  points.reduce((sum, point) => sum + point[what], 0);
const mostOf = (points: ActivityPoint[], what: "waiting" | "oldestS" | "applied" | "errors") =>
  Math.max(0, ...points.map((point) => point[what] ?? 0));
/** What was found when a worker last looked. */
const lastOf = (points: ActivityPoint[], what: "waiting" | "oldestS") =>
  points.findLast((point) => point[what] !== null)?.[what] ?? null;

/** Four charts over one time, and the same as a table. */
export function ChartsPanel({ charts }: { charts: ActivityCharts }) {
  const now = useNow();
  const timeZone = useTimeZone();
  const { whole, span } = charts;
  const clock = (at: string) => clockTime(at, now, timeZone);
  const isLong = SPANS[span].hours > 48;
  const day = (at: string) =>
    new Intl.DateTimeFormat("en-GB", { timeZone, day: "numeric", month: "short" }).format(
      new Date(at),
    );
  const timeOfDay = (at: string) =>
    new Intl.DateTimeFormat("en-GB", { timeZone, hour: "2-digit", minute: "2-digit" }).format(
      new Date(at),
    );
  const value = (what: "waiting" | "oldestS" | "applied" | "errors") =>
    whole.map((point) => ({ at: point.at, value: point[what] }));
  const waiting = lastOf(whole, "waiting");
  const oldestS = lastOf(whole, "oldestS");
  const shared = { stepName: clock, ticks: isLong ? day : timeOfDay };
  return (
    <section aria-label="Charts" className="flex flex-col gap-3">
      <div className="grid gap-4 md:grid-cols-2">
        <TimeChart
          {...shared}
          title="Backlog"
          shape="line"
          tone="waiting"
          points={value("waiting")}
          end={axisEnd(mostOf(whole, "waiting"))}
          words={formatNumber}
          summary={waiting === null ? "not known yet" : `${formatNumber(waiting)} waiting`}
        />
        <TimeChart
          {...shared}
          title="Age of the oldest"
          shape="line"
          tone="waiting"
          points={value("oldestS")}
          end={ageAxisEnd(mostOf(whole, "oldestS"))}
          words={lengthWords}
          summary={
            oldestS === null
              ? "not known yet"
              : waiting === 0
                ? "nothing waits"
                : lengthWords(oldestS)
          }
        />
        <TimeChart
          {...shared}
          title="Confirmed writes"
          shape="bars"
          tone="plain"
          points={value("applied")}
          end={axisEnd(mostOf(whole, "applied"))}
          words={formatNumber}
          summary={`${formatNumber(sumOf(whole, "applied"))} in ${SPANS[span].words}`}
        />
        <TimeChart
          {...shared}
          title="Errors"
          shape="bars"
          tone="error"
          points={value("errors")}
          end={axisEnd(mostOf(whole, "errors"))}
          words={formatNumber}
          summary={`${formatNumber(sumOf(whole, "errors"))} in ${SPANS[span].words}`}
        />
      </div>
      <details className="rounded-panel border border-line bg-surface">
        <summary className="flex h-9 items-center px-4 text-soft hover:bg-hover">
          The same as a table
        </summary>
        <section
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keyboard
          tabIndex={0}
          aria-label="The charts' numbers"
          className="max-h-96 overflow-auto border-t border-line"
        >
          <table className="w-full text-right">
            <caption className="sr-only">
              Backlog, age, writes and errors over {SPANS[span].words}, newest first
            </caption>
            <thead className="sticky top-0 bg-surface text-small text-soft">
              <tr className="[&>th]:h-8 [&>th]:px-4 [&>th]:font-medium">
                <th scope="col" className="text-left">
                  From
                </th>
                <th scope="col">Backlog</th>
                <th scope="col">Oldest</th>
                <th scope="col">Writes</th>
                <th scope="col">Errors</th>
              </tr>
            </thead>
            <tbody>
              {whole.toReversed().map((point) => (
                <tr key={point.at} className="border-t border-line [&>td]:h-7 [&>td]:px-4">
                  <th scope="row" className="px-4 text-left font-normal">
                    {clock(point.at)}
                  </th>
                  <td>{point.waiting === null ? "–" : formatNumber(point.waiting)}</td>
                  <td>{point.oldestS === null ? "–" : lengthWords(point.oldestS)}</td>
                  <td>{formatNumber(point.applied)}</td>
                  <td>{formatNumber(point.errors)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      </details>
      <p className="text-small text-soft">
        Counted up to {clock(charts.countedTo)}, once a minute. Backlog and age are the most that
        was found in a step; a gap means that no worker ran.
      </p>
    </section>
  );
}

/** Each connection in a row, on one scale, so that the one that stands out does. */
export function ByConnectionPanel({
  charts,
  addressOf,
}: {
  charts: ActivityCharts;
  addressOf: (connection: number) => string;
}) {
  const all = charts.byConnection;
  const most = (what: "waiting" | "oldestS" | "applied" | "errors") =>
    Math.max(...all.map(({ points }) => mostOf(points, what)));
  const ends = {
    waiting: axisEnd(most("waiting")),
    oldestS: ageAxisEnd(most("oldestS")),
    applied: axisEnd(most("applied")),
    errors: axisEnd(most("errors")),
  };
  return (
    <Panel title="By connection" aside={`one scale, ${SPANS[charts.span].words}`}>
      {all.length === 0 ? (
        <Nothing title="No connection yet.">
          Each connection has a row here, with its charts.
        </Nothing>
      ) : (
        <ul className="divide-y divide-line">
          {all.map(({ connection, points }) => {
            const waiting = lastOf(points, "waiting");
            const oldestS = lastOf(points, "oldestS");
            return (
              <li
                key={connection.id}
                className="relative grid grid-cols-2 gap-x-4 gap-y-2 px-4 py-2.5 hover:bg-hover md:grid-cols-[minmax(0,1.2fr)_repeat(4,minmax(0,1fr))]"
              >
                <Link
                  href={addressOf(connection.id)}
                  className="row-link col-span-2 self-center truncate font-medium md:col-span-1"
                >
                  {connection.name}
                </Link>
                <Cell words={waiting === null ? "–" : `${formatNumber(waiting)} waiting`}>
                  <Sparkline
                    shape="line"
                    tone="waiting"
                    end={ends.waiting}
                    values={points.map((point) => point.waiting)}
                  />
                </Cell>
                <Cell
                  words={
                    oldestS === null
                      ? "–"
                      : waiting === 0
                        ? "none"
                        : `oldest ${lengthWords(oldestS)}`
                  }
                >
                  <Sparkline
                    shape="line"
                    tone="waiting"
                    end={ends.oldestS}
                    values={points.map((point) => point.oldestS)}
                  />
                </Cell>
                <Cell words={count(sumOf(points, "applied"), "write")}>
                  <Sparkline
                    shape="bars"
                    tone="plain"
                    end={ends.applied}
                    values={points.map((point) => point.applied)}
                  />
                </Cell>
                <Cell words={count(sumOf(points, "errors"), "error")}>
                  <Sparkline
                    shape="bars"
                    tone="error"
                    end={ends.errors}
                    values={points.map((point) => point.errors)}
                  />
                </Cell>
              </li>
            );
          })}
        </ul>
      )}
    </Panel>
  );
}

function Cell({ words, children }: { words: string; children: React.ReactNode }) {
  return (
    <div className="min-w-0">
      <p className="truncate text-small text-soft">{words}</p>
      {children}
    </div>
  );
}
