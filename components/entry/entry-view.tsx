"use client";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { EntryHeader } from "@/components/entry/entry-header";
import { entryQuery } from "@/components/entry/entry-query";
import { Changes, Permits, Runs } from "@/components/entry/history";
import { PlanDetails } from "@/components/entry/plan-details";
import { planSummary, resultWords, type SideNames } from "@/components/entry/plan-words";
import { Help } from "@/components/help/term";
import { overviewQuery } from "@/components/overview/overview-query";
import type { EntryActions } from "@/components/sync-queue/entry-actions";
import { Mark } from "@/components/ui/mark";
import { Moment } from "@/components/ui/moment";
import { Nothing, Panel } from "@/components/ui/panel";
import { count } from "@/components/ui/words";
import type { EntryDetail } from "@/lib/sync-queue/detail";

/** One entry: what changed, what will be sent, and what was ever written to its pair. */
export function EntryView({
  id,
  initial,
  actions,
}: {
  id: number;
  initial: EntryDetail;
  /** Null for people who may only look. */
  actions: EntryActions | null;
}) {
  const { data } = useQuery({ ...entryQuery(id), initialData: initial as EntryDetail | null });
  // When it leaves the queue while somebody reads it, what they were reading stays.
  const [last, setLast] = useState(initial);
  if (data && data !== last) setLast(data);
  const detail = data ?? last;
  const isGone = data === null;
  const names: SideNames = { local: detail.pair.local, remote: detail.pair.remote };
  return (
    <>
      <EntryHeader detail={detail} isGone={isGone} actions={actions} />
      {isGone && <Gone pairId={detail.pair.id} />}
      <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <div className="flex min-w-0 flex-col gap-4">
          <PlanPanel detail={detail} names={names} isGone={isGone} />
          <Panel title="Writes to this pair" help={<Help word="permit" />}>
            <Permits permits={detail.permits} names={names} />
          </Panel>
        </div>
        <div className="flex min-w-0 flex-col gap-4">
          <Panel
            title="What changed"
            help={<Help word="change" />}
            aside={count(detail.row.changes, "change")}
          >
            <Changes changes={detail.changes} more={detail.moreChanges} names={names} />
          </Panel>
          <Panel
            title="History of this pair"
            aside={
              detail.pair.inStepAt && (
                <>
                  last in step <Moment at={detail.pair.inStepAt} />
                </>
              )
            }
          >
            <Runs runs={detail.runs} />
          </Panel>
        </div>
      </div>
    </>
  );
}

/** The entry is done while somebody reads it: says what came of it, as far as it is still among the last runs. */
function Gone({ pairId }: { pairId: number }) {
  const { data: overview } = useQuery(overviewQuery());
  const run = overview?.runs.find((candidate) => candidate.pairId === pairId);
  return (
    <p
      role="status"
      className="flex items-start gap-2 rounded-panel border border-line bg-surface px-4 py-3"
    >
      <Mark name="done" className="mt-0.5 size-4 text-fine" />
      <span>
        This entry has left the queue while you were reading.{" "}
        {run && (
          <>
            {resultWords(run.outcome, run.words)}, <Moment at={run.endedAt} align="start" />.{" "}
          </>
        )}
        What you see below is its last state.
      </span>
    </p>
  );
}

function PlanPanel({
  detail,
  names,
  isGone,
}: {
  detail: EntryDetail;
  names: SideNames;
  isGone: boolean;
}) {
  const title = isGone ? "What was planned" : "What will be sent";
  if (!detail.plan) {
    return (
      <Panel title={title}>
        <Nothing title="Not planned yet.">
          A worker reads both issues soon, also while synchronisation is inactive, and shows here
          what it would send.
        </Nothing>
      </Panel>
    );
  }
  const { plan, plannedAt, isStale } = detail.plan;
  return (
    <Panel
      title={title}
      aside={
        <>
          {planSummary(plan)} · planned <Moment at={plannedAt} />
        </>
      }
    >
      {isStale && !isGone && (
        <p role="status" className="border-b border-line bg-hover px-4 py-2">
          The issues changed after this was planned. It is planned again soon, and always before it
          is sent.
        </p>
      )}
      {plan.writes.length === 0 && plan.conflicts.length === 0 ? (
        <Nothing title="Nothing to send.">
          Both sides say the same; the entry leaves the queue by itself.
        </Nothing>
      ) : null}
      <PlanDetails plan={plan} names={names} pairId={detail.pair.id} />
    </Panel>
  );
}
