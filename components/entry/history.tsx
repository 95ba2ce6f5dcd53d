import {
  durationWords,
  outcomeWords,
  permitWords,
  type SideNames,
} from "@/components/entry/plan-words";
import { Mark } from "@/components/ui/mark";
import { Moment } from "@/components/ui/moment";
import { Nothing } from "@/components/ui/panel";
import { count } from "@/components/ui/words";
import type { ChangeLine, PermitLine, RunLine } from "@/lib/sync-queue/row";

/** What was detected, on which side, and how it was learned of. */
export function Changes({
  changes,
  more,
  names,
}: {
  changes: ChangeLine[];
  more: number;
  names: SideNames;
}) {
  return (
    <ol className="divide-y divide-line">
      {changes.map((change) => (
        <li
          key={change.id}
          className="flex flex-wrap items-baseline justify-between gap-x-4 px-4 py-2"
        >
          <span>
            {change.kind === "asked"
              ? "sync was asked for"
              : `${change.kind} at ${names[change.side].instance}`}
            {change.actor && ` by ${change.actor}`}
          </span>
          <span className="text-soft">
            by {change.via} · <Moment at={change.at} />
          </span>
        </li>
      ))}
      {more > 0 && <li className="px-4 py-2 text-soft">and {count(more, "earlier change")}</li>}
    </ol>
  );
}

/** Everything that was ever written to this pair, and what came back. */
export function Permits({ permits, names }: { permits: PermitLine[]; names: SideNames }) {
  if (permits.length === 0) {
    return (
      <Nothing title="Nothing has been written to this pair yet.">
        Each write is kept here with its answer.
      </Nothing>
    );
  }
  return (
    <ol className="divide-y divide-line">
      {permits.map((permit) => (
        <li
          key={permit.id}
          className="flex flex-wrap items-baseline justify-between gap-x-4 px-4 py-2"
        >
          <span className="min-w-0">
            {permitWords(permit.kind)} at {names[permit.side].instance}{" "}
            {permit.issueKey && <span className="font-mono">{permit.issueKey}</span>}
          </span>
          <span className="flex flex-wrap items-baseline gap-x-3 text-soft">
            <span className={permit.outcome === "applied" ? "" : "text-closed-text"}>
              {outcomeWords(permit.outcome)}
              {permit.status !== null && ` ${permit.status}`}
            </span>
            {permit.durationMs !== null && <span>{durationWords(permit.durationMs)}</span>}
            <Moment at={permit.sentAt} />
          </span>
        </li>
      ))}
    </ol>
  );
}

/** Each finished look at this pair. */
export function Runs({ runs }: { runs: RunLine[] }) {
  if (runs.length === 0) return <Nothing title="No worker has finished with this pair yet." />;
  return (
    <ol className="divide-y divide-line">
      {runs.map((run) => (
        <li key={run.id} className="flex items-baseline gap-3 px-4 py-2">
          <Mark
            name={run.errorCode ? "failed" : "done"}
            className={`size-3.5 translate-y-0.5 ${run.errorCode ? "text-error-text" : "text-soft"}`}
          />
          <span className="min-w-0 flex-1 break-words">
            {run.words ?? run.outcome.replaceAll("_", " ")}
            {run.writes > 0 && <span className="text-soft"> · {count(run.writes, "write")}</span>}
          </span>
          <span className="text-soft">
            <Moment at={run.endedAt} />
          </span>
        </li>
      ))}
    </ol>
  );
}
