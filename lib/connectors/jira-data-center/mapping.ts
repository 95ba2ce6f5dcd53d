import type { Wanted, WebhookHint } from "@/lib/connectors/connector";
import { toHistory } from "@/lib/connectors/jira-data-center/changelog";
import {
  fieldIdOf,
  jiraIdOf,
  personIn,
  readField,
  writeField,
} from "@/lib/connectors/jira-data-center/fields";
import {
  type IssueWebhook,
  type JiraComment,
  type JiraIssue,
  MARKER_PROPERTY,
  TWIN_PROPERTY,
} from "@/lib/connectors/jira-data-center/schema";
import { SyncError } from "@/lib/errors";
import type { Audience, CommentReading, Fields, IssueReading, Person } from "@/lib/sync/replica";
import type { Step } from "@/lib/sync/workflow";

/** An issue with all of its comments, in the neutral form. */
export function toReading(
  issue: JiraIssue,
  comments: JiraComment[],
  baseUrl: string,
  wanted: readonly Wanted[],
): IssueReading {
  return {
    id: issue.id,
    key: issue.key,
    url: issueUrl(baseUrl, issue.key),
    updatedAt: issue.fields.updated,
    fields: toFields(issue.fields, wanted),
    ...(issue.changelog ? { history: toHistory(issue.changelog, issue.names ?? {}, wanted) } : {}),
    people: peopleIn(issue.fields, wanted),
    comments: comments.map(toComment).sort(byAge),
    // Keys are PROJECT-number; a moved issue's key moves with it.
    workflow: `${issue.key.replace(/-\d+$/, "")} ${issue.fields.issuetype?.name ?? ""}`,
    transitions: issue.transitions.map(toStep),
    restriction: issue.fields.security
      ? { field: "security", value: issue.fields.security.name }
      : null,
    marker: issue.properties?.[MARKER_PROPERTY]?.marker ?? null,
    stamp: issue.properties?.[TWIN_PROPERTY] ?? null,
    audience: toAudience(issue.fields),
  };
}

/** Where a person opens an issue. */
export function issueUrl(baseUrl: string, key: string): string {
  return `${baseUrl.replace(/\/+$/, "")}/browse/${encodeURIComponent(key)}`;
}

/** Who is told of a change by mail, by the notification scheme that a Jira begins with. */
export const AUDIENCE_FIELDS = ["assignee", "reporter", "watches"] as const;

function toAudience({ assignee, reporter, watches }: JiraIssue["fields"]): Audience {
  return {
    keys: [assignee, reporter].flatMap((person) => person?.name ?? person?.key ?? []),
    watchers: watches ? watches.watchCount - (watches.isWatching ? 1 : 0) : 0,
  };
}

function toStep({ id, name, to, fields }: JiraIssue["transitions"][number]): Step {
  return {
    id,
    name,
    to: to.name,
    fields: Object.entries(fields).map(([field, { name: label, required, hasDefaultValue }]) => ({
      id: fieldIdOf(field),
      name: label ?? field,
      isRequired: required && !hasDefaultValue,
    })),
  };
}

/** A field that is missing in the answer stays missing: unreadable is not empty. */
function toFields(fields: JiraIssue["fields"], wanted: readonly Wanted[]): Fields {
  return Object.fromEntries(
    wanted.flatMap(({ id, kind }) => {
      const value = readField(kind, fields[jiraIdOf(id)]);
      return value === undefined ? [] : [[id, value]];
    }),
  );
}

function peopleIn(fields: JiraIssue["fields"], wanted: readonly Wanted[]): Person[] {
  const found = wanted.flatMap(({ id, kind }) =>
    kind === "user" ? (personIn(fields[jiraIdOf(id)]) ?? []) : [],
  );
  return [...new Map(found.map((person) => [person.key, person])).values()];
}

function toComment(comment: JiraComment): CommentReading {
  const { author } = comment;
  return {
    id: comment.id,
    authorKey: author?.key ?? null,
    authorName: author?.displayName ?? author?.name ?? "Anonymous",
    body: comment.body ?? "",
    createdAt: comment.created,
    restrictedTo: circleOf(comment),
  };
}

/** "role:Developers", "group:staff", or "internal" for what a service desk's customers do not see. */
function circleOf({ visibility, jsdPublic }: JiraComment): string | null {
  if (visibility) return `${visibility.type}:${visibility.value}`;
  return jsdPublic === false ? INTERNAL : null;
}

const INTERNAL = "internal";

type Circle = {
  visibility?: { type: string; value: string };
  properties?: { key: string; value: unknown }[];
};

/**
 * How a comment says who may read it; an edit says it again, since without it the comment would be shown to
 * everybody. Throws for a circle that Jira does not have: the comment must not become public instead.
 */
export function toCircle(restrictedTo: string | null): Circle {
  if (restrictedTo === null) return {};
  if (restrictedTo === INTERNAL)
    return { properties: [{ key: "sd.public.comment", value: { internal: true } }] };
  const [, type, value] = restrictedTo.match(/^(role|group):(.+)$/) ?? [];
  if (!type || !value)
    throw new SyncError(
      "field_rejected",
      `the mapping restricts comments to "${restrictedTo}": Jira knows "role:…", "group:…" and "internal"`,
    );
  return { visibility: { type, value } };
}

/** In the order they were written; ids grow, so they order what came in one millisecond. */
function byAge(one: CommentReading, other: CommentReading): number {
  return one.createdAt.localeCompare(other.createdAt) || Number(one.id) - Number(other.id);
}

/** Values as `fields` of an edit takes them. A status is never among them: only a transition sets it. */
export function toJiraFields(values: Fields, wanted: readonly Wanted[]): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([id, value]) => {
      if (id === "status") return [];
      // A part gets a type of parts, whether or not types are mapped.
      const kind =
        wanted.find((each) => each.id === id)?.kind ?? (id === "type" ? "option" : "text");
      return [[jiraIdOf(id), writeField({ id, kind }, value)]];
    }),
  );
}

/** `fields` of a create. What is empty is left to Jira's defaults: a priority of null would be refused. */
export function toNewIssue(
  place: { project: string; issueType: string },
  values: Fields,
  wanted: readonly Wanted[],
): Record<string, unknown> {
  const given = Object.entries(values).filter(
    ([, value]) => value !== null && !(Array.isArray(value) && value.length === 0),
  );
  return {
    issuetype: { name: place.issueType },
    ...toJiraFields(Object.fromEntries(given), wanted),
    project: { key: place.project },
  };
}

/**
 * What a webhook tells us: which issue, what sort of change. `null` when it names no issue.
 * Data Center sends no delivery id, so the fingerprint is made of what the event is about. A comment
 * fires two hooks; both carry the comment as it then was, and count as one change.
 */
export function toHint(hook: IssueWebhook): WebhookHint | null {
  const { webhookEvent, timestamp, comment, changelog, issueLink } = hook;
  const issueId =
    hook.issue?.id ??
    comment?.self.match(/\/issue\/(\d+)\/comment\//)?.[1] ??
    issueLink?.sourceIssueId;
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
      : [
          webhookEvent,
          timestamp,
          issueId,
          comment?.id ?? issueLink?.id ?? "",
          changelog?.id ?? "",
        ].join(":"),
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
  if (webhookEvent.startsWith("comment_")) return "commented";
  return type?.startsWith("issue_comment") ? "commented" : "updated";
}
