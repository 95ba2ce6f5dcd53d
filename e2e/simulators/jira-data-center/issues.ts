import { changeItem, changeItems } from "@/e2e/simulators/jira-data-center/changes";
import { EMPTY_PARTS } from "@/e2e/simulators/jira-data-center/defaults";
import { refusal } from "@/e2e/simulators/jira-data-center/jira-error";
import type {
  ChangeGroup,
  ChangeItem,
  Issue,
  IssueValues,
  Project,
  Properties,
  Status,
  Transition,
  User,
} from "@/e2e/simulators/jira-data-center/records";
import {
  type JiraState,
  nextId,
  projectOf,
  putIssue,
  removeIssue,
} from "@/e2e/simulators/jira-data-center/state";

/** `quietly` is for seeding: no webhook tells of it. */
export type Circumstances = { at?: number; quietly?: boolean; historyMetadata?: unknown };

export type NewIssue = Partial<IssueValues> & Pick<IssueValues, "summary">;

export function createIssue(
  state: JiraState,
  by: User,
  project: Project,
  values: NewIssue & { properties?: Properties; statusId?: string },
  { at = state.now(), quietly = false }: Circumstances = {},
): Issue {
  project.lastNumber += 1;
  const issue = putIssue(state, {
    id: nextId(state, "issue"),
    key: `${project.key}-${project.lastNumber}`,
    projectId: project.id,
    creatorKey: by.key,
    createdAt: at,
    updatedAt: at,
    comments: [],
    changes: [],
    description: null,
    environment: null,
    dueDate: null,
    ...EMPTY_PARTS,
    labels: [],
    assigneeKey: null,
    reporterKey: by.key,
    priorityId: middle(project.priorities).id,
    issueTypeId: first(project.issueTypes).id,
    statusId: first(project.statuses).id,
    properties: {},
    ...values,
  });
  if (!quietly) state.happened({ event: "issue_created", issue, by, at });
  return issue;
}

/**
 * Sets values and writes one changelog entry for all of them. An edit that changes nothing leaves no entry
 * and fires nothing, but bumps `updated` all the same: a sync that writes without comparing wakes itself.
 */
export function editIssue(
  state: JiraState,
  by: User,
  issue: Issue,
  values: Partial<IssueValues>,
  circumstances: Circumstances = {},
): Issue {
  const items = changeItems(state, projectOf(state, issue), issue, values);
  const onlyAssignee = items.length === 1 && items[0]?.field === "assignee";
  const type = onlyAssignee ? "issue_assigned" : "issue_updated";
  return changeIssue(state, by, { ...issue, ...values }, items, type, circumstances);
}

/** The arrows that leave the issue's status now. */
export function transitionsOf(state: JiraState, issue: Issue): Transition[] {
  const project = projectOf(state, issue);
  const status = statusOf(project, issue.statusId).name;
  return project.transitions.filter(({ from }) => from.length === 0 || from.includes(status));
}

/** Follows one arrow; one that does not leave the present status is refused with a 400. */
export function transitionIssue(
  state: JiraState,
  by: User,
  issue: Issue,
  transitionId: string,
  values: Partial<IssueValues> = {},
  circumstances: Circumstances = {},
): Issue {
  const project = projectOf(state, issue);
  const transition = transitionsOf(state, issue).find(({ id }) => id === transitionId);
  const to = project.statuses.find(({ name }) => name === transition?.to);
  if (!transition || !to) {
    throw refusal(
      400,
      `It seems that you have tried to perform a workflow operation (${transitionId}) that is not valid for the current state of this issue (${issue.key}). The likely cause is that somebody has changed the issue recently, please look at the issue history for details.`,
    );
  }
  const from = statusOf(project, issue.statusId);
  const set = transition.clearsResolution ? { ...values, resolutionId: null } : values;
  const items = changeItems(state, project, issue, set);
  if (from.id !== to.id) {
    items.push(
      changeItem("status", { id: from.id, text: from.name }, { id: to.id, text: to.name }),
    );
  }
  const moved = { ...issue, ...set, statusId: to.id };
  return changeIssue(state, by, moved, items, "issue_generic", circumstances);
}

/** Gives the issue a key of another project; the old key goes on finding it. */
export function moveIssue(state: JiraState, by: User, issue: Issue, target: Project): Issue {
  const source = projectOf(state, issue);
  target.lastNumber += 1;
  const key = `${target.key}-${target.lastNumber}`;
  const same = <T extends { id: string; name: string }>(list: T[], old: T | undefined) =>
    list.find(({ name }) => name === old?.name) ?? first(list);
  const oldStatus = statusOf(source, issue.statusId);
  const status = same(target.statuses, oldStatus);
  const items = [
    changeItem(
      "project",
      { id: source.id, text: source.name },
      { id: target.id, text: target.name },
    ),
    changeItem("Key", { id: null, text: issue.key }, { id: null, text: key }),
  ];
  if (status.id !== oldStatus.id) {
    items.push(
      changeItem(
        "status",
        { id: oldStatus.id, text: oldStatus.name },
        { id: status.id, text: status.name },
      ),
    );
  }
  const moved: Issue = {
    ...issue,
    // What belongs to the old project stays there.
    componentIds: [],
    fixVersionIds: [],
    versionIds: [],
    securityId: null,
    key,
    projectId: target.id,
    statusId: status.id,
    priorityId: same(
      target.priorities,
      source.priorities.find(({ id }) => id === issue.priorityId),
    ).id,
    issueTypeId: same(
      target.issueTypes,
      source.issueTypes.find(({ id }) => id === issue.issueTypeId),
    ).id,
  };
  return changeIssue(state, by, moved, items, "issue_moved", {});
}

export function deleteIssue(state: JiraState, by: User, issue: Issue): void {
  removeIssue(state, issue);
  state.happened({ event: "issue_deleted", issue, by, at: state.now() });
}

/** Properties are no edit: `updated` stays, the changelog stays, nobody is told. */
export function setProperties(state: JiraState, issue: Issue, properties: Properties): Issue {
  return putIssue(state, { ...issue, properties });
}

export function statusOf(project: Project, statusId: string): Status {
  return project.statuses.find(({ id }) => id === statusId) ?? first(project.statuses);
}

/** Keeps an issue as changed, with one changelog entry and one webhook; without items neither. */
export function changeIssue(
  state: JiraState,
  by: User,
  changed: Issue,
  items: ChangeItem[],
  type: string,
  circumstances: Circumstances = {},
): Issue {
  const { at = state.now(), quietly = false } = circumstances;
  if (items.length === 0) return putIssue(state, { ...changed, updatedAt: at });
  const { issue, change } = recordChange(state, by, changed, items, { ...circumstances, at });
  putIssue(state, issue);
  if (!quietly) state.happened({ event: "issue_updated", issue, by, at, type, change });
  return issue;
}

/** The issue with `updated` bumped and the items in its changelog; nobody is told and nothing is kept yet. */
export function recordChange(
  state: JiraState,
  by: User,
  changed: Issue,
  items: ChangeItem[],
  { at = state.now(), historyMetadata }: Circumstances,
): { issue: Issue; change: ChangeGroup } {
  const change: ChangeGroup = {
    id: nextId(state, "change"),
    authorKey: by.key,
    createdAt: at,
    items,
    ...(historyMetadata ? { historyMetadata } : {}),
  };
  return { issue: { ...changed, updatedAt: at, changes: [...changed.changes, change] }, change };
}

function first<T>(list: T[]): T {
  const [head] = list;
  if (!head) throw new Error("a project without statuses, priorities or issue types");
  return head;
}

/** The default priority: Medium of five. */
function middle<T>(list: T[]): T {
  return list[Math.floor((list.length - 1) / 2)] ?? first(list);
}
