"use client";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { heard, type Places, type SetupActions } from "@/components/connections/setup-actions";
import { Refusal } from "@/components/connections/step";
import { Button } from "@/components/ui/button";
import { Form } from "@/components/ui/form";
import { Moment } from "@/components/ui/moment";
import { fieldClass } from "@/components/ui/reason-field";
import { count } from "@/components/ui/words";
import type { Side } from "@/lib/sync/plan-types";

/** A search is sent when nobody has typed for so long. */
const SETTLE_MS = 500;

/** Which issues come under sync, with what the search names while it is typed. */
export function TriggerStep({
  places,
  names,
  actions,
  onChosen,
}: {
  places: Places;
  names: Record<Side, string>;
  actions: SetupActions;
  onChosen: (triggers: Record<Side, string>) => void;
}) {
  const [triggers, setTriggers] = useState<Record<Side, string>>({
    local: places.local.trigger ?? "",
    remote: places.remote.trigger ?? "",
  });
  return (
    <Form onSend={() => onChosen(triggers)} className="flex flex-col gap-5">
      <p className="max-w-2xl text-soft">
        A search in the instance’s own language. What it names comes under sync when it changes from
        now on, and gets a twin at the other side. Leaving the search later does not end sync. Leave
        a side empty if only the other one brings issues in.
      </p>
      {(["local", "remote"] as const).map((side) => (
        <Trigger
          key={side}
          side={side}
          label={`From ${names[side]}, project ${places[side].project}`}
          suggestion={`project = ${places[side].project}`}
          value={triggers[side]}
          places={places}
          actions={actions}
          onChange={(text) => setTriggers({ ...triggers, [side]: text })}
        />
      ))}
      <Button
        type="submit"
        look="primary"
        className="w-fit"
        disabled={!triggers.local.trim() && !triggers.remote.trim()}
      >
        Use {triggers.local.trim() && triggers.remote.trim() ? "these searches" : "this search"}
      </Button>
    </Form>
  );
}

function Trigger({
  side,
  label,
  suggestion,
  value,
  places,
  actions,
  onChange,
}: {
  side: Side;
  label: string;
  suggestion: string;
  value: string;
  places: Places;
  actions: SetupActions;
  onChange: (text: string) => void;
}) {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value.trim()), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [value]);
  const asked = { ...places, [side]: { ...places[side], trigger: settled } };
  const found = useQuery({
    queryKey: ["trigger", side, places[side].instance, places[side].project, settled],
    queryFn: () => heard(actions.tryTrigger({ places: asked, side })),
    enabled: settled !== "",
    placeholderData: (before) => before,
  });
  const answer = settled === "" ? undefined : found.data;
  return (
    <div className="flex flex-col gap-1">
      <label className="flex max-w-2xl flex-col gap-1">
        <span className="font-medium">{label}</span>
        <span className="flex gap-2">
          <input
            value={value}
            onChange={(event) => onChange(event.target.value)}
            maxLength={4_000}
            autoComplete="off"
            spellCheck={false}
            placeholder={`e.g. ${suggestion} AND labels = partner`}
            className={`${fieldClass} font-mono`}
          />
          {value === "" && (
            <Button onClick={() => onChange(suggestion)} className="shrink-0">
              All of it
            </Button>
          )}
        </span>
      </label>
      <div aria-live="polite" className="min-h-6">
        {answer?.ok && (
          <details>
            <summary className="w-fit">
              <span className="font-medium">{count(answer.value.total, "issue")}</span>{" "}
              <span className="text-soft">
                now{answer.value.total > 0 && ", look at the newest"}
              </span>
            </summary>
            <ul className="mt-1 flex flex-col gap-0.5">
              {answer.value.examples.map((issue) => (
                <li key={issue.id} className="flex min-w-0 gap-3">
                  <span className="w-24 shrink-0 font-mono">{issue.key}</span>
                  <span className="min-w-0 flex-1 truncate" title={issue.summary}>
                    {issue.summary}
                  </span>
                  <span className="shrink-0 text-soft">
                    <Moment at={issue.updatedAt} />
                  </span>
                </li>
              ))}
            </ul>
          </details>
        )}
        {answer?.ok === false && <Refusal message={answer.message} />}
        {settled !== "" && !answer && <span className="text-soft">Counting…</span>}
      </div>
    </div>
  );
}
