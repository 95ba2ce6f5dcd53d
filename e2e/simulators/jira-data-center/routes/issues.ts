import { restUrl } from "@/e2e/simulators/jira-data-center/beans";
import {
  type Call,
  created,
  expandOf,
  issueOf,
  noContent,
  objectBody,
  ok,
  queryList,
  type Route,
  route,
  signedIn,
  visibleProject,
} from "@/e2e/simulators/jira-data-center/call";
import { addComment } from "@/e2e/simulators/jira-data-center/comments";
import { editMeta, issueBean, transitionBeans } from "@/e2e/simulators/jira-data-center/issue-bean";
import {
  type FieldsBody,
  missingFields,
  readFields,
  reference,
  type UpdateBody,
} from "@/e2e/simulators/jira-data-center/issue-fields";
import {
  createIssue,
  deleteIssue,
  editIssue,
  setProperties,
  transitionIssue,
  transitionsOf,
} from "@/e2e/simulators/jira-data-center/issues";
import { invalidFields, JiraError, refusal } from "@/e2e/simulators/jira-data-center/jira-error";
import type {
  Issue,
  IssueValues,
  Project,
  Properties,
  ScreenField,
  User,
} from "@/e2e/simulators/jira-data-center/records";
import { checkedProperty } from "@/e2e/simulators/jira-data-center/routes/properties";
import {
  findIssue,
  isNamedAdministrator,
  type JiraState,
  projectOf,
  subtasksOf,
} from "@/e2e/simulators/jira-data-center/state";

export const issueRoutes: Route[] = [
  route("POST", "/issue", (call) => created(create(call, objectBody(call)))),
  route("POST", "/issue/bulk", createMany),
  route("GET", "/issue/:issue", read),
  route("PUT", "/issue/:issue", edit),
  route("DELETE", "/issue/:issue", remove),
  route("GET", "/issue/:issue/editmeta", (call) => ok(editMeta(call.jira.state, issueOf(call)))),
  route("GET", "/issue/:issue/transitions", (call) => {
    const issue = issueOf(call);
    const withFields = expandOf(call).has("transitions.fields");
    const transitions = transitionBeans(call.jira.state, issue, withFields);
    const wanted = call.query.get("transitionId");
    return ok({
      expand: "transitions",
      transitions: transitions.filter(({ id }) => !wanted || id === wanted),
    });
  }),
  route("POST", "/issue/:issue/transitions", transition),
];

/** Those that are wrong do not keep the others from being made. */
function createMany(call: Call) {
  signedIn(call);
  const { issueUpdates } = objectBody(call);
  if (!Array.isArray(issueUpdates)) throw refusal(400, "issueUpdates must be a list.");
  const issues: unknown[] = [];
  const errors: unknown[] = [];
  for (const [failedElementNumber, body] of issueUpdates.entries()) {
    try {
      issues.push(create(call, body as Record<string, unknown>));
    } catch (error) {
      if (!(error instanceof JiraError)) throw error;
      errors.push({ status: error.status, elementErrors: error.body, failedElementNumber });
    }
  }
  return { status: issues.length > 0 ? 201 : 400, json: { issues, errors } };
}

function create(call: Call, body: Record<string, unknown>) {
  const { state } = call.jira;
  const by = signedIn(call);
  const { project: projectField, parent: parentField, ...fields } = objectIn(body, "fields");
  const { id, key } = reference(projectField);
  const project = visibleProject(call, id ?? key ?? "");
  if (!project) {
    throw invalidFields({
      project: id || key ? "valid project is required" : "project is required",
    });
  }
  if (!fields.issuetype) throw invalidFields({ issuetype: "issue type is required" });

  const update = objectIn(body, "update") as UpdateBody;
  const withSummary =
    "summary" in fields || "summary" in update ? fields : { ...fields, summary: null };
  const { summary = "", ...values } = readFields({ state, project }, withSummary, update, {
    labels: [],
  });
  const properties = inlineProperties(body.properties);
  const missing = missingFields(project, values);
  const parent = parentOf(call, project, values, parentField);
  if (parent === "refused")
    missing.parent = "Issue type is a sub-task but parent issue key or id not specified.";
  if (parent === "refused" || Object.keys(missing).length > 0) throw invalidFields(missing);
  const parentId = parent?.id ?? null;
  const issue = createIssue(state, by, project, { summary, ...values, properties, parentId });
  return { id: issue.id, key: issue.key, self: restUrl(state, `/issue/${issue.id}`) };
}

/** A sub-task has a parent in the same project, and nothing else has one. */
function parentOf(
  call: Call,
  project: Project,
  { issueTypeId }: Partial<IssueValues>,
  field: unknown,
): Issue | null | "refused" {
  const { id, key } = reference(field);
  const type = project.issueTypes.find((each) => each.id === issueTypeId);
  if (!type?.subtask) return null;
  const parent = findIssue(call.jira.state, key ?? id ?? "");
  return parent?.projectId === project.id ? parent : "refused";
}

function read(call: Call) {
  const issue = issueOf(call);
  const fields = queryList(call, "fields");
  const view = {
    fields: fields.length > 0 ? fields : ["*all"],
    expand: expandOf(call),
    properties: queryList(call, "properties"),
  };
  return ok(issueBean(call.jira.state, issue, view, call.user));
}

function edit(call: Call) {
  const { state } = call.jira;
  const by = signedIn(call);
  const issue = issueOf(call);
  const isSilent = call.query.get("notifyUsers") === "false";
  if (isSilent && !isNamedAdministrator(by, projectOf(state, issue))) {
    throw refusal(
      403,
      "To discard the user notification either admin or project admin permissions are required.",
    );
  }
  const body = objectBody(call);
  if (!body.fields && !body.update && !body.properties && !body.historyMetadata) {
    throw refusal(400, "one of 'fields' or 'update' required");
  }
  const { values, comments } = readEdit(call, issue, body);
  const properties = inlineProperties(body.properties);
  let edited = issue;
  if (body.fields || body.update) {
    edited = editIssue(state, by, issue, values, { historyMetadata: body.historyMetadata });
  }
  edited = addProperties(state, edited, properties);
  for (const comment of comments) edited = commentOn(call, by, edited, comment);
  return noContent();
}

function transition(call: Call) {
  const { state } = call.jira;
  const by = signedIn(call);
  const issue = issueOf(call);
  const body = objectBody(call);
  const { id } = reference(body.transition);
  if (id === undefined) throw refusal(400, "Missing 'transition' identifier");
  const screen = transitionsOf(state, issue).find((each) => each.id === id)?.screen ?? [];
  const { values, comments } = readEdit(call, issue, body, screen);
  const properties = inlineProperties(body.properties);
  const { historyMetadata } = body;
  let moved = transitionIssue(state, by, issue, id, values, { historyMetadata });
  moved = addProperties(state, moved, properties);
  for (const comment of comments) moved = commentOn(call, by, moved, comment);
  return noContent();
}

function remove(call: Call) {
  const { state } = call.jira;
  const by = signedIn(call);
  const issue = issueOf(call);
  const subtasks = subtasksOf(state, issue);
  if (subtasks.length > 0 && call.query.get("deleteSubtasks") !== "true") {
    throw refusal(
      400,
      `The issue '${issue.key}' has subtasks. You must specify the 'deleteSubtasks' parameter to delete this issue and all its subtasks.`,
    );
  }
  for (const subtask of subtasks) deleteIssue(state, by, subtask);
  deleteIssue(state, by, issue);
  return noContent();
}

/** The comments of an edit are written after its fields. */
function readEdit(
  call: Call,
  issue: Issue,
  body: Record<string, unknown>,
  screen: ScreenField[] = [],
) {
  const { state } = call.jira;
  const { comment: commentUpdates = [], ...update } = objectIn(body, "update") as UpdateBody;
  const place = { state, project: projectOf(state, issue) };
  const values = readFields(place, objectIn(body, "fields"), update, issue, screen);
  const comments = commentUpdates.map(({ add }) => (add as { body?: unknown } | undefined)?.body);
  return { values, comments };
}

function commentOn(call: Call, by: User, issue: Issue, body: unknown): Issue {
  const { state } = call.jira;
  addComment(state, by, issue, { body: body as string });
  return state.issues.get(issue.id) ?? issue;
}

function objectIn(body: Record<string, unknown>, member: string): FieldsBody {
  const value = body[member] ?? {};
  if (typeof value === "object" && !Array.isArray(value)) return value as FieldsBody;
  throw refusal(400, `Can not deserialize instance of java.util.LinkedHashMap for '${member}'`);
}

function addProperties(state: JiraState, issue: Issue, properties: Properties): Issue {
  if (Object.keys(properties).length === 0) return issue;
  return setProperties(state, issue, { ...issue.properties, ...properties });
}

/** `[{key, value}]`, as create, edit, transitions and comments take them. */
export function inlineProperties(list: unknown): Properties {
  if (list === undefined || list === null) return {};
  if (!Array.isArray(list))
    throw new JiraError(400, { errorMessages: ["properties must be a list"], errors: {} });
  const properties: Properties = {};
  for (const { key, value } of list as { key?: unknown; value?: unknown }[]) {
    properties[String(key)] = checkedProperty(String(key ?? ""), value);
  }
  return properties;
}
