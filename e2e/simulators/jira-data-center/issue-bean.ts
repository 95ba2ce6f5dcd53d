import {
  authorBean,
  commentBean,
  issueTypeBean,
  priorityBean,
  projectBean,
  renderedText,
  resolutionBean,
  restUrl,
  statusBean,
  transitionBean,
} from "@/e2e/simulators/jira-data-center/beans";
import { RESOLUTIONS } from "@/e2e/simulators/jira-data-center/defaults";
import { FIELD_NAMES } from "@/e2e/simulators/jira-data-center/field-names";
import { statusOf, transitionsOf } from "@/e2e/simulators/jira-data-center/issues";
import type { ChangeGroup, Issue, User } from "@/e2e/simulators/jira-data-center/records";
import { canRead, type JiraState, projectOf } from "@/e2e/simulators/jira-data-center/state";
import { jiraTimestamp } from "@/e2e/simulators/jira-data-center/zones";

/** What a caller wants to see of an issue. `properties` are names, or `*all`. */
export type IssueView = { fields: string[]; expand: Set<string>; properties: string[] };

export const WHOLE_ISSUE: IssueView = { fields: ["*all"], expand: new Set(), properties: [] };

/** The issue as `reader` may see it; with no reader, as a webhook tells of it. */
export function issueBean(state: JiraState, issue: Issue, view: IssueView, reader: User | null) {
  const { expand, properties } = view;
  return {
    expand: "renderedFields,names,schema,operations,editmeta,changelog,versionedRepresentations",
    id: issue.id,
    self: restUrl(state, `/issue/${issue.id}`),
    key: issue.key,
    fields: chosen(allFields(state, issue, reader), view.fields),
    ...(properties.length > 0 ? { properties: chosenProperties(issue, properties) } : {}),
    ...(expand.has("changelog") ? { changelog: changelogBean(state, issue) } : {}),
    ...(expand.has("names") ? { names: FIELD_NAMES } : {}),
    ...(expand.has("renderedFields") ? { renderedFields: renderedFields(issue) } : {}),
    ...(expand.has("transitions") || expand.has("transitions.fields")
      ? { transitions: transitionBeans(state, issue, expand.has("transitions.fields")) }
      : {}),
  };
}

export function transitionBeans(state: JiraState, issue: Issue, withFields = false) {
  const project = projectOf(state, issue);
  return transitionsOf(state, issue).map((transition) =>
    transitionBean(state, project, transition, withFields),
  );
}

function changeGroupBean(state: JiraState, group: ChangeGroup) {
  return {
    id: group.id,
    author: authorBean(state, group.authorKey),
    created: jiraTimestamp(group.createdAt, state.serverTimeZone),
    items: group.items,
    ...(group.historyMetadata ? { historyMetadata: group.historyMetadata } : {}),
  };
}

function changelogBean(state: JiraState, { changes }: Issue) {
  return {
    startAt: 0,
    maxResults: changes.length,
    total: changes.length,
    histories: changes.map((group) => changeGroupBean(state, group)),
  };
}

function allFields(state: JiraState, issue: Issue, reader: User | null): Record<string, unknown> {
  const project = projectOf(state, issue);
  const time = (at: number) => jiraTimestamp(at, state.serverTimeZone);
  const find = <T extends { id: string }>(list: T[], id: string) =>
    list.find((entry) => entry.id === id);
  const priority = find(project.priorities, issue.priorityId);
  const resolution = find(RESOLUTIONS, issue.resolutionId ?? "");
  const type = find(project.issueTypes, issue.issueTypeId);
  const comments = issue.comments.filter((comment) => (reader ? canRead(reader, comment) : true));
  return {
    issuetype: type ? issueTypeBean(state, type) : null,
    project: projectBean(state, project),
    priority: priority ? priorityBean(state, priority) : null,
    status: statusBean(state, statusOf(project, issue.statusId)),
    summary: issue.summary,
    description: issue.description,
    environment: issue.environment,
    labels: issue.labels,
    duedate: issue.dueDate,
    resolution: resolution ? resolutionBean(state, resolution) : null,
    created: time(issue.createdAt),
    updated: time(issue.updatedAt),
    creator: authorBean(state, issue.creatorKey),
    reporter: authorBean(state, issue.reporterKey),
    assignee: issue.assigneeKey ? authorBean(state, issue.assigneeKey) : null,
    components: [],
    fixVersions: [],
    subtasks: [],
    issuelinks: [],
    attachment: [],
    comment: {
      comments: comments.map((comment) => commentBean(state, issue, comment)),
      maxResults: comments.length,
      total: comments.length,
      startAt: 0,
    },
  };
}

/** `*navigable` is what a list shows: all but comments and attachments. A leading minus takes a field away. */
function chosen(all: Record<string, unknown>, wanted: string[]): Record<string, unknown> {
  const named = new Set(wanted);
  const onlyWithout = wanted.length > 0 && wanted.every((field) => field.startsWith("-"));
  const result: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(all)) {
    const isNavigable = field !== "comment" && field !== "attachment";
    const inGroup = named.has("*all") || onlyWithout || (named.has("*navigable") && isNavigable);
    if (!named.has(`-${field}`) && (inGroup || named.has(field))) result[field] = value;
  }
  return result;
}

function chosenProperties({ properties }: Issue, wanted: string[]) {
  if (wanted.includes("*all")) return properties;
  return Object.fromEntries(Object.entries(properties).filter(([key]) => wanted.includes(key)));
}

function renderedFields(issue: Issue) {
  return {
    description: renderedText(issue.description),
    environment: renderedText(issue.environment),
  };
}
