import { RESOLUTIONS } from "@/e2e/simulators/jira-data-center/defaults";
import { FIELD_NAMES, FIELD_SCHEMAS } from "@/e2e/simulators/jira-data-center/field-names";
import { statusOf } from "@/e2e/simulators/jira-data-center/issues";
import type {
  Comment,
  Issue,
  IssueType,
  Priority,
  Project,
  Properties,
  Resolution,
  ScreenField,
  Status,
  Transition,
  User,
} from "@/e2e/simulators/jira-data-center/records";
import { type JiraState, userByKey } from "@/e2e/simulators/jira-data-center/state";
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

export function resolutionBean(state: JiraState, { id, name }: Resolution) {
  return { self: restUrl(state, `/resolution/${id}`), id, name, description: "" };
}

function screenBean(state: JiraState, { field, required }: ScreenField) {
  const values = { resolution: RESOLUTIONS.map((each) => resolutionBean(state, each)) };
  return {
    required,
    schema: FIELD_SCHEMAS[field],
    name: FIELD_NAMES[field] ?? field,
    fieldId: field,
    hasDefaultValue: false,
    operations: ["set"],
    ...(field === "resolution" ? { allowedValues: values.resolution } : {}),
  };
}

export function transitionBean(
  state: JiraState,
  project: Project,
  transition: Transition,
  withFields = false,
) {
  const to = project.statuses.find(({ name }) => name === transition.to);
  return {
    id: transition.id,
    name: transition.name,
    opsbarSequence: Number(transition.id),
    to: statusBean(state, to ?? statusOf(project, "")),
    ...(withFields
      ? {
          fields: Object.fromEntries(
            (transition.screen ?? []).map((each) => [each.field, screenBean(state, each)]),
          ),
        }
      : {}),
  };
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
