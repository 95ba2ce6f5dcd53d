"use client";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { SideDraft } from "@/components/connections/draft";
import { heard, type SetupActions } from "@/components/connections/setup-actions";
import { Refusal } from "@/components/connections/step";
import { Button } from "@/components/ui/button";
import { Form } from "@/components/ui/form";
import { fieldClass } from "@/components/ui/reason-field";
import type { KnownInstance } from "@/lib/connections/setup";

/** Which project of a chosen instance, and which type new issues get there. */
export function ProjectForm({
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
