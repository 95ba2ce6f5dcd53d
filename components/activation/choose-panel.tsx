"use client";
import { useId, useState, useTransition } from "react";
import type { ActivationActions } from "@/components/activation/activation-actions";
import {
  activationLabel,
  type ConnectionSides,
  obstaclesOf,
  outlookOf,
} from "@/components/activation/activation-words";
import { ShortAnswer } from "@/components/activation/answer";
import type { Answer } from "@/components/activation/answer-words";
import { goesOnWords, leavingOf, leavingWords } from "@/components/activation/leaving-words";
import { answered } from "@/components/gate/gate-actions";
import { Button } from "@/components/ui/button";
import { Form } from "@/components/ui/form";
import { Moment } from "@/components/ui/moment";
import { Panel } from "@/components/ui/panel";
import { ReasonField } from "@/components/ui/reason-field";
import { toast } from "@/components/ui/toast";
import { sameFence } from "@/lib/gate/gate";
import { cappedCount, type GateStatus } from "@/lib/gate/status";
import type { ActivationView } from "@/lib/identity/activation";

/**
 * How much to open, and one button that says what it will do. It names the fence that was shown when the
 * page was opened: a page left open over lunch opens nothing.
 */
export function ChoosePanel({
  view,
  answer,
  stopped,
  sides,
  activate,
}: {
  view: ActivationView;
  answer: Answer;
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
  const leaving = leavingOf(view, stopped, sides, scope);
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
          <legend className="mb-1 font-medium">What to activate</legend>
          <label className="flex min-h-9 items-center gap-2.5">
            <input
              type="radio"
              name="extent"
              className="size-4"
              checked={isWhole}
              onChange={() => setIsWhole(true)}
            />
            Everything
            {heldIds.size > 0 && <span className="text-soft">(not the held connections)</span>}
          </label>
          <label className="flex min-h-9 items-center gap-2.5">
            <input
              type="radio"
              name="extent"
              className="size-4"
              checked={!isWhole}
              onChange={() => setIsWhole(false)}
            />
            Chosen connections; the others stay inactive
          </label>
          {!isWhole && (
            <ul className="flex flex-col pl-6.5">
              {sides.map(({ id, name }) => {
                const plan = view.plans.find(({ connection }) => connection.id === id);
                const isHeld = heldIds.has(id);
                return (
                  <li key={id}>
                    <label className="flex min-h-9 items-center gap-x-2.5">
                      <input
                        type="checkbox"
                        className="size-4 shrink-0"
                        disabled={isHeld}
                        checked={chosen.has(id) && !isHeld}
                        onChange={() => toggle(id)}
                      />
                      <span className={isHeld ? "text-soft" : ""}>
                        {name}{" "}
                        <span className="ml-1 text-soft">
                          {isHeld
                            ? "held: see above"
                            : stoppedIds.has(id)
                              ? "has stopped: see above"
                              : plan && plan.ready > 0
                                ? `${cappedCount(plan.ready)} ${plan.ready === 1 ? "issue" : "issues"}`
                                : "nothing waits"}
                        </span>
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
        <div className="flex flex-col gap-3 border-t border-line pt-4">
          <div id={whyId} className="flex max-w-prose flex-col gap-1">
            <p className="font-medium">{leavingWords(leaving)}</p>
            {leaving.staying > 0 && (
              <p>
                Not in it, of {cappedCount(leaving.waiting)} that{" "}
                {leaving.waiting === 1 ? "waits" : "wait"}: {leaving.stays.join("; ")}.
              </p>
            )}
            <p>
              {goesOnWords(scope?.size ?? null)} Deactivate ends that at any time: nothing new is
              sent then, and writes that are under way finish within seconds.
            </p>
            <p className="text-soft">
              Both sides are read once more before each write; where something changed meanwhile,
              the plan is made again from what is there.
            </p>
            <p className="text-soft">
              Besides issues, this node writes its sign of life into a property of each project
              where it may, and renews it. Each issue of a pair gets a note of its twin’s id, in
              Jira as a property that users do not see.
            </p>
            <p className="text-soft">
              <strong className="font-medium text-ink">If you do nothing:</strong> nothing is sent,
              changes are still detected and wait here, and nothing is lost.
            </p>
          </div>
          <div className="flex flex-col gap-3 md:flex-row md:items-center md:justify-between">
            {!activate ? (
              <p>An administrator can activate synchronisation.</p>
            ) : answer.weight !== "shut" && isNothingChosen ? (
              <p className="font-semibold">Choose at least one connection.</p>
            ) : (
              <ShortAnswer answer={answer} />
            )}
            <Button
              type="submit"
              look="primary"
              className="h-auto! min-h-9 shrink-0 py-2 whitespace-normal! md:max-w-[50%]"
              disabled={isShut || isPending}
              aria-describedby={whyId}
            >
              {isPending ? "Activating…" : activationLabel(outlook)}
            </Button>
          </div>
        </div>
      </Form>
    </Panel>
  );
}
