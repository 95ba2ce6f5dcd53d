"use client";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { changedTerms, consequences, type Terms } from "@/components/connections/change-words";
import type { ConnectionLooks } from "@/components/connections/connection-actions";
import { PolicyChoices } from "@/components/connections/policy-choices";
import { heard, type Places } from "@/components/connections/setup-actions";
import { Refusal } from "@/components/connections/step";
import { TriggerField, useTriggerCount } from "@/components/connections/trigger-field";
import { Button } from "@/components/ui/button";
import { Form } from "@/components/ui/form";
import { fieldClass, ReasonField } from "@/components/ui/reason-field";
import { count } from "@/components/ui/words";
import type { Side } from "@/lib/sync/plan-types";

const SIDES = ["local", "remote"] as const;
const MOST_AT_A_TIME = 50;

/** Changes what was agreed on, and says what that will do before it is saved. */
export function AgreementForm({
  id,
  initial,
  places,
  names,
  canBeQuiet,
  pairs,
  waiting,
  isPending,
  refusal,
  look,
  onSave,
  onLeave,
}: {
  id: number;
  initial: Terms;
  places: Places;
  names: Record<Side, string>;
  /** Instances that can be asked to send no mails. */
  canBeQuiet: Record<Side, boolean>;
  pairs: number;
  waiting: number;
  isPending: boolean;
  refusal: string | null;
  look: Pick<ConnectionLooks, "tryTrigger" | "findLeavingPairs">;
  onSave: (terms: Terms, reason: string | undefined) => void;
  onLeave: () => void;
}) {
  const [terms, setTerms] = useState(initial);
  const [typed, setTyped] = useState<Record<Side, string>>({
    local: initial.triggers.local ?? "",
    remote: initial.triggers.remote ?? "",
  });
  const before = {
    local: useTriggerCount(places, "local", initial.triggers.local ?? "", look.tryTrigger),
    remote: useTriggerCount(places, "remote", initial.triggers.remote ?? "", look.tryTrigger),
  };
  const counted = {
    local: useTriggerCount(places, "local", typed.local, look.tryTrigger),
    remote: useTriggerCount(places, "remote", typed.remote, look.tryTrigger),
  };
  const after: Terms = {
    ...terms,
    triggers: { local: typed.local.trim() || null, remote: typed.remote.trim() || null },
  };
  const changed = changedTerms(initial, after);
  const total = ({ answer, isCounting }: (typeof counted)[Side]) =>
    answer?.ok && !isCounting ? answer.value.total : null;
  const named = (side: Side) => ({ now: total(before[side]), then: total(counted[side]) });
  const leavingAt = (side: Side) => ({
    queryKey: ["leaving", id, side, after.triggers[side]],
    queryFn: () => heard(look.findLeavingPairs({ id, side, trigger: after.triggers[side] ?? "" })),
    enabled:
      pairs > 0 &&
      after.triggers[side] !== null &&
      after.triggers[side] !== initial.triggers[side] &&
      total(counted[side]) !== null,
  });
  const leaving = {
    local: useQuery(leavingAt("local")).data,
    remote: useQuery(leavingAt("remote")).data,
  };
  const left = (side: Side) => {
    const found = leaving[side];
    return found?.ok ? found.value : null;
  };
  const will = consequences(initial, after, {
    names,
    pairs,
    waiting,
    named: { local: named("local"), remote: named("remote") },
    leaving: { local: left("local"), remote: left("remote") },
  });
  // A search that its instance refuses would stop the whole connection.
  const isTried = SIDES.every(
    (side) =>
      after.triggers[side] === initial.triggers[side] ||
      after.triggers[side] === null ||
      total(counted[side]) !== null,
  );

  return (
    <Form
      onSend={(form) => onSave(after, String(form.get("reason") ?? "").trim() || undefined)}
      className="flex flex-col gap-6 p-4"
    >
      <fieldset className="flex flex-col gap-3">
        <legend className="sr-only">What comes under sync</legend>
        {SIDES.map((side) => (
          <TriggerField
            key={side}
            label={`What comes under sync from ${names[side]}, project ${places[side].project}`}
            project={places[side].project}
            value={typed[side]}
            counted={counted[side]}
            onChange={(text) => setTyped({ ...typed, [side]: text })}
          />
        ))}
      </fieldset>
      <PolicyChoices
        names={names}
        value={terms}
        onChange={(chosen) => setTerms({ ...terms, ...chosen })}
      />
      <label className="flex flex-col gap-1">
        <span className="font-medium">Issues sent at a time</span>
        <span className="flex flex-wrap items-center gap-3">
          <input
            type="number"
            inputMode="numeric"
            min={1}
            max={MOST_AT_A_TIME}
            required
            value={Number.isNaN(terms.concurrency) ? "" : terms.concurrency}
            onChange={(event) => setTerms({ ...terms, concurrency: event.target.valueAsNumber })}
            className={`${fieldClass} max-w-24`}
          />
          <span className="text-small text-soft">
            1 to {MOST_AT_A_TIME}. Each issue is one call after the other; an instance’s own rate
            limit is obeyed whatever stands here.
          </span>
        </span>
      </label>
      {SIDES.some((side) => canBeQuiet[side]) && (
        <fieldset className="flex max-w-2xl flex-col gap-2">
          <legend className="mb-1 font-medium">Mails to people there</legend>
          {SIDES.filter((side) => canBeQuiet[side]).map((side) => (
            <label key={side} className="flex items-baseline gap-2">
              <input
                type="checkbox"
                checked={terms.quiet[side]}
                onChange={(event) =>
                  setTerms({ ...terms, quiet: { ...terms.quiet, [side]: event.target.checked } })
                }
              />
              <span>Ask {names[side]} to send no mails for our updates</span>
            </label>
          ))}
          <p className="text-small text-soft">
            Jira does that for administrators of the project only. If our account is not one of
            them, updates are sent with mails, and this page says so. New issues, comments and
            changes of status are mailed in any case.
          </p>
        </fieldset>
      )}
      <section
        aria-label="What will happen"
        aria-live="polite"
        className="flex min-h-22 flex-col gap-1 rounded-control border border-line bg-canvas px-4 py-3"
      >
        <h3 className="font-medium">What will happen</h3>
        {will.length === 0 ? (
          <p className="text-soft">Nothing is changed yet.</p>
        ) : (
          <ul className="flex max-w-3xl list-disc flex-col gap-1 pl-5">
            {will.map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
        )}
        {will.length > 0 && (
          <p className="text-soft">
            You can take the change back; what was sent by it meanwhile stays sent.
          </p>
        )}
      </section>
      <ReasonField className="max-w-2xl" placeholder="agreed with Acme on Monday" />
      <Refusal message={refusal} />
      <div className="flex flex-wrap items-center gap-3">
        <Button
          type="submit"
          look="primary"
          disabled={isPending || changed.length === 0 || !isTried}
        >
          {changed.length === 0 ? "Save" : `Save ${count(changed.length, "change")}`}
        </Button>
        <Button onClick={onLeave}>Leave it as it is</Button>
        <p aria-live="polite" className="text-soft">
          {!isTried && "A new search is saved once its instance has answered it."}
        </p>
      </div>
    </Form>
  );
}
