"use client";
import { useRouter } from "next/navigation";
import { type ReactNode, useState, useTransition } from "react";
import type { ActivationActions } from "@/components/activation/activation-actions";
import { answered } from "@/components/gate/gate-actions";
import { Button } from "@/components/ui/button";
import { Form } from "@/components/ui/form";
import { Mark } from "@/components/ui/mark";
import { fieldClass, ReasonField } from "@/components/ui/reason-field";
import { toast } from "@/components/ui/toast";
import type { Decision } from "@/lib/identity/activation";

const BUTTONS: Record<Decision, string> = {
  same_node: "Keep the identity: it is the same node",
  copy: "Declare it a copy and sign everyone out",
  stay_inactive: "Stay inactive for now",
};

const DONE: Record<Exclude<Decision, "copy">, string> = {
  same_node: "It is the same node. Nothing is sent until you activate.",
  stay_inactive: "It stays inactive. The question stays open.",
};

/** The one question that only a person can answer, with what each answer does before it is given. */
export function DecisionForm({
  verdictId,
  label,
  isOtherAlive,
  decide,
}: {
  verdictId: number;
  label: string | null;
  isOtherAlive: boolean;
  /** Null for people who may only look. */
  decide: ActivationActions["decide"] | null;
}) {
  const router = useRouter();
  const [chosen, setChosen] = useState<Decision | null>(null);
  const [refusal, setRefusal] = useState<string | null>(null);
  const [isPending, startTransition] = useTransition();

  function submit(form: FormData): void {
    if (!decide || !chosen) return;
    const text = (name: string) => String(form.get(name) ?? "").trim();
    const reason = text("reason");
    const newLabel = text("label");
    startTransition(async () => {
      const result = await answered(
        decide({
          verdictId,
          decision: chosen,
          ...(reason && { reason }),
          ...(chosen === "copy" && newLabel && { label: newLabel }),
        }),
      );
      if (!result.ok) return setRefusal(result.message);
      setRefusal(null);
      // This session has ended with all others: only a whole new page is right.
      if (chosen === "copy") window.location.assign("/sign-in?next=/activation");
      else {
        toast(DONE[chosen]);
        // The tab's title and icon tell of the doubt.
        router.refresh();
      }
    });
  }

  return (
    <section
      aria-labelledby="decision-title"
      id="decision"
      className="scroll-mt-4 border-t border-line"
    >
      <Form onSend={submit} className="flex flex-col gap-3 px-4 py-4">
        <h3 id="decision-title" className="text-large font-semibold">
          Is this the same node, or a copy?
        </h3>
        <p className="max-w-prose text-soft">
          The node cannot know. Ask whoever moved or copied it: is the one it came from still
          running, or could it be started again?
        </p>
        <fieldset className="grid gap-2 lg:grid-cols-3" disabled={!decide || isPending}>
          <legend className="sr-only">Your decision</legend>
          <Choice
            value="same_node"
            title="It is the same node, moved"
            chosen={chosen}
            onChoose={setChosen}
          >
            <p>
              It keeps its identity, sessions, tokens and queue. What waits can be sent as soon as
              you activate. This is right only if the one it came from is stopped for good: two
              nodes with one identity would write everything twice.
            </p>
            {isOtherAlive && (
              <p className="mt-1 flex items-start gap-2 text-error-text">
                <Mark name="error" className="mt-0.5 size-4" />
                <span>
                  Another node with this identity is alive. So it is unlikely that this one was
                  moved.
                </span>
              </p>
            )}
          </Choice>
          <Choice value="copy" title="It is a copy" chosen={chosen} onChoose={setChosen}>
            <p>
              It becomes a node of its own, with a new identity. What waits is set aside as
              inherited, and every connection is held until you point it elsewhere or release it by
              its name. Nothing is read from or sent to the partners until then.{" "}
              <strong className="font-semibold text-ink">
                All sessions and API tokens end, yours too: you sign in again.
              </strong>
            </p>
            {chosen === "copy" && (
              <label className="mt-3 flex max-w-sm flex-col gap-1">
                <span className="font-medium text-ink">
                  Environment label{" "}
                  <span className="font-normal text-soft">(beside the name, in tab and icon)</span>
                </span>
                <input
                  name="label"
                  className={fieldClass}
                  maxLength={40}
                  autoComplete="off"
                  defaultValue={/^stag/i.test(label ?? "") ? (label ?? "") : "Staging"}
                  list="labels"
                />
                <datalist id="labels">
                  <option value="Staging" />
                  <option value="Test" />
                  <option value="Training" />
                </datalist>
              </label>
            )}
          </Choice>
          <Choice
            value="stay_inactive"
            title="Decide later, stay inactive"
            chosen={chosen}
            onChoose={setChosen}
          >
            <p>
              Nothing changes and nothing is sent. Changes are still detected and wait. It is kept
              that you have seen this; the question stays open for everyone.
            </p>
          </Choice>
        </fieldset>
        {decide ? (
          <>
            <ReasonField placeholder="moved to the new host last night" disabled={isPending} />
            <p role="alert" className="text-error-text empty:hidden">
              {refusal}
            </p>
            <div className="flex flex-wrap items-center justify-end gap-x-3 gap-y-2">
              {!chosen && <p className="text-soft">Choose one of the three.</p>}
              <Button
                type="submit"
                look={chosen === "copy" ? "danger" : "primary"}
                disabled={!chosen || isPending}
              >
                {chosen ? BUTTONS[chosen] : "Decide"}
              </Button>
            </div>
          </>
        ) : (
          <p className="text-soft">An administrator decides this.</p>
        )}
      </Form>
    </section>
  );
}

function Choice({
  value,
  title,
  chosen,
  onChoose,
  children,
}: {
  value: Decision;
  title: string;
  chosen: Decision | null;
  onChoose: (value: Decision) => void;
  children: ReactNode;
}) {
  return (
    <div
      className={`rounded-control border px-3 py-2.5 ${chosen === value ? "border-ink bg-selected" : "border-control"}`}
    >
      <label className="flex items-center gap-2.5 font-medium">
        <input
          type="radio"
          name="decision"
          value={value}
          checked={chosen === value}
          onChange={() => onChoose(value)}
          aria-describedby={`decision-${value}`}
          className="size-4"
        />
        {title}
      </label>
      <div id={`decision-${value}`} className="pl-6.5 text-soft">
        {children}
      </div>
    </div>
  );
}
