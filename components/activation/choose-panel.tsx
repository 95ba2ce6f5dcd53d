"use client";
import { useId, useState, useTransition } from "react";
import { toast } from "sonner";
import type { ActivationActions } from "@/components/activation/activation-actions";
import {
  activationLabel,
  type ConnectionSides,
  isWhollyPlanned,
  obstaclesOf,
  outlookOf,
  totalsWords,
} from "@/components/activation/activation-words";
import { answered } from "@/components/gate/gate-actions";
import { withMoments } from "@/components/gate/phrase-words";
import { Phrases } from "@/components/gate/phrases";
import { Button } from "@/components/ui/button";
import { Form } from "@/components/ui/form";
import { Mark } from "@/components/ui/mark";
import { Moment } from "@/components/ui/moment";
import { Panel } from "@/components/ui/panel";
import { ReasonField } from "@/components/ui/reason-field";
import { sameFence } from "@/lib/gate/gate";
import { cappedCount, type GateStatus } from "@/lib/gate/status";
import type { ActivationView } from "@/lib/identity/activation";

/**
 * How much to open, and one button that says what it will do. It names the fence that was shown when the
 * page was opened: a page left open over lunch opens nothing.
 */
export function ChoosePanel({
  view,
  stopped,
  sides,
  activate,
}: {
  view: ActivationView;
  stopped: GateStatus["stoppedConnections"];
  sides: ConnectionSides[];
  /** Null for people who may only look. */
  activate: ActivationActions["activate"] | null;
}) {
  const [shown, setShown] = useState(view.gate.fence);
  const [isWhole, setIsWhole] = useState(true);
  const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set());
  const [refusal, setRefusal] = useState<string | null>(null);
  const [isPending, startTransition] = useTransition();
  const whyId = useId();
  const heldIds = new Set(view.heldConnections.map(({ id }) => id));
  const stoppedIds = new Set(stopped.map(({ id }) => id));
  const scope = isWhole ? null : chosen;
  const outlook = outlookOf(view.plans, view.waiting, sides, {
    scope,
    shut: new Set([...heldIds, ...stoppedIds]),
  });
  const hasMoved = !sameFence(shown, view.gate.fence);
  const isNothingChosen = !isWhole && chosen.size === 0;
  const obstacles = obstaclesOf(view);
  const isShut = obstacles.length > 0 || hasMoved || isNothingChosen || !activate;

  function submit(form: FormData): void {
    if (!activate || isShut) return;
    const reason = String(form.get("reason") ?? "").trim();
    startTransition(async () => {
      const result = await answered(
        activate({
          fence: shown,
          ...(reason && { reason }),
          ...(scope && { scope: [...scope] }),
        }),
      );
      if (!result.ok) return setRefusal(result.message);
      setRefusal(null);
      toast(
        result.workersWoken === false
          ? "Synchronisation is active, but no worker has answered yet."
          : "Synchronisation is active.",
      );
    });
  }

  function toggle(id: number): void {
    const next = new Set(chosen);
    if (!next.delete(id)) next.add(id);
    setChosen(next);
  }

  return (
    <Panel id="choose" title="Choose">
      <Form onSend={submit} className="flex flex-col gap-4 px-4 py-4">
        <fieldset className="flex flex-col gap-1" disabled={!activate || isPending}>
          <legend className="mb-1 font-medium">What to open</legend>
          <label className="flex min-h-9 items-center gap-2.5">
            <input
              type="radio"
              name="extent"
              className="size-4"
              checked={isWhole}
              onChange={() => setIsWhole(true)}
            />
            Everything
            {heldIds.size > 0 && (
              <span className="text-soft">(held connections stay shut either way)</span>
            )}
          </label>
          <label className="flex min-h-9 items-center gap-2.5">
            <input
              type="radio"
              name="extent"
              className="size-4"
              checked={!isWhole}
              onChange={() => setIsWhole(false)}
            />
            Chosen connections; the others stay shut
          </label>
          {!isWhole && (
            <ul className="flex flex-col pl-6.5">
              {sides.map(({ id, name }) => {
                const plan = view.plans.find(({ connection }) => connection.id === id);
                const isHeld = heldIds.has(id);
                return (
                  <li key={id}>
                    <label className="flex min-h-9 flex-wrap items-center gap-x-2.5">
                      <input
                        type="checkbox"
                        className="size-4"
                        disabled={isHeld}
                        checked={chosen.has(id) && !isHeld}
                        onChange={() => toggle(id)}
                      />
                      <span className={isHeld ? "text-soft" : ""}>{name}</span>
                      <span className="text-soft">
                        {isHeld
                          ? "held: see above"
                          : stoppedIds.has(id)
                            ? "has stopped: see above"
                            : plan && plan.ready > 0
                              ? `${cappedCount(plan.ready)} ${plan.ready === 1 ? "issue" : "issues"}`
                              : "nothing waits"}
                      </span>
                    </label>
                  </li>
                );
              })}
            </ul>
          )}
        </fieldset>
        {activate && (
          <ReasonField
            className="max-w-xl"
            placeholder="after the 02:00 patch"
            disabled={isPending}
          />
        )}
        <div role="alert" className="empty:hidden">
          {(refusal || hasMoved) && (
            <div className="rounded-control border border-error-text bg-error-wash p-3">
              <p className="font-medium text-error-text">
                {refusal ?? "The gate changed while this page was open."}
              </p>
              <p className="mt-1">
                Now: {view.gate.state}, since{" "}
                <Moment at={view.gate.since} as="clock" align="start" />
                {view.gate.by ? ` by ${view.gate.by}` : ""}.
              </p>
              {(hasMoved || refusal) && (
                <Button
                  size="small"
                  className="mt-2"
                  onClick={() => {
                    setShown(view.gate.fence);
                    setRefusal(null);
                  }}
                >
                  I have seen it
                </Button>
              )}
            </div>
          )}
        </div>
        <div className="flex flex-col gap-3 border-t border-line pt-4 md:flex-row md:items-center md:justify-between">
          <div id={whyId} className="min-w-0">
            {!activate ? (
              <p>An administrator can activate synchronisation.</p>
            ) : obstacles.length > 0 ? (
              <Shut>
                The button is shut:{" "}
                {obstacles.map((obstacle) => (
                  <span key={obstacle}>
                    <Phrases of={withMoments(obstacle)} />{" "}
                  </span>
                ))}
              </Shut>
            ) : isNothingChosen ? (
              <p>Choose at least one connection.</p>
            ) : (
              <p className="text-soft">
                {outlook.ready > 0 &&
                  isWhollyPlanned(outlook) &&
                  `${totalsWords(outlook.totals)}. `}
                Both sides are read once more before each write; what differs by then is planned
                anew.
              </p>
            )}
          </div>
          <Button
            type="submit"
            look="primary"
            className="h-auto! min-h-9 shrink-0 py-2 whitespace-normal!"
            disabled={isShut || isPending}
            aria-describedby={whyId}
          >
            {isPending ? "Activating…" : activationLabel(outlook)}
          </Button>
        </div>
      </Form>
    </Panel>
  );
}

function Shut({ children }: { children: React.ReactNode }) {
  return (
    <p className="flex items-start gap-2.5">
      <Mark name="failed" className="mt-0.5 size-4 text-error-text" />
      <span>{children}</span>
    </p>
  );
}
