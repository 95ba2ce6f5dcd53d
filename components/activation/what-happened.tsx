"use client";
import type { ActivationActions } from "@/components/activation/activation-actions";
import {
  closedByWords,
  closedWords,
  isDecisionDue,
} from "@/components/activation/activation-words";
import { Claims } from "@/components/activation/claims";
import { DecisionForm } from "@/components/activation/decision-form";
import { DecisionTaken } from "@/components/activation/decision-taken";
import { Facts } from "@/components/activation/facts";
import { isExplainedByRestart } from "@/components/activation/restart";
import { withMoments } from "@/components/gate/phrase-words";
import { Phrases } from "@/components/gate/phrases";
import { Help } from "@/components/help/term";
import { ExactMoment, Moment } from "@/components/ui/moment";
import { Panel } from "@/components/ui/panel";
import type { ActivationView, Decision } from "@/lib/identity/activation";

// Each is there after some verdicts only.

/**
 * What became of this node since it was last known to be itself: the verdict, what other nodes with our
 * identity did, the decision that is due or was taken, and the facts that it all rests on.
 */
export function WhatHappened({
  view,
  actions,
}: {
  view: ActivationView;
  actions: ActivationActions | null;
}) {
  const { verdict, claims } = view;

  return (
    <Panel id="what-happened" title="What happened" help={<Help word="verdict" />}>
      <div className="flex flex-col gap-1 px-4 py-4">
        <Sentence view={view} />
        {view.node.copyOf && (
          <p className="text-soft">
            {verdict?.decision?.kind === "copy" ? "" : "This node is a copy. "}
            The identity of the node it was copied from:{" "}
            <span className="font-mono [overflow-wrap:anywhere] text-ink">{view.node.copyOf}</span>
          </p>
        )}
        {verdict?.kind === "restored" && (
          <p className="max-w-prose">
            Every issue is read again before anything is sent. Issues and comments that were created
            after the backup are found by their markers, and not created again.
          </p>
        )}
      </div>
      {verdict?.decision && (
        <DecisionTaken
          verdictId={verdict.id}
          decision={verdict.decision}
          revoke={actions?.revokeDecision ?? null}
        />
      )}
      {claims.length > 0 && <Claims view={view} takeOver={actions?.takeOver ?? null} />}
      {verdict && isDecisionDue(verdict) && (
        <DecisionForm
          verdictId={verdict.id}
          label={view.node.label}
          isOtherAlive={claims.some(({ finding }) => finding.kind === "alive")}
          decide={actions?.decide ?? null}
        />
      )}
      {verdict && verdict.facts.length > 0 && <Facts facts={verdict.facts} />}
    </Panel>
  );
}

/** What a person has decided stands before what the node could see. */
const SETTLED: Record<Decision, string | null> = {
  same_node: "This is the same node, moved.",
  copy: "This node is a copy.",
  stay_inactive: null,
};

function Sentence({ view: { gate, verdict } }: { view: ActivationView }) {
  const closedBy = gate.state === "active" ? null : closedByWords(gate);
  if (!verdict) {
    return (
      <p className="text-large font-semibold">
        {closedBy ?? closedWords(gate.state === "active" ? null : gate.reason)}
      </p>
    );
  }
  const moment = (
    <span className="text-soft">
      <ExactMoment at={verdict.at} /> (<Moment at={verdict.at} align="start" />)
    </span>
  );
  const honest = verdict.kind === "restart" && (
    <p>
      {verdict.facts.every(({ grade }) => grade === "same")
        ? "Nothing we can see has changed."
        : isExplainedByRestart(verdict.facts)
          ? "The differences below are what every restart brings."
          : "What differs below proves nothing by itself."}{" "}
      A full copy of this machine would look the same.{" "}
      <span className="text-soft">
        Should it be one, do not activate; start it again with{" "}
        <code className="font-mono text-ink">SYNC_IDENTITY=copy</code> (an environment variable,
        read at the start).
      </span>
    </p>
  );
  if (closedBy) {
    return (
      <>
        <p className="text-large font-semibold">{closedBy}</p>
        <p className="text-soft">
          <ExactMoment at={gate.since} /> (<Moment at={gate.since} align="start" />)
        </p>
        <p className="mt-2">
          Before that: <Phrases of={withMoments(verdict.sentence)} /> {moment}
        </p>
        {honest}
      </>
    );
  }
  const settled = verdict.decision && SETTLED[verdict.decision.kind];
  if (settled) {
    return (
      <>
        <p className="text-large font-semibold">{settled}</p>
        <p>
          What was seen: <Phrases of={withMoments(verdict.sentence)} /> {moment}
        </p>
      </>
    );
  }
  return (
    <>
      <p className="text-large font-semibold">
        <Phrases of={withMoments(verdict.sentence)} />
      </p>
      <p>{moment}</p>
      {honest}
    </>
  );
}
