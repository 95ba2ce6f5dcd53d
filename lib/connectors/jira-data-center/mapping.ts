import type { WebhookHint } from "@/lib/connectors/connector";
import {
  type IssueWebhook,
  type JiraChangelog,
  type JiraComment,
  type JiraIssue,
  MARKER_PROPERTY,
  TWIN_PROPERTY,
} from "@/lib/connectors/jira-data-center/schema";
import {
  type CommentReading,
  FIELDS,
  type FieldName,
  type Fields,
  type IssueReading,
} from "@/lib/sync/replica";

/** An issue with all of its comments, in the neutral form. */
export function toReading(
  issue: JiraIssue,
  comments: JiraComment[],
  baseUrl: string,
): IssueReading {
  return {
    id: issue.id,
    key: issue.key,
    url: `${baseUrl.replace(/\/+$/, "")}/browse/${issue.key}`,
    updatedAt: issue.fields.updated,
    fields: toFields(issue.fields),
    comments: comments.map(toComment).sort(byAge),
    transitions: issue.transitions.map(({ id, name, to }) => ({ id, name, to: to.name })),
    marker: issue.properties?.[MARKER_PROPERTY]?.marker ?? null,
    stamp: issue.properties?.[TWIN_PROPERTY] ?? null,
  };
}

/** A field that is missing in the answer stays missing: unreadable is not empty. */
function toFields({ summary, description, labels, priority, status }: JiraIssue["fields"]): Fields {
  return {
    ...(summary === undefined ? {} : { summary }),
    ...(description === undefined ? {} : { description }),
    ...(status === undefined ? {} : { status: status?.name ?? null }),
    ...(priority === undefined ? {} : { priority: priority?.name ?? null }),
    ...(labels === undefined ? {} : { labels: labels ?? [] }),
  };
}

function toComment(comment: JiraComment): CommentReading {
  const { author } = comment;
  return {
    id: comment.id,
    authorKey: author?.key ?? null,
    authorName: author?.displayName ?? author?.name ?? "Anonymous",
    body: comment.body ?? "",
    createdAt: comment.created,
    isRestricted: (comment.visibility ?? null) !== null || comment.jsdPublic === false,
  };
}

/** In the order they were written; ids grow, so they order what came in one millisecond. */
function byAge(one: CommentReading, other: CommentReading): number {
  return one.createdAt.localeCompare(other.createdAt) || Number(one.id) - Number(other.id);
}

/** Values as `fields` of an edit takes them. A status is never among them: only a transition sets it. */
export function toJiraFields({ summary, description, labels, priority }: Fields) {
  return {
    ...(summary === undefined ? {} : { summary }),
    ...(description === undefined ? {} : { description }),
    ...(labels === undefined ? {} : { labels: labels ?? [] }),
    ...(priority === undefined ? {} : { priority: priority === null ? null : { name: priority } }),
  };
}

/** `fields` of a create. What is empty is left to Jira's defaults: a priority of null would be refused. */
export function toNewIssue(place: { project: string; issueType: string }, values: Fields) {
  const given = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
  return {
    project: { key: place.project },
    issuetype: { name: place.issueType },
    ...toJiraFields(given),
  };
}

/** When each of our fields was last changed. Data Center's changelog names fields in words, in any case. */
export function toFieldTimes({ changelog }: JiraChangelog): Partial<Record<FieldName, string>> {
  const times: Partial<Record<FieldName, string>> = {};
  for (const { created, items } of changelog.histories) {
    for (const item of items) {
      const name = (item.fieldId ?? item.field).toLowerCase();
      const field = FIELDS.find((known) => known === name);
      if (field && created > (times[field] ?? "")) times[field] = created;
    }
  }
  return times;
}

/**
 * What a webhook tells us: which issue, what sort of change. `null` when it names no issue.
 * Data Center sends no delivery id, so the fingerprint is made of what the event is about. A comment
 * fires two hooks; both carry the comment as it then was, and count as one change.
 */
export function toHint(hook: IssueWebhook): WebhookHint | null {
  const { webhookEvent, timestamp, comment, changelog } = hook;
  const issueId = hook.issue?.id ?? comment?.self.match(/\/issue\/(\d+)\/comment\//)?.[1];
  if (!issueId) return null;
  const isOnlyTheComment =
    comment?.updated !== undefined && !changelog && webhookEvent !== "comment_deleted";
  const by = hook.user ?? comment?.updateAuthor ?? comment?.author;
  return {
    issueId,
    base: baseOf(hook.issue?.self ?? comment?.self),
    kind: kindOf(hook),
    actor: by?.displayName ?? by?.name ?? by?.key ?? null,
    happenedAt: new Date(timestamp),
    fingerprint: isOnlyTheComment
      ? `comment:${comment.id}:${comment.updated}`
      : [webhookEvent, timestamp, issueId, comment?.id ?? "", changelog?.id ?? ""].join(":"),
  };
}

/** What stands before the REST path in a link. */
function baseOf(self: string | undefined): string | null {
  const base = self?.split("/rest/api/")[0];
  return base && URL.canParse(base) ? base : null;
}

function kindOf({ webhookEvent, issue_event_type_name: type }: IssueWebhook): WebhookHint["kind"] {
  if (webhookEvent === "jira:issue_created") return "created";
  if (webhookEvent === "jira:issue_deleted") return "deleted";
  if (webhookEvent !== "jira:issue_updated") return "commented";
  return type?.startsWith("issue_comment") ? "commented" : "updated";
}
