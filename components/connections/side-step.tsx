"use client";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Checks } from "@/components/connections/checks";
import type { SideDraft } from "@/components/connections/draft";
import { InstanceForm } from "@/components/connections/instance-form";
import {
  heard,
  type InstanceKind,
  type SetupActions,
} from "@/components/connections/setup-actions";
import { Refusal } from "@/components/connections/step";
import { Button } from "@/components/ui/button";
import { Form } from "@/components/ui/form";
import { fieldClass } from "@/components/ui/reason-field";
import type { Check, KnownInstance } from "@/lib/connections/setup";

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

function ProjectForm({
  instance,
  draft,
  actions,
  onChosen,
}: {
  instance: KnownInstance;
  draft: SideDraft;
  actions: SetupActions;
  onChosen: (place: { project: string; issueType: string }) => void;
}) {
  const [project, setProject] = useState(draft.project);
  const projects = useQuery({
    queryKey: ["projects", instance.id],
    queryFn: () => heard(actions.readProjects({ instance: instance.id })),
  });
  const known = projects.data?.ok ? projects.data.value : [];
  const only = known.length === 1 ? (known[0]?.key ?? "") : "";
  const key = known.some((each) => each.key === project) ? project : only;
  const types = useQuery({
    queryKey: ["types", instance.id, key],
    queryFn: () => heard(actions.readTypes({ instance: instance.id, project: key })),
    enabled: key !== "",
  });
  const offered = types.data?.ok ? types.data.value : [];
  const usual = ["Task", "Story", "Bug"].find((type) => offered.includes(type)) ?? offered[0] ?? "";
  const failure = [projects.data, types.data].find((answer) => answer?.ok === false);

  return (
    <Form
      onSend={(form) =>
        onChosen({ project: String(form.get("project")), issueType: String(form.get("issueType")) })
      }
      className="flex flex-col gap-4"
    >
      <div className="grid gap-4 sm:grid-cols-2">
        <label className="flex flex-col gap-1">
          <span className="font-medium">Project</span>
          <select
            name="project"
            required
            value={key}
            disabled={projects.isPending}
            onChange={(event) => setProject(event.target.value)}
            className={fieldClass}
          >
            <option value="">{projects.isPending ? "Reading…" : "Choose a project"}</option>
            {known.map((each) => (
              <option key={each.key} value={each.key}>
                {each.name} ({each.key})
              </option>
            ))}
          </select>
        </label>
        <label className="flex flex-col gap-1">
          <span className="font-medium">Type of issues that arrive here</span>
          <select
            key={`${key} ${offered.join()}`}
            name="issueType"
            required
            defaultValue={offered.includes(draft.issueType) ? draft.issueType : usual}
            disabled={offered.length === 0}
            className={fieldClass}
          >
            {offered.length === 0 && <option value="">{types.isFetching ? "Reading…" : ""}</option>}
            {offered.map((type) => (
              <option key={type}>{type}</option>
            ))}
          </select>
        </label>
      </div>
      {projects.data?.ok && known.length === 0 && (
        <Refusal message="The account sees no project there. Give it the right to browse the one that is meant." />
      )}
      <Refusal message={failure?.ok === false ? failure.message : null} />
      <Button
        type="submit"
        look="primary"
        disabled={key === "" || offered.length === 0}
        className="w-fit"
      >
        Use this project
      </Button>
    </Form>
  );
}

/** As whom we are signed in, and what is not as it should be. */
function saysWho({ id, state }: Check): boolean {
  return id === "sign_in" || state === "doubtful";
}
