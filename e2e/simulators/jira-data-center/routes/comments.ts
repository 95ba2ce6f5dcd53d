import { commentBean } from "@/e2e/simulators/jira-data-center/beans";
import {
  type Call,
  created,
  expandOf,
  issueOf,
  noContent,
  objectBody,
  ok,
  pageOf,
  param,
  type Route,
  route,
  signedIn,
  slice,
} from "@/e2e/simulators/jira-data-center/call";
import {
  addComment,
  type CommentValues,
  deleteComment,
  editComment,
  findComment,
} from "@/e2e/simulators/jira-data-center/comments";
import { refusal } from "@/e2e/simulators/jira-data-center/jira-error";
import type { Issue, User, Visibility } from "@/e2e/simulators/jira-data-center/records";
import { inlineProperties } from "@/e2e/simulators/jira-data-center/routes/issues";
import { canRead } from "@/e2e/simulators/jira-data-center/state";

export const commentRoutes: Route[] = [
  route("GET", "/issue/:issue/comment", list),
  route("POST", "/issue/:issue/comment", (call) => {
    const { state } = call.jira;
    const by = signedIn(call);
    const issue = issueOf(call);
    const comment = addComment(state, by, issue, readValues(call) as CommentValues);
    return created(commentBean(state, issue, comment, expandOf(call)));
  }),
  route("GET", "/issue/:issue/comment/:comment", (call) => {
    const { issue, comment } = commentOf(call);
    return ok(commentBean(call.jira.state, issue, comment, expandOf(call)));
  }),
  route("PUT", "/issue/:issue/comment/:comment", (call) => {
    const { state } = call.jira;
    const { by, issue, comment } = commentOf(call);
    mayChange(by, comment.authorKey, "edit");
    const edited = editComment(state, by, issue, comment, readValues(call));
    return ok(commentBean(state, issue, edited, expandOf(call)));
  }),
  route("DELETE", "/issue/:issue/comment/:comment", (call) => {
    const { by, issue, comment } = commentOf(call);
    mayChange(by, comment.authorKey, "delete");
    deleteComment(call.jira.state, by, issue, comment);
    return noContent();
  }),
];

function list(call: Call) {
  const { state } = call.jira;
  const issue = issueOf(call);
  const by = signedIn(call);
  const readable = issue.comments.filter((comment) => canRead(by, comment));
  if (/^-created$|created desc/i.test(call.query.get("orderBy") ?? "")) readable.reverse();
  const all = Math.max(readable.length, 1);
  const page = pageOf(call.query.get("startAt"), call.query.get("maxResults"), all, 1_000);
  const expand = expandOf(call);
  return ok({
    ...page,
    total: readable.length,
    comments: slice(readable, page).map((comment) => commentBean(state, issue, comment, expand)),
  });
}

function commentOf(call: Call) {
  const issue: Issue = issueOf(call);
  const by: User = signedIn(call);
  return { by, issue, comment: findComment(by, issue, param(call, "comment")) };
}

function readValues(call: Call): Partial<CommentValues> {
  const body = objectBody(call);
  return {
    body: body.body as string,
    ...("visibility" in body ? { visibility: readVisibility(body.visibility) } : {}),
    ...("properties" in body ? { properties: inlineProperties(body.properties) } : {}),
  };
}

export function readVisibility(value: unknown): Visibility | null {
  if (value === null || value === undefined) return null;
  const { type, value: name } = value as Record<string, unknown>;
  if ((type === "role" || type === "group") && typeof name === "string")
    return { type, value: name };
  throw refusal(400, "The comment's visibility needs a type (role or group) and a value.");
}

/** What others wrote is for administrators to change. Jira answers 400, not 403. */
function mayChange(by: User, authorKey: string, verb: string): void {
  if (by.admin || by.key === authorKey) return;
  throw refusal(400, `You do not have the permission to ${verb} this comment.`);
}
