"use client";
import { useState } from "react";
import { Checks } from "@/components/connections/checks";
import type { SideDraft } from "@/components/connections/draft";
import { InstanceForm } from "@/components/connections/instance-form";
import type { InstanceKind, SetupActions } from "@/components/connections/setup-actions";
import { Button } from "@/components/ui/button";
import { later } from "@/components/ui/later";
import type { Check, KnownInstance } from "@/lib/connections/setup";

const ProjectForm = later(
  async () => (await import("@/components/connections/project-form")).ProjectForm,
);

/** One side: which instance, which project, which type new issues get there. */
export function SideStep({
  draft,
  instances,
  isNewLikely,
  kinds,
  actions,
  onInstance,
  onChosen,
}: {
  draft: SideDraft;
  instances: KnownInstance[];
  /** None of the known ones is likely meant: the form for another one comes first. */
  isNewLikely: boolean;
  kinds: InstanceKind[];
  actions: SetupActions;
  /** An instance was added, or another one chosen. */
  onInstance: (instance: KnownInstance) => void;
  onChosen: (place: { project: string; issueType: string }) => void;
}) {
  const [isAdding, setIsAdding] = useState(isNewLikely);
  const [tried, setTried] = useState<{ instance: number; checks: Check[] } | null>(null);
  const chosen = instances.find(({ id }) => id === draft.instance);
  if (isAdding || instances.length === 0)
    return (
      <InstanceForm
        kinds={kinds}
        taken={instances.map(({ name }) => name)}
        actions={actions}
        onAdded={(instance, checks) => {
          setIsAdding(false);
          setTried({ instance: instance.id, checks: checks.filter(saysWho) });
          onInstance(instance);
        }}
        onCancel={instances.length > 0 ? () => setIsAdding(false) : null}
      />
    );
  return (
    <div className="flex max-w-2xl flex-col gap-4">
      {tried?.instance === chosen?.id && tried && (
        <div aria-live="polite">
          <Checks checks={tried.checks} />
        </div>
      )}
      <fieldset className="flex flex-col gap-1">
        <legend className="mb-1 font-medium">Instance</legend>
        {instances.map((instance) => (
          <label key={instance.id} className="flex items-baseline gap-2">
            <input
              type="radio"
              name="instance"
              checked={chosen?.id === instance.id}
              onChange={() => onInstance(instance)}
            />
            <span className="min-w-0 break-words">
              {instance.name}{" "}
              <span className="font-mono text-small text-soft">{instance.baseUrl}</span>
            </span>
          </label>
        ))}
        <Button size="small" className="mt-1 w-fit" onClick={() => setIsAdding(true)}>
          Another instance
        </Button>
      </fieldset>
      {chosen && (
        <ProjectForm
          key={chosen.id}
          instance={chosen}
          draft={draft}
          actions={actions}
          onChosen={onChosen}
        />
      )}
    </div>
  );
}

/** As whom we are signed in, and what is not as it should be. */
function saysWho({ id, state }: Check): boolean {
  return id === "sign_in" || state === "doubtful";
}
