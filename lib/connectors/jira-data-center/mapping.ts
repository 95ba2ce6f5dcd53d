import type { WebhookHint } from "@/lib/connectors/connector";
import {
  type JiraComment,
  type JiraIssue,
  markerValue,
  stampValue,
  webhook,
} from "@/lib/connectors/jira-data-center/schema";
import type { CommentReading, FieldName, Fields, IssueReading } from "@/lib/sync/replica";

/** Issue and comment property that holds our marker. Properties are invisible to users. */
export const MARKER_PROPERTY = "exalate.marker";
/** Issue property that notes where the twin is. */
export const STAMP_PROPERTY = "exalate.twin";

/** Jira's names of our fields, where they are written. */
export function toJiraFields(values: Fields): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).map(([field, value]) =>
      field === "priority" ? [field, value === null ? null : { name: value }] : [field, value],
    ),
  );
}

/** A field that is missing in the answer stays missing: unreadable is not empty. */
function toFields(fields: JiraIssue["fields"]): Fields {
  const read: Fields = {};
  if (fields.summary !== undefined) read.summary = fields.summary;
  if (fields.description !== undefined) read.description = fields.description;
  if (fields.status !== undefined) read.status = fields.status?.name ?? null;
  if (fields.priority !== undefined) read.priority = fields.priority?.name ?? null;
  if (fields.labels !== undefined) read.labels = fields.labels ?? [];
  return read;
}

export function toReading(
  issue: JiraIssue,
  comments: JiraComment[],
  baseUrl: string,
): IssueReading {
  const marker = markerValue.safeParse(issue.properties?.[MARKER_PROPERTY]);
  const stamp = stampValue.safeParse(issue.properties?.[STAMP_PROPERTY]);
  return {
    id: issue.id,
    key: issue.key,
    url: `${baseUrl.replace(/\/+$/, "")}/browse/${issue.key}`,
    updatedAt: issue.fields.updated,
    fields: toFields(issue.fields),
    comments: comments.map(toComment).sort(byAge),
    transitions: issue.transitions.map(({ id, name, to }) => ({ id, name, to: to.name })),
    marker: marker.success ? marker.data.marker : null,
    stamp: stamp.success ? stamp.data : null,
  };
}

function toComment(comment: JiraComment): CommentReading {
  return {
    id: comment.id,
    authorKey: comment.author?.key ?? null,
    authorName: comment.author?.displayName ?? "Somebody",
    body: comment.body,
    createdAt: comment.created,
    isRestricted: Boolean(comment.visibility),
  };
}

/** In the order they were written; ids grow, so they order what came in one millisecond. */
function byAge(a: CommentReading, b: CommentReading): number {
  return a.createdAt.localeCompare(b.createdAt) || Number(a.id) - Number(b.id);
}

const CHANGELOG_FIELDS = new Map<string, FieldName>([
  ["summary", "summary"],
  ["description", "description"],
  ["status", "status"],
  ["priority", "priority"],
  ["labels", "labels"],
]);

/** The latest change of each field. `field` is a display name, so its case varies. */
export function latestPerField(
  histories: { created: string; items: { field: string }[] }[],
): Partial<Record<FieldName, string>> {
  const latest: Partial<Record<FieldName, string>> = {};
  for (const { created, items } of histories)
    for (const item of items) {
      const field = CHANGELOG_FIELDS.get(item.field.toLowerCase());
      if (field && created > (latest[field] ?? "")) latest[field] = created;
    }
  return latest;
}

const KINDS: Record<string, WebhookHint["kind"]> = {
  "jira:issue_created": "created",
  "jira:issue_updated": "updated",
  "jira:issue_deleted": "deleted",
  comment_created: "commented",
  comment_updated: "commented",
  comment_deleted: "commented",
};

/** What an event says happened, as a hint. `comment_created` has no issue: its id is in the comment's own address. */
export function toHint(body: unknown): WebhookHint | null {
  const event = webhook.parse(body);
  const kind = KINDS[event.webhookEvent];
  const issueId =
    event.issue?.id ?? /\/issue\/(\d+)\/comment\//.exec(event.comment?.self ?? "")?.[1];
  if (!kind || !issueId) return null;
  const isComment = event.issue_event_type_name?.startsWith("issue_comment") ?? false;
  return {
    issueId,
    kind: isComment ? "commented" : kind,
    actor: event.user?.displayName ?? event.comment?.author?.displayName ?? null,
    happenedAt: event.timestamp === undefined ? null : new Date(event.timestamp),
    // No delivery id is documented for Data Center: this is what makes two deliveries one event.
    fingerprint: [
      event.webhookEvent,
      event.timestamp ?? "",
      event.comment?.id ?? "",
      event.comment?.updated ?? "",
      event.changelog?.id ?? "",
    ].join(":"),
  };
}
