"use client";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { ActivationActions } from "@/components/activation/activation-actions";
import { activationQuery } from "@/components/activation/activation-query";
import {
  type ConnectionSides,
  isDecisionDue,
  obstaclesOf,
} from "@/components/activation/activation-words";
import { ChoosePanel } from "@/components/activation/choose-panel";
import { hasSomethingInTheWay, InTheWay } from "@/components/activation/in-the-way";
import { OpenPanel } from "@/components/activation/open-panel";
import { PlannedPanel } from "@/components/activation/planned-panel";
import { WaitingPanel } from "@/components/activation/waiting-panel";
import { WhatHappened } from "@/components/activation/what-happened";
import { useGate } from "@/components/live/live-provider";
import { Mark, type MarkName } from "@/components/ui/mark";
import { count } from "@/components/ui/words";
import { sameFence } from "@/lib/gate/gate";
import type { GateStatus } from "@/lib/gate/status";
import type { ActivationView as View } from "@/lib/identity/activation";

/** Signs of life at the instances change without anything in the queue changing. */
const LOOK_MS = 5_000;
/** The gate has moved on: what is shown here is about to be out of date. */
const CATCH_UP_MS = 700;

/** What happened to this node, is it safe to press the button, and what will happen: in this order. */
export function ActivationView({
  initial,
  gate: initialGate,
  sides,
  actions,
}: {
  initial: View;
  gate: GateStatus | null;
  sides: ConnectionSides[];
  /** Null for people who may only look. */
  actions: ActivationActions | null;
}) {
  const { gate } = useGate(initialGate);
  const query = useQuery({
    ...activationQuery(),
    initialData: initial,
    initialDataUpdatedAt: Date.parse(initial.now),
    refetchInterval: ({ state: { data } }) =>
      gate && data && !(sameFence(gate.fence, data.gate.fence) && gate.state === data.gate.state)
        ? CATCH_UP_MS
        : LOOK_MS,
  });
  const view = query.data;
  const stopped = gate?.stoppedConnections ?? [];
  const isInactive = view.gate.state === "inactive";
  return (
    <>
      <header className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
        <h1 className="text-title font-semibold">Activation</h1>
        {isInactive && <Answer view={view} stopped={stopped} />}
      </header>
      {query.isError && (
        <p role="alert" className="rounded-panel border border-error-text bg-error-wash px-4 py-3">
          <strong className="font-semibold text-error-text">
            This page could not be read again.
          </strong>{" "}
          What you see may be old; it is asked for again every few seconds. The button names what
          was shown, so an old page opens nothing.
        </p>
      )}
      {!isInactive && gate && (
        <OpenPanel gate={gate} sides={sides} deactivate={actions?.deactivate ?? null} />
      )}
      <WhatHappened view={view} actions={actions} />
      <WaitingPanel waiting={view.waiting} />
      {hasSomethingInTheWay(view, stopped) && (
        <InTheWay view={view} stopped={stopped} actions={actions} />
      )}
      <PlannedPanel view={view} stopped={stopped} sides={sides} />
      {isInactive && (
        <ChoosePanel
          view={view}
          stopped={stopped}
          sides={sides}
          activate={actions?.activate ?? null}
        />
      )}
    </>
  );
}

/** The short answer to "may I press it?", with the way to the long one. */
function Answer({ view, stopped }: { view: View; stopped: GateStatus["stoppedConnections"] }) {
  const amount = obstaclesOf(view).length;
  if (isDecisionDue(view.verdict)) {
    return (
      <AnswerLink to="#decision" mark="failed" look="text-error-text">
        A person has to decide first
      </AnswerLink>
    );
  }
  if (amount > 0) {
    return (
      <AnswerLink to="#in-the-way" mark="failed" look="text-error-text">
        {count(amount, "thing")} {amount === 1 ? "stands" : "stand"} in the way
      </AnswerLink>
    );
  }
  if (hasSomethingInTheWay(view, stopped)) {
    return (
      <AnswerLink to="#in-the-way" mark="error" look="text-closed-text">
        Activating is possible; some things need a look first
      </AnswerLink>
    );
  }
  return (
    <AnswerLink to="#choose" mark="done" look="text-link">
      Nothing that we can see stands in the way: choose and activate
    </AnswerLink>
  );
}

function AnswerLink({
  to,
  mark,
  look,
  children,
}: {
  to: "#decision" | "#in-the-way" | "#choose";
  mark: MarkName;
  look: string;
  children: ReactNode;
}) {
  return (
    <a href={to} className={`inline-flex items-center gap-1.5 hover:underline ${look}`}>
      <Mark name={mark} />
      <span>{children}</span>
    </a>
  );
}
