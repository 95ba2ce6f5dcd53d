"use client";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import {
  type Answer,
  heard,
  type Places,
  type SetupActions,
} from "@/components/connections/setup-actions";
import { Refusal } from "@/components/connections/step";
import { Button } from "@/components/ui/button";
import { Moment } from "@/components/ui/moment";
import { fieldClass } from "@/components/ui/reason-field";
import { count } from "@/components/ui/words";
import type { Triggered } from "@/lib/connections/setup";
import type { Side } from "@/lib/sync/plan-types";

/** A search is sent when nobody has typed for so long. */
const SETTLE_MS = 500;

type Counted = {
  /** What the instance said to the search as it is typed; undefined while it is asked, and for no search. */
  answer: Answer<Triggered> | undefined;
  isCounting: boolean;
};

/** Asks an instance what a search names, once nobody types any more. */
export function useTriggerCount(
  places: Places,
  side: Side,
  text: string,
  tryTrigger: SetupActions["tryTrigger"],
): Counted {
  const typed = text.trim();
  const [settled, setSettled] = useState(typed);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(typed), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  const asked = { ...places, [side]: { ...places[side], trigger: settled } };
  const found = useQuery({
    queryKey: ["trigger", side, places[side].instance, places[side].project, settled],
    queryFn: () => heard(tryTrigger({ places: asked, side })),
    enabled: settled !== "",
    placeholderData: (before) => before,
  });
  const isCounting = typed !== "" && (settled !== typed || found.isFetching);
  return { answer: settled === "" || typed === "" ? undefined : found.data, isCounting };
}

/** One side's search, with what it names while it is typed. */
export function TriggerField({
  label,
  project,
  value,
  counted: { answer },
  onChange,
}: {
  label: string;
  project: string;
  value: string;
  counted: Counted;
  onChange: (text: string) => void;
}) {
  const suggestion = `project = ${project}`;
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
        {value.trim() !== "" && !answer && <span className="text-soft">Counting…</span>}
      </div>
    </div>
  );
}
