"use client";
import { useQuery } from "@tanstack/react-query";
import type { ActivationActions } from "@/components/activation/activation-actions";
import { activationQuery } from "@/components/activation/activation-query";
import type { ConnectionSides } from "@/components/activation/activation-words";
import { Answer } from "@/components/activation/answer";
import { answerOf } from "@/components/activation/answer-words";
import { ChoosePanel } from "@/components/activation/choose-panel";
import { InTheWay } from "@/components/activation/in-the-way";
import { hasSomethingInTheWay } from "@/components/activation/obstacles";
import { OpenPanel } from "@/components/activation/open-panel";
import { PlannedPanel } from "@/components/activation/planned-panel";
import { WaitingPanel } from "@/components/activation/waiting-panel";
import { WhatHappened } from "@/components/activation/what-happened";
import { Help } from "@/components/help/term";
import { useGate } from "@/components/live/live-provider";
import { sameFence } from "@/lib/gate/gate";
import type { GateStatus } from "@/lib/gate/status";
import type { ActivationView as View } from "@/lib/identity/activation";

// Served with the page; which of them there are depends on how the node stands.

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
  const answer = answerOf({ view, stopped });
  return (
    <>
      <div className="flex items-center gap-2">
        <h1 className="text-title font-semibold">Activation</h1>
        <Help word="activation, epoch" />
      </div>
      {isInactive && <Answer answer={answer} />}
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
      <WaitingPanel waiting={view.waiting} sides={sides} />
      {hasSomethingInTheWay(view, stopped, answer) && (
        <InTheWay view={view} stopped={stopped} answer={answer} actions={actions} />
      )}
      <PlannedPanel view={view} stopped={stopped} sides={sides} />
      {isInactive && (
        <ChoosePanel
          view={view}
          answer={answer}
          stopped={stopped}
          sides={sides}
          activate={actions?.activate ?? null}
        />
      )}
    </>
  );
}
