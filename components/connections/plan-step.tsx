"use client";
import { useQuery } from "@tanstack/react-query";
import { useState, useTransition } from "react";
import {
  type Agreement,
  heard,
  type Places,
  type SetupActions,
} from "@/components/connections/setup-actions";
import { Refusal } from "@/components/connections/step";
import { Notes } from "@/components/entry/conflicts";
import { Difference } from "@/components/entry/difference";
import { planSummary } from "@/components/entry/plan-words";
import { useGate } from "@/components/live/live-provider";
import { Button } from "@/components/ui/button";
import { Form } from "@/components/ui/form";
import { Mark } from "@/components/ui/mark";
import { fieldClass } from "@/components/ui/reason-field";
import { count, formatNumber } from "@/components/ui/words";
import type { Preview } from "@/lib/connections/setup";
import type { Side } from "@/lib/sync/plan-types";

/** Two issues with the same summary, by their keys. */
export type Alike = Record<Side, string>;

/** What would be sent first, by the code that sends; then the connection is kept under a name. */
export function PlanStep({
  places,
  agreement,
  names,
  proposedName,
  actions,
  onCreated,
}: {
  places: Places;
  agreement: Agreement;
  names: Record<Side, string>;
  proposedName: string;
  actions: SetupActions;
  /** With the issues that would be made anew although the other side has one of the same summary. */
  onCreated: (id: number, alike: Alike[]) => void;
}) {
  const [refusal, setRefusal] = useState<string | null>(null);
  const [isPending, startTransition] = useTransition();
  const first = useQuery({
    queryKey: ["first-plans", JSON.stringify([places, agreement])],
    queryFn: () => heard(actions.planFirst({ places, ...agreement })),
  });
  const previews = first.data?.ok ? first.data.value.previews : null;
  const alike = alikeOf(previews ?? []);
  const { gate } = useGate(null);
  const found = first.data?.ok ? first.data.value.total : 0;
  const sideNames = (side: Side) => ({ key: null, url: null, instance: names[side] });

  function create(form: FormData): void {
    startTransition(async () => {
      const made = await heard(
        actions.createConnection({
          ...agreement,
          name: String(form.get("name") ?? "").trim(),
          local: places.local,
          remote: places.remote,
          bringInExisting: form.get("bringInExisting") !== null,
        }),
      );
      if (made.ok) onCreated(made.value.id, alike);
      else setRefusal(made.message);
    });
  }

  return (
    <div className="flex flex-col gap-4">
      <div aria-live="polite" aria-busy={first.isPending} className="flex flex-col gap-2">
        {first.isPending && (
          <p className="text-soft">Reading the newest issues and planning them…</p>
        )}
        {first.data?.ok === false && <Refusal message={first.data.message} />}
        {previews?.length === 0 && (
          <p className="text-soft">
            The searches name no issue now. As soon as they name one, it comes under sync.
          </p>
        )}
        {previews && previews.length > 0 && (
          <>
            <p className="max-w-2xl text-soft">
              These exist already, so they come under sync when they change, or when somebody links
              them. This is what would be sent for them. Nothing is sent now.
            </p>
            <ul className="flex flex-col divide-y divide-line rounded-control border border-line">
              {previews.map(({ key, summary, plan, alike: twin }, index) => (
                <li key={key}>
                  <details open={index === 0}>
                    <summary className="flex min-w-0 gap-3 px-3 py-2">
                      <span className="shrink-0 font-mono">{key}</span>
                      <span className="min-w-0 flex-1 truncate">{summary}</span>
                      <span className="shrink-0 text-soft">{planSummary(plan)}</span>
                    </summary>
                    <div className="border-t border-line">
                      <Difference
                        plan={plan}
                        names={{ local: sideNames("local"), remote: sideNames("remote") }}
                      />
                      {plan.notes.length > 0 && (
                        <Notes
                          notes={plan.notes}
                          names={{ local: sideNames("local"), remote: sideNames("remote") }}
                        />
                      )}
                    </div>
                  </details>
                  {twin && (
                    <p className="flex gap-2 border-t border-line px-3 py-2">
                      <Mark name="differs" className="mt-1 size-3.5" />
                      <span>
                        <span className="font-mono">{twin}</span> has the same summary. Link the two
                        once the connection is made, and no new issue is made.
                      </span>
                    </p>
                  )}
                </li>
              ))}
            </ul>
            {found > previews.length && (
              <p className="text-soft">and {formatNumber(found - previews.length)} more</p>
            )}
          </>
        )}
      </div>
      <Form onSend={create} className="flex max-w-2xl flex-col gap-4">
        <label className="flex flex-col gap-1">
          <span className="font-medium">Name of the connection</span>
          <input
            name="name"
            required
            maxLength={80}
            defaultValue={proposedName}
            className={fieldClass}
          />
        </label>
        {found > 0 && (
          <label className="flex items-start gap-2">
            <input type="checkbox" name="bringInExisting" className="mt-1" />
            <span className="min-w-0">
              Bring in the {count(found, "issue")} that {found === 1 ? "matches" : "match"} now as
              well
              <span className="block text-soft">
                {gate?.state === "active"
                  ? "Synchronisation is active: new twins are made at once, without further question."
                  : "Each waits in the Sync Queue, and gets a new twin once it is sent, unless you link it first."}
              </span>
            </span>
          </label>
        )}
        <Refusal message={refusal} />
        <div className="flex flex-wrap items-center gap-3">
          <Button type="submit" look="primary" disabled={isPending || !first.data?.ok}>
            {isPending ? "Creating…" : "Create the connection"}
          </Button>
          <span className="text-soft">
            Changes are detected from then on. Nothing is sent before somebody activates.
          </span>
        </div>
      </Form>
    </div>
  );
}

/** Each two issues once, although either side's search may name one of them. */
function alikeOf(previews: Preview[]): Alike[] {
  const found = previews.flatMap(({ key, from, alike }): Alike[] => {
    if (alike === null) return [];
    return [from === "local" ? { local: key, remote: alike } : { local: alike, remote: key }];
  });
  return [...new Map(found.map((two) => [`${two.local} ${two.remote}`, two])).values()];
}
