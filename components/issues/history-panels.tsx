"use client";
import { useInfiniteQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Changes, Runs } from "@/components/entry/history";
import {
  durationWords,
  outcomeWords,
  permitWords,
  type SideNames,
} from "@/components/entry/plan-words";
import { historyQuery } from "@/components/issues/issues-query";
import { Button } from "@/components/ui/button";
import { Mark } from "@/components/ui/mark";
import { Moment } from "@/components/ui/moment";
import { Nothing, Panel } from "@/components/ui/panel";
import type { History, HistoryLines, WriteLine } from "@/lib/pairs/history";

/** Everything that ever happened to a pair. */
export function HistoryPanels({ id, names }: { id: number; names: SideNames }) {
  return (
    <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
      <WritesPanel id={id} names={names} />
      <div className="flex min-w-0 flex-col gap-4">
        <ChangesPanel id={id} names={names} />
        <RunsPanel id={id} />
      </div>
    </div>
  );
}

/** Every write that this node ever made to the pair, newest first. */
function WritesPanel({ id, names }: { id: number; names: SideNames }) {
  return (
    <HistoryPanel id={id} kind="permits" title="Writes to this pair">
      {(lines) =>
        lines.length === 0 ? (
          <Nothing title="Nothing has been written to this pair yet.">
            Each write is kept here with what it wrote and what came back.
          </Nothing>
        ) : (
          <ol className="divide-y divide-line">
            {lines.map((line) => (
              <WriteItem key={line.id} line={line} names={names} />
            ))}
          </ol>
        )
      }
    </HistoryPanel>
  );
}

/** What was detected on either side. */
function ChangesPanel({ id, names }: { id: number; names: SideNames }) {
  return (
    <HistoryPanel id={id} kind="changes" title="Changes">
      {(lines) =>
        lines.length === 0 ? (
          <Nothing title="No change has been detected yet." />
        ) : (
          <Changes changes={lines} more={0} names={names} />
        )
      }
    </HistoryPanel>
  );
}

/** Each finished look at the pair. */
function RunsPanel({ id }: { id: number }) {
  return (
    <HistoryPanel id={id} kind="runs" title="What workers did">
      {(lines) => <Runs runs={lines} />}
    </HistoryPanel>
  );
}

function HistoryPanel<Kind extends History>({
  id,
  kind,
  title,
  children,
}: {
  id: number;
  kind: Kind;
  title: string;
  children: (lines: HistoryLines[Kind][]) => ReactNode;
}) {
  const query = useInfiniteQuery(historyQuery(id, kind));
  return (
    <Panel title={title}>
      {query.isPending ? (
        <div className="flex flex-col gap-3 p-4">
          <div className="skeleton h-4" />
          <div className="skeleton h-4 w-3/4" />
        </div>
      ) : query.data ? (
        children(query.data.pages.flatMap(({ lines }) => lines))
      ) : (
        <p role="alert" className="px-4 py-3 text-error-text">
          This could not be read.{" "}
          <Button size="small" onClick={() => void query.refetch()}>
            Read again
          </Button>
        </p>
      )}
      {query.hasNextPage && (
        <div className="border-t border-line px-4 py-2">
          <Button
            size="small"
            disabled={query.isFetchingNextPage}
            onClick={() => void query.fetchNextPage()}
          >
            Show earlier
          </Button>
        </div>
      )}
    </Panel>
  );
}

function WriteItem({ line, names }: { line: WriteLine; names: SideNames }) {
  const hasMore = line.fields.length > 0 || line.text !== null || line.answer !== null;
  const head = (
    <>
      <span className="min-w-0">
        {permitWords(line.kind)} at {names[line.side].instance}{" "}
        {line.issueKey && <span className="font-mono">{line.issueKey}</span>}
      </span>
      <span className="flex flex-wrap items-baseline gap-x-3 text-soft">
        <span className={line.outcome === "applied" ? "" : "text-closed-text"}>
          {outcomeWords(line.outcome)}
          {line.status !== null && ` ${line.status}`}
        </span>
        {line.durationMs !== null && <span>{durationWords(line.durationMs)}</span>}
        <Moment at={line.sentAt} />
      </span>
    </>
  );
  const headClass = "flex flex-1 flex-wrap items-baseline justify-between gap-x-4";
  if (!hasMore)
    return (
      <li className="flex gap-2 px-4 py-2 pl-9">
        <span className={headClass}>{head}</span>
      </li>
    );
  return (
    <li>
      <details className="group">
        <summary className="flex list-none items-baseline gap-2 px-4 py-2 hover:bg-hover">
          <Mark
            name="chevron"
            className="size-3 translate-y-0.5 text-soft transition-transform group-open:rotate-90"
          />
          <span className={headClass}>{head}</span>
        </summary>
        <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1 px-4 pb-3 pl-9">
          {line.fields.map(({ field, before, intended }) => (
            <div key={field} className="contents">
              <dt className="text-soft">{field}</dt>
              <dd className="break-words whitespace-pre-wrap">
                {before !== null && <span className="text-soft">{before} → </span>}
                {intended ?? <span className="text-soft italic">empty</span>}
              </dd>
            </div>
          ))}
          {line.text !== null && (
            <div className="contents">
              <dt className="text-soft">text</dt>
              <dd className="break-words whitespace-pre-wrap">{line.text}</dd>
            </div>
          )}
          {line.answer !== null && (
            <div className="contents">
              <dt className="text-soft">answer</dt>
              <dd className="font-mono text-small break-words">{line.answer}</dd>
            </div>
          )}
          <div className="contents">
            <dt className="text-soft">permit</dt>
            <dd className="font-mono text-small break-words">
              {line.id} · epoch {line.fence.epoch}
            </dd>
          </div>
        </dl>
      </details>
    </li>
  );
}
