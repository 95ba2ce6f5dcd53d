"use client";
import { useQueryClient } from "@tanstack/react-query";
import { useState, useTransition } from "react";
import { Value } from "@/components/entry/field-value";
import { answered } from "@/components/gate/gate-actions";
import type { PairActions } from "@/components/issues/pair-actions";
import { Button } from "@/components/ui/button";
import { Form } from "@/components/ui/form";
import { Mark } from "@/components/ui/mark";
import { Moment } from "@/components/ui/moment";
import { Panel } from "@/components/ui/panel";
import { ReasonField } from "@/components/ui/reason-field";
import { toast } from "@/components/ui/toast";
import { count } from "@/components/ui/words";
import type { ChoiceLine, PairDetail } from "@/lib/pairs/pair";
import { choiceDigest } from "@/lib/sync/choice";
import { fieldTitle } from "@/lib/sync/field-names";
import type { Conflict, Side } from "@/lib/sync/plan-types";

const SIDES = ["local", "remote"] as const;

/** Fields that both sides changed: what stood there, what stands on each side, and whose value counts. */
export function DecidePanel({ pair, actions }: { pair: PairDetail; actions: PairActions }) {
  const open = (pair.entry?.plan?.conflicts ?? []).filter(
    ({ resolution }) => resolution === "hold",
  );
  const isChosen = (conflict: Conflict) => choiceFor(conflict, pair.choices) !== null;
  const chosen = open.filter(isChosen).length;
  if (open.length === 0 && pair.choices.length === 0) return null;
  if (open.length === chosen) return <Chosen pair={pair} actions={actions} />;
  return (
    <Panel
      id="decide"
      title="Choose whose value counts"
      aside={`${count(open.length, "field")} changed on both sides`}
    >
      <Choose key={digests(open)} pair={pair} open={open} actions={actions} />
    </Panel>
  );
}

/** Changes when either value does: what was picked belongs to what was shown. */
function digests(open: Conflict[]): string {
  return open.map((conflict) => `${conflict.field}:${choiceDigest(conflict)}`).join(" ");
}

function choiceFor(conflict: Conflict, choices: ChoiceLine[]): ChoiceLine | null {
  const digest = choiceDigest(conflict);
  return choices.find((each) => each.field === conflict.field && each.digest === digest) ?? null;
}

function Choose({
  pair,
  open,
  actions: { decide, undecide },
}: {
  pair: PairDetail;
  open: Conflict[];
  actions: PairActions;
}) {
  const client = useQueryClient();
  const [isPending, startTransition] = useTransition();
  const [picked, setPicked] = useState<Record<string, Side>>({});
  const { id } = pair.row;
  const sideOf = (conflict: Conflict) =>
    picked[conflict.field] ?? choiceFor(conflict, pair.choices)?.side;
  const ready = open.filter((conflict) => sideOf(conflict) !== undefined);

  async function undo(): Promise<void> {
    if (!undecide) return;
    const result = await answered(undecide({ id }));
    if (result.ok) toast("Taken back. The pair waits for your choice again.");
    else toast.error(result.message);
    await client.invalidateQueries();
  }

  function submit(form: FormData): void {
    if (!decide) return;
    const reason = String(form.get("reason") ?? "").trim();
    const choices = ready.flatMap((conflict) => {
      const side = sideOf(conflict);
      return side ? [{ field: conflict.field, side, digest: choiceDigest(conflict) }] : [];
    });
    startTransition(async () => {
      const result = await answered(decide({ id, choices, ...(reason && { reason }) }));
      if (result.ok) {
        const left = result.changed ?? 0;
        const words =
          left > 0
            ? `Kept. ${count(left, "field")} left to choose.`
            : "Chosen. Both issues are read again, then the other side gets these values.";
        toast(words, { action: { label: "Undo", onClick: () => void undo() } });
      } else toast.error(result.message);
      await client.invalidateQueries();
    });
  }

  return (
    <Form onSend={submit} className="flex flex-col">
      <div className="flex flex-col divide-y divide-line">
        {open.map((conflict) => (
          <Question
            key={conflict.field}
            conflict={conflict}
            pair={pair}
            picked={sideOf(conflict)}
            onPick={decide && ((side) => setPicked((now) => ({ ...now, [conflict.field]: side })))}
          />
        ))}
      </div>
      {decide ? (
        <div className="flex flex-wrap items-end gap-3 border-t border-line px-4 py-3">
          <ReasonField className="min-w-56 flex-1" placeholder="agreed with the partner" />
          <Button type="submit" look="primary" disabled={isPending || ready.length === 0}>
            {ready.length === open.length || ready.length === 0
              ? `Use ${open.length === 1 ? "this value" : `these ${open.length} values`}`
              : `Keep ${count(ready.length, "choice")} of ${open.length}`}
          </Button>
          <p className="w-full text-soft">
            Nothing of this pair is sent until every field is chosen
            {pair.entry?.isStale && ", and it is planned again first, since something changed"}. If
            either side changes after your choice, you are asked again.
          </p>
        </div>
      ) : (
        <p className="border-t border-line px-4 py-3 text-soft">
          An operator or an administrator chooses.
        </p>
      )}
    </Form>
  );
}

function Question({
  conflict,
  pair,
  picked,
  onPick,
}: {
  conflict: Conflict;
  pair: PairDetail;
  picked: Side | undefined;
  onPick: ((side: Side) => void) | null;
}) {
  const name = conflict.name ?? conflict.field;
  const { base } = conflict;
  return (
    <fieldset className="px-4 py-3">
      <legend className="float-left mb-2 w-full font-medium">{name}</legend>
      <div className="clear-both grid gap-3 lg:grid-cols-3">
        <div className="min-w-0 rounded-control border border-transparent px-3 py-2 text-soft">
          <p className="text-small">When last in step</p>
          {base.local === null && base.remote === null ? (
            <span className="italic">empty, or not known yet</span>
          ) : (
            <Value value={base.local ?? base.remote} />
          )}
        </div>
        {SIDES.map((side) => (
          <label
            key={side}
            className={`flex min-w-0 gap-3 rounded-control border px-3 py-2 ${picked === side ? "border-focus bg-selected" : "border-line"} ${onPick ? "hover:bg-hover" : ""}`}
          >
            <input
              type="radio"
              name={`choice ${conflict.field}`}
              className="mt-0.5 size-4 shrink-0"
              checked={picked === side}
              disabled={!onPick}
              onChange={() => onPick?.(side)}
            />
            <span className="min-w-0 break-words">
              <span className="block text-small text-soft">
                {pair[side].instance} ({side}) <span className="font-mono">{pair[side].key}</span>
              </span>
              <Value value={conflict[side]} />
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

/** Everything is chosen and not sent yet: who chose what, and the way back. */
function Chosen({ pair, actions: { undecide } }: { pair: PairDetail; actions: PairActions }) {
  const client = useQueryClient();
  const [isPending, startTransition] = useTransition();
  const { choices } = pair;
  const isRunning = pair.entry?.state === "running";
  return (
    <Panel id="decide" title="Chosen, not sent yet">
      <ul className="divide-y divide-line">
        {choices.map((choice) => (
          <li
            key={choice.field}
            className="flex flex-wrap items-baseline justify-between gap-x-4 px-4 py-2"
          >
            <span>
              <Mark name="done" className="mr-2 inline size-3.5 align-[-2px] text-fine" />
              {pair.fields.find(({ local }) => local === choice.field)?.name ??
                fieldTitle(choice.field)}
              : the value of {pair[choice.side].instance} counts
            </span>
            <span className="text-soft">
              {choice.by}
              {choice.reason && `: “${choice.reason}”`} · <Moment at={choice.at} />
            </span>
          </li>
        ))}
      </ul>
      {undecide && (
        <div className="border-t border-line px-4 py-3">
          <Button
            disabled={isPending || isRunning}
            onClick={() =>
              startTransition(async () => {
                const result = await answered(undecide({ id: pair.row.id }));
                if (result.ok) toast("Taken back. The pair waits for your choice again.");
                else toast.error(result.message);
                await client.invalidateQueries();
              })
            }
          >
            Undo {choices.length === 1 ? "this choice" : "these choices"}
          </Button>
        </div>
      )}
    </Panel>
  );
}
