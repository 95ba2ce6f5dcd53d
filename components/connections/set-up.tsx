"use client";
import { useQuery } from "@tanstack/react-query";
import { type ComponentProps, useEffect, useState } from "react";
import {
  type Draft,
  EMPTY_DRAFT,
  likeConnection,
  parseDraft,
} from "@/components/connections/draft";
import type { Alike } from "@/components/connections/plan-step";
import {
  heard,
  type InstanceKind,
  type Places,
  type SetupActions,
} from "@/components/connections/setup-actions";
import { SideStep } from "@/components/connections/side-step";
import { Refusal, Step } from "@/components/connections/step";
import { Button, buttonClass } from "@/components/ui/button";
import { later } from "@/components/ui/later";
import { Link } from "@/components/ui/link";
import { OneMoment } from "@/components/ui/part-missing";
import type { ConnectionPage } from "@/lib/connections/connection-page";
import type { KnownInstance } from "@/lib/connections/setup";
import { otherSide, type Side } from "@/lib/sync/plan-types";

// The first picture is a choice of instances; the rest is there by the time somebody has chosen.
const Waiting = OneMoment;
const TriggerStep = later(
  async () => (await import("@/components/connections/trigger-step")).TriggerStep,
  { Waiting },
);
const MappingStep = later(
  async () => (await import("@/components/connections/mapping-step")).MappingStep,
  { Waiting },
);
const PolicyStep = later(
  async () => (await import("@/components/connections/policy-step")).PolicyStep,
  { Waiting },
);
const PlanStep = later(async () => (await import("@/components/connections/plan-step")).PlanStep, {
  Waiting,
});
const Webhooks = later(
  async () => (await import("@/components/connections/webhooks-panel")).Webhooks,
  { Waiting },
);

const KEPT_AS = "exalate:connection-draft";
const STEPS = ["local", "remote", "triggers", "mapping", "policy", "plan", "webhooks"] as const;
type StepName = (typeof STEPS)[number];

/** Sets up a connection step by step, each tried at the real instances. What was chosen survives a reload. */
export function SetUp({
  known,
  kinds,
  actions,
  model,
}: {
  known: KnownInstance[];
  kinds: InstanceKind[];
  actions: SetupActions;
  /** A connection that this one begins as a duplicate of. */
  model: ConnectionPage | null;
}) {
  const [instances, setInstances] = useState(known);
  const [draft, setDraft] = useState<Draft>(EMPTY_DRAFT);
  const [at, setAt] = useState<StepName>("local");
  const [created, setCreated] = useState<number | null>(null);
  const [alike, setAlike] = useState<Alike[]>([]);
  useEffect(() => {
    const kept = model ? likeConnection(model) : parseDraft(sessionStorage.getItem(KEPT_AS));
    setDraft(kept);
    setAt(model ? "local" : firstOpen(kept));
  }, [model]);

  function choose(changed: Partial<Draft>, next?: StepName): void {
    const chosen = { ...draft, ...changed };
    setDraft(chosen);
    sessionStorage.setItem(KEPT_AS, JSON.stringify(chosen));
    if (next) setAt(next);
  }

  const instanceOf = (side: Side) => instances.find(({ id }) => id === draft[side].instance);
  const names = {
    local: instanceOf("local")?.name ?? "This side",
    remote: instanceOf("remote")?.name ?? "The other side",
  };
  const places = placesOf(draft);
  const compared = useQuery({
    queryKey: [
      "sides",
      draft.local.instance,
      draft.local.project,
      draft.local.issueType,
      draft.remote.instance,
      draft.remote.project,
      draft.remote.issueType,
    ],
    queryFn: () => (places ? heard(actions.compareSides(withoutTriggers(places))) : null),
    enabled: places !== null && STEPS.indexOf(at) >= STEPS.indexOf("mapping"),
    staleTime: 60_000,
  });
  const mapping = draft.mapping ?? (compared.data?.ok ? compared.data.value.proposal : null);
  const stateOf = (step: StepName): ComponentProps<typeof Step>["state"] =>
    step === at ? "at hand" : STEPS.indexOf(step) < STEPS.indexOf(at) ? "done" : "to come";
  const step = (name: StepName, title: string) => ({
    number: STEPS.indexOf(name) + 1,
    title,
    state: stateOf(name),
    // What is made already is changed on its own page.
    ...(created === null ? { onChange: () => setAt(name) } : {}),
  });
  const addInstance = (side: Side) => (instance: KnownInstance) => {
    setInstances((before) =>
      before.some(({ id }) => id === instance.id) ? before : [...before, instance],
    );
    choose({ [side]: { ...EMPTY_DRAFT[side], instance: instance.id }, mapping: null });
  };

  return (
    <div className="flex flex-col gap-3">
      {(["local", "remote"] as const).map((side) => (
        <Step
          key={side}
          {...step(side, side === "local" ? "This side (local)" : "The other side (remote)")}
          summary={`${names[side]}, project ${draft[side].project}`}
        >
          <SideStep
            draft={draft[side]}
            instances={instances}
            isNewLikely={
              draft[side].instance === null &&
              instances.every(({ id }) => id === draft[otherSide(side)].instance)
            }
            kinds={kinds}
            actions={actions}
            onInstance={addInstance(side)}
            onChosen={(place) =>
              choose(
                {
                  [side]: { ...draft[side], ...place },
                  ...(isAsBefore(draft[side], place) ? {} : { mapping: null }),
                },
                side === "local" ? "remote" : "triggers",
              )
            }
          />
        </Step>
      ))}
      <Step
        {...step("triggers", "What comes under sync")}
        summary={[draft.local.trigger, draft.remote.trigger].filter(Boolean).join(" · ")}
      >
        {places && (
          <TriggerStep
            places={places}
            names={names}
            actions={actions}
            onChosen={({ local, remote }) =>
              choose(
                {
                  local: { ...draft.local, trigger: local.trim() },
                  remote: { ...draft.remote, trigger: remote.trim() },
                },
                "mapping",
              )
            }
          />
        )}
      </Step>
      <Step
        {...step("mapping", "How fields correspond")}
        summary={`${mapping?.fields.length ?? 0} fields`}
      >
        {compared.isFetching && (
          <p className="text-soft">Reading both sides’ fields, values and people…</p>
        )}
        {compared.data?.ok === false && (
          <div className="flex flex-col items-start gap-3">
            <Refusal message={compared.data.message} />
            <Button onClick={() => compared.refetch()}>Try again</Button>
          </div>
        )}
        {compared.data?.ok && mapping && !compared.isFetching && (
          <MappingStep
            compared={compared.data.value}
            initial={mapping}
            names={names}
            onChosen={(chosen) => choose({ mapping: chosen }, "policy")}
          />
        )}
      </Step>
      <Step {...step("policy", "Who decides")} summary={POLICY_WORDS[draft.policy]}>
        <PolicyStep names={names} initial={draft} onChosen={(chosen) => choose(chosen, "plan")} />
      </Step>
      <Step {...step("plan", "What would be sent first")}>
        {places && draft.mapping && (
          <PlanStep
            places={places}
            agreement={{
              mapping: draft.mapping,
              policy: draft.policy,
              firstMeeting: draft.firstMeeting,
            }}
            names={names}
            proposedName={`${names.local} and ${names.remote}`.slice(0, 80)}
            actions={actions}
            onCreated={(id, found) => {
              setAlike(found);
              sessionStorage.removeItem(KEPT_AS);
              setCreated(id);
              setAt("webhooks");
            }}
          />
        )}
      </Step>
      <Step {...step("webhooks", "Hear of changes at once (optional)")}>
        {created !== null && (
          <div className="-m-4">
            {alike.length > 0 && (
              <div className="flex flex-col gap-1 border-b border-line p-4">
                <p>
                  The connection is made. These issues have the same summary at both sides. Link
                  them instead of making new ones?
                </p>
                <ul className="flex flex-col">
                  {alike.map(({ local, remote }) => (
                    <li key={local + remote}>
                      <Link
                        href={`/issues?${new URLSearchParams({ link: String(created), local, remote })}`}
                        className="text-link underline"
                      >
                        Link {local} and {remote}
                      </Link>
                    </li>
                  ))}
                </ul>
              </div>
            )}
            <Webhooks
              id={created}
              projects={{ local: draft.local.project, remote: draft.remote.project }}
              actions={actions.webhooks}
            />
            <div className="flex flex-wrap items-center gap-3 border-t border-line p-4">
              <Link href={`/connections/${created}`} className={buttonClass({ look: "primary" })}>
                Finish
              </Link>
              <span className="text-soft">
                The connection is made, with or without webhooks. They can be registered on its page
                at any time.
              </span>
            </div>
          </div>
        )}
      </Step>
    </div>
  );
}

const POLICY_WORDS = {
  hold: "A person decides conflicts",
  latest: "The later edit wins",
  local: "This side wins",
  remote: "The other side wins",
};

function isAsBefore(
  before: Draft["local"],
  place: { project: string; issueType: string },
): boolean {
  return before.project === place.project && before.issueType === place.issueType;
}

/** The first step that is not answered yet. */
function firstOpen(draft: Draft): StepName {
  if (!draft.local.project) return "local";
  if (!draft.remote.project) return "remote";
  if (!draft.local.trigger && !draft.remote.trigger) return "triggers";
  return draft.mapping ? "policy" : "mapping";
}

function placesOf({ local, remote }: Draft): Places | null {
  if (local.instance === null || remote.instance === null) return null;
  if (!local.project || !remote.project) return null;
  const place = ({ instance, project, issueType, trigger }: Draft["local"]) => ({
    instance: instance as number,
    project,
    issueType,
    ...(trigger ? { trigger } : {}),
  });
  return { local: place(local), remote: place(remote) };
}

function withoutTriggers({ local, remote }: Places): Places {
  const { trigger: _here, ...here } = local;
  const { trigger: _there, ...there } = remote;
  return { local: here, remote: there };
}
