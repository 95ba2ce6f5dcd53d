import { customText } from "@/e2e/simulators/jira-data-center/custom-fields";
import { RESOLUTIONS } from "@/e2e/simulators/jira-data-center/defaults";
import type {
  ChangeItem,
  Issue,
  IssueValues,
  Project,
} from "@/e2e/simulators/jira-data-center/records";
import { type JiraState, userByKey } from "@/e2e/simulators/jira-data-center/state";

/** What the changelog says of an edit: display names, no field ids, labels as whole sets. */
export function changeItems(
  state: JiraState,
  project: Project,
  before: Issue,
  values: Partial<IssueValues>,
): ChangeItem[] {
  const after: Issue = { ...before, ...values };
  const items: ChangeItem[] = [];
  for (const [field, show] of Object.entries(SHOWN)) {
    const [was, is] = [show(before, { state, project }), show(after, { state, project })];
    if (was.id === is.id && was.text === is.text) continue;
    items.push(changeItem(field, was, is));
  }
  for (const field of project.customFields) {
    const [was, is] = [before, after].map(({ custom }) =>
      customText(state, field, custom[field.id]),
    ) as [Shown, Shown];
    if (was.id === is.id && was.text === is.text) continue;
    items.push({ ...changeItem(field.name, was, is), fieldtype: "custom" });
  }
  return [...items, ...listItems(project, before, after)];
}

/** An item for each element that came or went, as Jira writes components and versions. */
function listItems(project: Project, before: Issue, after: Issue): ChangeItem[] {
  const lists: [string, { id: string; name: string }[], string[], string[]][] = [
    ["Component", project.components, before.componentIds, after.componentIds],
    ["Fix Version", project.versions, before.fixVersionIds, after.fixVersionIds],
    ["Version", project.versions, before.versionIds, after.versionIds],
  ];
  const nothing = { id: null, text: null };
  return lists.flatMap(([field, known, was, is]) => [
    ...was
      .filter((id) => !is.includes(id))
      .map((id) => changeItem(field, named(id, known), nothing)),
    ...is
      .filter((id) => !was.includes(id))
      .map((id) => changeItem(field, nothing, named(id, known))),
  ]);
}

type Shown = { id: string | null; text: string | null };

export function changeItem(field: string, was: Shown, is: Shown): ChangeItem {
  return {
    field,
    fieldtype: "jira",
    from: was.id,
    fromString: was.text,
    to: is.id,
    toString: is.text,
  };
}

type Place = { state: JiraState; project: Project };

const SHOWN: Record<string, (issue: Issue, place: Place) => Shown> = {
  summary: ({ summary }) => ({ id: null, text: summary }),
  description: ({ description }) => ({ id: null, text: description }),
  environment: ({ environment }) => ({ id: null, text: environment }),
  duedate: ({ dueDate }) => ({ id: dueDate, text: dueDate && `${dueDate} 00:00:00.0` }),
  labels: ({ labels }) => ({ id: "", text: labels.join(" ") }),
  resolution: ({ resolutionId }) => named(resolutionId ?? "", RESOLUTIONS),
  priority: ({ priorityId }, { project }) => named(priorityId, project.priorities),
  issuetype: ({ issueTypeId }, { project }) => named(issueTypeId, project.issueTypes),
  security: ({ securityId }, { project }) => named(securityId ?? "", project.securityLevels),
  assignee: ({ assigneeKey }, { state }) => person(assigneeKey, state),
  reporter: ({ reporterKey }, { state }) => person(reporterKey, state),
};

function named(id: string, list: { id: string; name: string }[]): Shown {
  return { id: id || null, text: list.find((entry) => entry.id === id)?.name ?? null };
}

function person(key: string | null, state: JiraState): Shown {
  return { id: key, text: key && userByKey(state, key).displayName };
}
