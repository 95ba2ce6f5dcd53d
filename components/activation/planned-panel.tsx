"use client";
import { useMemo, useState } from "react";
import {
  type ConnectionSides,
  planningOf,
  totalsWords,
} from "@/components/activation/activation-words";
import { anchors } from "@/components/activation/anchors";
import { PlannedEntryLine } from "@/components/activation/planned-entry-line";
import { RISKS_COUNTED, riskCounts, sideNames } from "@/components/activation/planned-words";
import { mailTotalWords } from "@/components/entry/mail-words";
import { unseenWords } from "@/components/sync-queue/shown-rows";
import { useSteadyRows } from "@/components/sync-queue/use-steady-rows";
import { Button } from "@/components/ui/button";
import { Link } from "@/components/ui/link";
import { Mark } from "@/components/ui/mark";
import { Panel } from "@/components/ui/panel";
import { count, formatNumber } from "@/components/ui/words";
import { cappedCount, type GateStatus } from "@/lib/gate/status";
import type { ActivationView, ConnectionPlans } from "@/lib/identity/activation";

/** What would be sent if the button were pressed now, the riskiest first, each down to its differences. */
export function PlannedPanel({
  view,
  stopped,
  sides,
}: {
  view: ActivationView;
  stopped: GateStatus["stoppedConnections"];
  sides: ConnectionSides[];
}) {
  const plans = view.plans.filter(({ ready }) => ready > 0);
  const ready = plans.reduce((sum, plan) => sum + plan.ready, 0);
  const { waiting, unplanned } = planningOf(view.waiting);
  const isOpen = view.gate.state === "active";
  const title = isOpen ? "What is being sent" : "What will be sent";
  return (
    <Panel
      id="what-will-be-sent"
      title={title}
      aside={
        unplanned > 0 && (
          <span>
            {cappedCount(waiting - unplanned)} of {cappedCount(waiting)} planned
          </span>
        )
      }
    >
      {ready === 0 ? (
        <p className="px-4 py-4">
          <strong className="font-semibold">
            {isOpen ? "Nothing is being sent." : "No issue would be sent."}
          </strong>{" "}
          {waiting > 0
            ? "What waits is held or failed; it stays until somebody sees to it in the Sync Queue."
            : view.isAnythingPaired
              ? "Both sides of every pair say the same, as far as they were read."
              : "No issue is under sync yet. What a connection’s search names comes under sync when it changes."}
        </p>
      ) : (
        <div className="divide-y divide-line">
          {plans.map((plan) => (
            <ConnectionPlan
              key={plan.connection.id}
              plan={plan}
              isHeld={view.heldConnections.some(({ id }) => id === plan.connection.id)}
              hasStopped={stopped.some(({ id }) => id === plan.connection.id)}
              sides={sides.find(({ id }) => id === plan.connection.id)}
            />
          ))}
        </div>
      )}
    </Panel>
  );
}

const FIRST_SHOWN = 8;

function ConnectionPlan({
  plan,
  isHeld,
  hasStopped,
  sides,
}: {
  plan: ConnectionPlans;
  isHeld: boolean;
  hasStopped: boolean;
  sides: ConnectionSides | undefined;
}) {
  const [isWhole, setIsWhole] = useState(false);
  // One array per reading: rows are compared with the ones that are shown.
  const newest = useMemo(
    () => plan.entries.map((entry) => ({ id: entry.entryId, entry })),
    [plan.entries],
  );
  const steady = useSteadyRows("", newest, false);
  const unseen = unseenWords(steady);
  const shown = isWhole ? steady.rows : steady.rows.slice(0, FIRST_SHOWN);
  const risks = riskCounts(plan.totals);
  const mails = mailTotalWords(plan.totals);
  const isPartOfAll = plan.entries.length < plan.ready;
  return (
    <section
      id={anchors.plans(plan.connection.id)}
      aria-label={plan.connection.name}
      className="scroll-mt-40 md:scroll-mt-4"
      {...steady.watch}
    >
      <header className="flex flex-wrap items-baseline gap-x-4 gap-y-1 px-4 pt-3 pb-2">
        <h3 className="font-medium">{plan.connection.name}</h3>
        <p>
          {cappedCount(plan.ready)} {plan.ready === 1 ? "issue" : "issues"}
          {plan.totals.entries < plan.ready
            ? `; of ${formatNumber(plan.totals.entries)} of them: `
            : ": "}
          <strong className="font-semibold">{totalsWords(plan.totals)}</strong>
        </p>
        {(isHeld || hasStopped) && (
          <p className="flex items-center gap-1.5">
            <Mark name={isHeld ? "held" : "failed"} />
            {isHeld ? "held" : "stopped"}: nothing of this is sent until a person sees to it
          </p>
        )}
        {unseen && (
          <Button size="small" className="ml-auto" onClick={steady.showAll}>
            {unseen}
          </Button>
        )}
      </header>
      {risks.length > 0 && (
        <ul className="flex flex-wrap gap-x-6 gap-y-1 px-4 pb-2">
          {risks.map(({ risk, amount }) => (
            <li key={risk} className="flex items-start gap-1.5">
              <Mark name="error" className="mt-0.75 size-3.5 text-closed-text" />
              {RISKS_COUNTED[risk](amount)}
            </li>
          ))}
        </ul>
      )}
      {mails && <p className="px-4 pb-2 text-soft">{mails}</p>}
      <ul className="divide-y divide-line border-t border-line">
        {shown.map(({ row: { id, entry }, isGone }) => (
          <PlannedEntryLine
            key={id}
            entry={entry}
            isGone={isGone}
            names={sideNames(entry, sides)}
          />
        ))}
      </ul>
      {(steady.rows.length > shown.length || isPartOfAll) && (
        <p className="flex flex-wrap items-center gap-x-4 gap-y-1 border-t border-line px-4 py-2">
          {steady.rows.length > shown.length && (
            <Button size="small" onClick={() => setIsWhole(true)}>
              Show {count(steady.rows.length - shown.length, "more issue")}
            </Button>
          )}
          {isPartOfAll && (
            <span className="text-soft">
              The {plan.entries.length} riskiest of {cappedCount(plan.ready)} are listed here.
            </span>
          )}
          {isPartOfAll && (
            <Link
              href={`/sync-queue?connection=${plan.connection.id}`}
              className="text-link hover:underline"
            >
              All {cappedCount(plan.ready)} in the Sync Queue
            </Link>
          )}
        </p>
      )}
    </section>
  );
}
