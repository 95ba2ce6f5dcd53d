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
  return items;
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
  assignee: ({ assigneeKey }, { state }) => person(assigneeKey, state),
  reporter: ({ reporterKey }, { state }) => person(reporterKey, state),
};

function named(id: string, list: { id: string; name: string }[]): Shown {
  return { id: id || null, text: list.find((entry) => entry.id === id)?.name ?? null };
}

function person(key: string | null, state: JiraState): Shown {
  return { id: key, text: key && userByKey(state, key).displayName };
}
