import {
  attachmentBean,
  authorBean,
  commentBean,
  componentBean,
  issueTypeBean,
  linkedIssueBean,
  linkTypeBean,
  priorityBean,
  projectBean,
  renderedText,
  resolutionBean,
  restUrl,
  securityBean,
  statusBean,
  versionBean,
  worklogBean,
} from "@/e2e/simulators/jira-data-center/beans";
import { RESOLUTIONS } from "@/e2e/simulators/jira-data-center/defaults";
import { shownDuration, timeSpent } from "@/e2e/simulators/jira-data-center/durations";
import {
  customBean,
  fieldMeta,
  screenOf,
  transitionBean,
} from "@/e2e/simulators/jira-data-center/field-beans";
import { FIELD_NAMES } from "@/e2e/simulators/jira-data-center/field-names";
import { statusOf, transitionsOf } from "@/e2e/simulators/jira-data-center/issues";
import { linkTypeOf } from "@/e2e/simulators/jira-data-center/links";
import type {
  ChangeGroup,
  Issue,
  IssueLink,
  User,
} from "@/e2e/simulators/jira-data-center/records";
import {
  canRead,
  canSeeIssue,
  type JiraState,
  linksOf,
  projectOf,
  subtasksOf,
} from "@/e2e/simulators/jira-data-center/state";
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
    ...(expand.has("names") ? { names: namesOf(state, issue) } : {}),
    ...(expand.has("editmeta") ? { editmeta: editMeta(state, issue) } : {}),
    ...(expand.has("renderedFields") ? { renderedFields: renderedFields(issue) } : {}),
    ...(expand.has("transitions") || expand.has("transitions.fields")
      ? { transitions: transitionBeans(state, issue, expand.has("transitions.fields")) }
      : {}),
  };
}

function namesOf(state: JiraState, issue: Issue): Record<string, string> {
  const { customFields } = projectOf(state, issue);
  return { ...FIELD_NAMES, ...Object.fromEntries(customFields.map(({ id, name }) => [id, name])) };
}

/** What may be edited, and with which values. */
export function editMeta(state: JiraState, issue: Issue) {
  const project = projectOf(state, issue);
  const type = project.issueTypes.find(({ id }) => id === issue.issueTypeId);
  const fields = screenOf(project, type).filter((id) => id !== "project" && id !== "parent");
  return { fields: Object.fromEntries(fields.map((id) => [id, fieldMeta(state, project, id)])) };
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
  const readable = <T extends Parameters<typeof canRead>[1]>(list: T[]) =>
    reader ? list.filter((entry) => canRead(reader, entry)) : list;
  const comments = readable(issue.comments);
  const worklogs = readable(issue.worklogs);
  const seconds = timeSpent(issue);
  const level = find(project.securityLevels, issue.securityId ?? "");
  const parent = state.issues.get(issue.parentId ?? "");
  const versions = (ids: string[]) =>
    project.versions
      .filter(({ id }) => ids.includes(id))
      .map((version) => versionBean(state, version));
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
    resolutiondate: resolution ? time(resolvedAt(issue)) : null,
    components: project.components
      .filter(({ id }) => issue.componentIds.includes(id))
      .map((component) => componentBean(state, component)),
    fixVersions: versions(issue.fixVersionIds),
    versions: versions(issue.versionIds),
    security: level ? securityBean(state, level) : null,
    ...(parent ? { parent: linkedIssueBean(state, parent) } : {}),
    subtasks: subtasksOf(state, issue).map((subtask) => linkedIssueBean(state, subtask)),
    issuelinks: linksOf(state, issue).flatMap((link) => issueLinkBean(state, issue, link, reader)),
    attachment: issue.attachments.map((attachment) => attachmentBean(state, attachment)),
    ...Object.fromEntries(
      project.customFields.map((field) => [
        field.id,
        customBean(state, field, issue.custom[field.id]),
      ]),
    ),
    watches: {
      self: restUrl(state, `/issue/${issue.key}/watchers`),
      watchCount: issue.watcherKeys.length,
      isWatching: reader !== null && issue.watcherKeys.includes(reader.key),
    },
    votes: { self: restUrl(state, `/issue/${issue.key}/votes`), votes: 0, hasVoted: false },
    timespent: seconds || null,
    timetracking: seconds ? { timeSpent: shownDuration(seconds), timeSpentSeconds: seconds } : {},
    worklog: {
      startAt: 0,
      maxResults: EMBEDDED_WORKLOGS,
      total: worklogs.length,
      worklogs: worklogs
        .slice(0, EMBEDDED_WORKLOGS)
        .map((worklog) => worklogBean(state, issue, worklog)),
    },
    comment: {
      comments: comments.map((comment) => commentBean(state, issue, comment)),
      maxResults: comments.length,
      total: comments.length,
      startAt: 0,
    },
  };
}

/** An issue shows no more; the endpoint has them all. */
const EMBEDDED_WORKLOGS = 20;

function resolvedAt({ changes, updatedAt }: Issue): number {
  const resolving = changes.findLast(({ items }) =>
    items.some((each) => each.field === "resolution"),
  );
  return resolving?.createdAt ?? updatedAt;
}

/** The other end only, on the side where it stands; nothing when the reader may not see it. */
function issueLinkBean(state: JiraState, issue: Issue, link: IssueLink, reader: User | null) {
  const isSource = link.sourceId === issue.id;
  const other = state.issues.get(isSource ? link.destinationId : link.sourceId);
  if (!other || (reader && !canSeeIssue(state, reader, other))) return [];
  const side = isSource ? "outwardIssue" : "inwardIssue";
  return [
    {
      id: link.id,
      self: restUrl(state, `/issueLink/${link.id}`),
      type: linkTypeBean(state, linkTypeOf(state, link)),
      [side]: linkedIssueBean(state, other),
    },
  ];
}

/** `*navigable` is what a list shows: all but comments and attachments. A leading minus takes a field away. */
function chosen(all: Record<string, unknown>, wanted: string[]): Record<string, unknown> {
  const named = new Set(wanted);
  const onlyWithout = wanted.length > 0 && wanted.every((field) => field.startsWith("-"));
  const result: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(all)) {
    const isNavigable = field !== "comment" && field !== "attachment" && field !== "worklog";
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
