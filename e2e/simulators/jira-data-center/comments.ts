import { isTooLong, TEXT_TOO_LONG } from "@/e2e/simulators/jira-data-center/issue-fields";
import type { Circumstances } from "@/e2e/simulators/jira-data-center/issues";
import { invalidFields, refusal } from "@/e2e/simulators/jira-data-center/jira-error";
import type {
  Comment,
  Issue,
  Properties,
  User,
  Visibility,
} from "@/e2e/simulators/jira-data-center/records";
import { canRead, type JiraState, nextId, putIssue } from "@/e2e/simulators/jira-data-center/state";

export type CommentValues = {
  body: string;
  visibility?: Visibility | null;
  properties?: Properties;
};

/** Bumps the issue's `updated`, writes nothing into its changelog. */
export function addComment(
  state: JiraState,
  by: User,
  issue: Issue,
  { body, visibility = null, properties = {} }: CommentValues,
  { at = state.now(), quietly = false }: Circumstances = {},
): Comment {
  const comment: Comment = {
    id: nextId(state, "comment"),
    authorKey: by.key,
    updateAuthorKey: by.key,
    body: checked(body),
    createdAt: at,
    updatedAt: at,
    visibility,
    properties,
  };
  state.issueIdByComment.set(comment.id, issue.id);
  const commented = putIssue(state, {
    ...issue,
    updatedAt: Math.max(at, issue.updatedAt),
    comments: [...issue.comments, comment],
  });
  if (!quietly) state.happened({ event: "comment_created", issue: commented, by, at, comment });
  return comment;
}

/** Changes the text in place: the old one is kept nowhere. */
export function editComment(
  state: JiraState,
  by: User,
  issue: Issue,
  comment: Comment,
  values: Partial<CommentValues>,
): Comment {
  const at = state.now();
  const edited: Comment = {
    ...comment,
    body: values.body === undefined ? comment.body : checked(values.body),
    visibility: values.visibility === undefined ? comment.visibility : values.visibility,
    properties: { ...comment.properties, ...values.properties },
    updateAuthorKey: by.key,
    updatedAt: at,
  };
  const changed = putIssue(state, { ...withComment(issue, edited), updatedAt: at });
  state.happened({ event: "comment_updated", issue: changed, by, at, comment: edited });
  return edited;
}

export function deleteComment(state: JiraState, by: User, issue: Issue, comment: Comment): void {
  const at = state.now();
  state.issueIdByComment.delete(comment.id);
  const comments = issue.comments.filter(({ id }) => id !== comment.id);
  const changed = putIssue(state, { ...issue, comments, updatedAt: at });
  state.happened({ event: "comment_deleted", issue: changed, by, at, comment });
}

export function setCommentProperties(
  state: JiraState,
  issue: Issue,
  comment: Comment,
  properties: Properties,
): void {
  putIssue(state, withComment(issue, { ...comment, properties }));
}

/** One that the user may read; any other is a 404. */
export function findComment(user: User, issue: Issue, id: string): Comment {
  const comment = issue.comments.find((candidate) => candidate.id === id);
  if (comment && canRead(user, comment)) return comment;
  throw refusal(404, `Can not find a comment for the id: ${id}.`);
}

function withComment(issue: Issue, comment: Comment): Issue {
  const comments = issue.comments.map((old) => (old.id === comment.id ? comment : old));
  return { ...issue, comments };
}

function checked(body: unknown): string {
  if (typeof body !== "string" || body.trim() === "") {
    throw invalidFields({ comment: "Comment body can not be empty!" });
  }
  if (isTooLong(body)) throw invalidFields({ comment: TEXT_TOO_LONG });
  return body;
}
