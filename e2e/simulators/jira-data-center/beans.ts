import { shownDuration } from "@/e2e/simulators/jira-data-center/durations";
import { statusOf } from "@/e2e/simulators/jira-data-center/issues";
import type {
  Attachment,
  Comment,
  Component,
  Issue,
  IssueType,
  LinkType,
  Priority,
  Project,
  Properties,
  Resolution,
  SecurityLevel,
  Status,
  User,
  Version,
  Worklog,
} from "@/e2e/simulators/jira-data-center/records";
import { type JiraState, projectOf, userByKey } from "@/e2e/simulators/jira-data-center/state";
import { jiraTimestamp } from "@/e2e/simulators/jira-data-center/zones";

/** The JSON of small things, as Jira Data Center 10.3 writes it. Times are in the server's zone. */

export function restUrl(state: JiraState, path: string): string {
  return `${state.baseUrl}/rest/api/2${path}`;
}

export function userBean(state: JiraState, user: User) {
  return {
    self: restUrl(state, `/user?username=${encodeURIComponent(user.name)}`),
    name: user.name,
    key: user.key,
    emailAddress: user.emailAddress,
    avatarUrls: avatarUrls(state, "useravatar?avatarId=10122"),
    displayName: user.displayName,
    active: user.active,
    timeZone: user.timeZone,
  };
}

export function authorBean(state: JiraState, key: string) {
  return userBean(state, userByKey(state, key));
}

export function statusBean(state: JiraState, status: Status) {
  return {
    self: restUrl(state, `/status/${status.id}`),
    description: "",
    iconUrl: `${state.baseUrl}/images/icons/statuses/generic.png`,
    name: status.name,
    id: status.id,
    statusCategory: {
      self: restUrl(state, `/statuscategory/${CATEGORIES[status.category].id}`),
      key: status.category,
      ...CATEGORIES[status.category],
    },
  };
}

const CATEGORIES = {
  new: { id: 2, name: "To Do", colorName: "default" },
  indeterminate: { id: 4, name: "In Progress", colorName: "inprogress" },
  done: { id: 3, name: "Done", colorName: "success" },
};

export function priorityBean(state: JiraState, { id, name }: Priority) {
  return {
    self: restUrl(state, `/priority/${id}`),
    iconUrl: `${state.baseUrl}/images/icons/priorities/${name.toLowerCase()}.svg`,
    name,
    id,
  };
}

export function issueTypeBean(state: JiraState, { id, name, subtask }: IssueType) {
  return {
    self: restUrl(state, `/issuetype/${id}`),
    id,
    description: "",
    iconUrl: `${state.baseUrl}/secure/viewavatar?size=xsmall&avatarId=10318&avatarType=issuetype`,
    name,
    subtask,
    avatarId: 10318,
  };
}

export function projectBean(state: JiraState, { id, key, name }: Project) {
  return {
    self: restUrl(state, `/project/${id}`),
    id,
    key,
    name,
    avatarUrls: avatarUrls(state, `projectavatar?pid=${id}&avatarId=10324`),
    projectTypeKey: "software",
  };
}

export function componentBean(state: JiraState, { id, name }: Component) {
  return { self: restUrl(state, `/component/${id}`), id, name };
}

export function versionBean(state: JiraState, { id, name, released, releaseDate }: Version) {
  return {
    self: restUrl(state, `/version/${id}`),
    id,
    name,
    archived: false,
    released,
    ...(releaseDate ? { releaseDate } : {}),
  };
}

export function securityBean(state: JiraState, { id, name }: SecurityLevel) {
  return { self: restUrl(state, `/securitylevel/${id}`), id, name, description: "" };
}

export function worklogBean(state: JiraState, issue: Issue, worklog: Worklog) {
  const time = (at: number) => jiraTimestamp(at, state.serverTimeZone);
  return {
    self: restUrl(state, `/issue/${issue.id}/worklog/${worklog.id}`),
    id: worklog.id,
    issueId: issue.id,
    author: authorBean(state, worklog.authorKey),
    updateAuthor: authorBean(state, worklog.updateAuthorKey),
    comment: worklog.comment,
    created: time(worklog.createdAt),
    updated: time(worklog.updatedAt),
    started: time(worklog.startedAt),
    timeSpent: shownDuration(worklog.seconds),
    timeSpentSeconds: worklog.seconds,
    ...(worklog.visibility ? { visibility: worklog.visibility } : {}),
  };
}

export function attachmentBean(state: JiraState, attachment: Attachment) {
  const { id, filename, authorKey, createdAt, size, mimeType } = attachment;
  return {
    self: restUrl(state, `/attachment/${id}`),
    id,
    filename,
    author: authorBean(state, authorKey),
    created: jiraTimestamp(createdAt, state.serverTimeZone),
    size,
    mimeType,
    content: `${state.baseUrl}/secure/attachment/${id}/${encodeURIComponent(filename)}`,
  };
}

export function linkTypeBean(state: JiraState, { id, name, inward, outward }: LinkType) {
  return { id, name, inward, outward, self: restUrl(state, `/issueLinkType/${id}`) };
}

/** What another issue shows of one that it is linked to, or that is its parent or sub-task. */
export function linkedIssueBean(state: JiraState, issue: Issue) {
  const project = projectOf(state, issue);
  const priority = project.priorities.find(({ id }) => id === issue.priorityId);
  const type = project.issueTypes.find(({ id }) => id === issue.issueTypeId);
  return {
    id: issue.id,
    key: issue.key,
    self: restUrl(state, `/issue/${issue.id}`),
    fields: {
      summary: issue.summary,
      status: statusBean(state, statusOf(project, issue.statusId)),
      ...(priority ? { priority: priorityBean(state, priority) } : {}),
      ...(type ? { issuetype: issueTypeBean(state, type) } : {}),
    },
  };
}

export function resolutionBean(state: JiraState, { id, name }: Resolution) {
  return { self: restUrl(state, `/resolution/${id}`), id, name, description: "" };
}

/** Properties and the rendered text come only when they are asked for. */
export function commentBean(
  state: JiraState,
  issue: Issue,
  comment: Comment,
  expand: Set<string> = new Set(),
) {
  return {
    self: restUrl(state, `/issue/${issue.id}/comment/${comment.id}`),
    id: comment.id,
    author: authorBean(state, comment.authorKey),
    body: comment.body,
    updateAuthor: authorBean(state, comment.updateAuthorKey),
    created: jiraTimestamp(comment.createdAt, state.serverTimeZone),
    updated: jiraTimestamp(comment.updatedAt, state.serverTimeZone),
    ...(comment.visibility ? { visibility: comment.visibility } : {}),
    ...(expand.has("properties") ? { properties: propertyBeans(comment.properties) } : {}),
    ...(expand.has("renderedBody") ? { renderedBody: renderedText(comment.body) } : {}),
  };
}

function propertyBeans(properties: Properties) {
  return Object.entries(properties).map(([key, value]) => ({ key, value }));
}

/** Paragraphs and line breaks; the simulator does not know wiki markup. */
export function renderedText(text: string | null): string {
  if (!text) return "";
  return text
    .split(/(?:\r?\n){2,}/)
    .map((paragraph) => `<p>${escapeHtml(paragraph).replaceAll(/\r?\n/g, "<br/>\n")}</p>`)
    .join("\n");
}

export function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

function avatarUrls(state: JiraState, path: string) {
  const url = (size: string) => `${state.baseUrl}/secure/${path}&size=${size}`;
  return {
    "48x48": url("large"),
    "24x24": url("small"),
    "16x16": url("xsmall"),
    "32x32": url("medium"),
  };
}
