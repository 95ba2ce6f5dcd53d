"use client";
import { useState, useTransition } from "react";
import { type ActionResult, answered } from "@/components/gate/gate-actions";
import {
  HISTORY_WORDS,
  NEVER_CUT,
  periodChoices,
  periodWords,
  removalWords,
  rowsWords,
} from "@/components/settings/history-words";
import { Button } from "@/components/ui/button";
import { Form } from "@/components/ui/form";
import { ExactMoment, Moment } from "@/components/ui/moment";
import { Panel } from "@/components/ui/panel";
import { fieldClass } from "@/components/ui/reason-field";
import { toast } from "@/components/ui/toast";
import { formatNumber } from "@/components/ui/words";
import {
  type HistoryKind,
  type HistoryLine,
  isShorter,
  type Period,
  type Removal,
} from "@/lib/settings/history";
import type { PeriodsInput } from "@/lib/settings/history-input";

type Previewed = { ok: true; value: Removal | null } | Extract<ActionResult, { ok: false }>;

export type HistoryActions = {
  changePeriods: (input: PeriodsInput) => Promise<ActionResult>;
  previewRemoval: (input: { kind: HistoryKind; days: Period }) => Promise<Previewed>;
};

type Wanted = { days: Period; removal: Removal | null | "counting" };

/** How long each kind of history is kept; what a shorter period removes is told before it is saved. */
export function HistoryPanel({
  lines,
  mayChange,
  actions,
}: {
  lines: HistoryLine[];
  mayChange: boolean;
  actions: HistoryActions;
}) {
  const [wanted, setWanted] = useState<Partial<Record<HistoryKind, Wanted>>>({});
  const [refusal, setRefusal] = useState<string | null>(null);
  const [isPending, startTransition] = useTransition();
  const changed = Object.values(wanted);
  const isCounting = changed.some(({ removal }) => removal === "counting");
  const removals = changed.flatMap(({ removal }) =>
    removal && removal !== "counting" ? [removal] : [],
  );
  const rows = removals.reduce((sum, removal) => sum + removal.rows, 0);
  const isMore = removals.some((removal) => removal.isMore);

  async function choose({ kind, days: present }: HistoryLine, days: Period): Promise<void> {
    const { [kind]: _, ...others } = wanted;
    if (days === present) return setWanted(others);
    const shorter = isShorter(present, days);
    setWanted({ ...others, [kind]: { days, removal: shorter ? "counting" : null } });
    if (!shorter) return;
    const asked = actions.previewRemoval({ kind, days });
    const result = await answered(asked as Promise<ActionResult>);
    setRefusal(result.ok ? null : result.message);
    const removal = result.ok ? ((await asked) as Extract<Previewed, { ok: true }>).value : null;
    // Somebody may have chosen on meanwhile: only this choice is answered, or taken back without an answer.
    setWanted((now) => {
      if (now[kind]?.days !== days) return now;
      const { [kind]: __, ...rest } = now;
      return result.ok ? { ...rest, [kind]: { days, removal } } : rest;
    });
  }

  function save(): void {
    startTransition(async () => {
      const periods = Object.fromEntries(
        Object.entries(wanted).map(([kind, { days }]) => [kind, days]),
      );
      const result = await answered(actions.changePeriods(periods));
      setRefusal(result.ok ? null : result.message);
      if (!result.ok) return;
      setWanted({});
      toast(
        rows > 0
          ? "Saved. A worker removes what is older, a little at a time."
          : "Saved. Nothing is older than that.",
      );
    });
  }

  return (
    <Panel title="How long history is kept">
      <Form onSend={save}>
        <ul className="divide-y divide-line">
          {lines.map((line) => {
            const { kind, days, count, oldestAt, removed, removedAt } = line;
            const choice = wanted[kind];
            const { name, words } = HISTORY_WORDS[kind];
            return (
              <li
                key={kind}
                className="grid gap-x-6 gap-y-2 px-4 py-3 sm:grid-cols-[minmax(0,1fr)_11rem] sm:items-center"
              >
                <div className="min-w-0">
                  <p className="font-medium">{name}</p>
                  <p className="text-soft">{words}</p>
                  <p className="text-small text-soft">
                    {rowsWords(count)}
                    {oldestAt && (
                      <>
                        , the oldest <Moment at={oldestAt} align="start" />
                      </>
                    )}
                    {removedAt && (
                      <>
                        {" · "}
                        {formatNumber(removed)} removed so far, the last{" "}
                        <Moment at={removedAt} align="start" />
                      </>
                    )}
                  </p>
                </div>
                <label className="flex flex-col gap-1">
                  <span className="text-small text-soft">Kept</span>
                  <select
                    aria-label={`Kept: ${name}`}
                    className={fieldClass}
                    disabled={!mayChange || isPending}
                    value={String(choice ? choice.days : days)}
                    onChange={(event) =>
                      void choose(
                        line,
                        event.target.value === "null" ? null : Number(event.target.value),
                      )
                    }
                  >
                    {periodChoices(kind, days).map((each) => (
                      <option key={String(each)} value={String(each)}>
                        {periodWords(each)}
                      </option>
                    ))}
                  </select>
                </label>
                <p aria-live="polite" className="text-small empty:hidden sm:col-span-2">
                  {choice && <Consequence {...choice} />}
                </p>
              </li>
            );
          })}
        </ul>
        <div className="flex flex-col gap-3 border-t border-line p-4">
          <p role="alert" className="text-error-text empty:hidden">
            {refusal}
          </p>
          {mayChange ? (
            <div className="flex flex-wrap items-center gap-3">
              <Button
                type="submit"
                look={rows > 0 ? "danger" : "primary"}
                disabled={changed.length === 0 || isCounting || isPending}
              >
                {isCounting
                  ? "Counting…"
                  : rows > 0
                    ? `Save and remove ${removalWords({ rows, isMore })}`
                    : "Save the periods"}
              </Button>
              {changed.length > 0 && (
                <Button disabled={isPending} onClick={() => setWanted({})}>
                  Leave them as they are
                </Button>
              )}
              {rows > 0 && <span className="text-soft">What is removed does not come back.</span>}
            </div>
          ) : (
            <p className="text-soft">An administrator can change these periods.</p>
          )}
        </div>
      </Form>
      <div className="border-t border-line p-4">
        <h3 className="font-medium">Never removed</h3>
        <ul className="mt-1 list-disc pl-5 text-soft">
          {NEVER_CUT.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      </div>
    </Panel>
  );
}

function Consequence({ removal }: Wanted) {
  if (removal === "counting") return <span className="text-soft">Counting what is older…</span>;
  if (removal === null) return <span className="text-soft">Nothing is removed by this.</span>;
  if (removal.rows === 0)
    return (
      <span className="text-soft">
        Nothing that may be removed is from before <ExactMoment at={removal.before} />.
      </span>
    );
  return (
    <span className="font-medium text-error-text">
      Removes {removalWords(removal)} from before <ExactMoment at={removal.before} />.
    </span>
  );
}
