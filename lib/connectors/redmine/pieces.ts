import { z } from "zod";
import type { Http, Part, WorklogText } from "@/lib/connectors/connector";
import { A_PAGE, type ListsOf } from "@/lib/connectors/redmine/lists";
import {
  activityList,
  type RedmineIssue,
  type RedmineTimeEntry,
  timeEntryPage,
} from "@/lib/connectors/redmine/schema";
import { SyncError } from "@/lib/errors";
import type { IssueReading, LinkReading, WorklogReading } from "@/lib/sync/replica";

type Pieces = Pick<IssueReading, "worklogs" | "links" | "linkedFrom" | "parent">;

/** The parts of an issue that are asked for; time entries never come along with it. */
export async function readPieces(
  http: Http,
  issue: RedmineIssue,
  parts: readonly Part[],
  lists: ListsOf,
): Promise<Pieces> {
  return {
    ...(parts.includes("attachments") && { attachments: await toAttachments(issue, lists) }),
    ...(parts.includes("links") && { links: toLinks(issue), linkedFrom: linkedFrom(issue) }),
    ...(parts.includes("parent") && {
      parent: issue.parent ? { id: issue.parent.id, key: `#${issue.parent.id}` } : null,
    }),
    ...(parts.includes("worklogs") && { worklogs: await readWorklogs(http, issue.id, lists) }),
  };
}

function toAttachments({ attachments }: RedmineIssue, lists: ListsOf) {
  return Promise.all(
    [...attachments].sort(byId).map(async ({ id, filename, filesize, content_type, author }) => ({
      id,
      name: filename,
      size: filesize,
      mimeType: content_type ?? null,
      authorKey: author ? ((await lists.person(author.id))?.key ?? null) : null,
      authorName: author?.name ?? "Anonymous",
    })),
  );
}

/** Redmine lets it come from the older issue, whoever asked for it. */
const MUTUAL = "relates";

/**
 * Redmine tells a relation at both of its issues: it belongs to the one that it comes from. One that means the
 * same from both ends is told at both, since a link that was made from the other end is the same one.
 */
export function toLinks({ id: own, relations }: RedmineIssue): LinkReading[] {
  return relations
    .flatMap(({ id, relation_type: type, issue_id: from, issue_to_id: to }): LinkReading[] => {
      const isMutual = type === MUTUAL;
      if (from === own)
        return [{ id, type, toId: to, toKey: `#${to}`, ...(isMutual ? { isMutual } : {}) }];
      return isMutual
        ? [{ id, type, toId: from, toKey: `#${from}`, isMutual, isOtherEnd: true }]
        : [];
    })
    .sort(byId);
}

function linkedFrom({ id: own, relations }: RedmineIssue): string[] {
  return relations.map(({ issue_id: from }) => from).filter((from) => from !== own);
}

async function readWorklogs(http: Http, issueId: string, lists: ListsOf) {
  const found: WorklogReading[] = [];
  for (let offset = 0; ; offset += A_PAGE) {
    const page = await http.read(timeEntryPage, "/time_entries.json", {
      issue_id: issueId,
      offset: String(offset),
      limit: String(A_PAGE),
    });
    for (const entry of page?.time_entries ?? []) {
      // Only its own: those of sub-tasks may come along.
      if (entry.issue?.id !== issueId) continue;
      const author = entry.user ? await lists.person(entry.user.id) : null;
      found.push(toWorklog(entry, author?.key ?? null));
    }
    if (!page || page.time_entries.length === 0 || offset + A_PAGE >= page.total_count)
      return found.sort(byId);
  }
}

function toWorklog(entry: RedmineTimeEntry, authorKey: string | null): WorklogReading {
  return {
    id: entry.id,
    authorKey,
    authorName: entry.user?.name ?? "Anonymous",
    // Redmine knows days only.
    startedAt: `${entry.spent_on}T00:00:00.000Z`,
    // Hours are rounded to two decimals, finer than a minute: whole minutes come back whole.
    seconds: Math.round(entry.hours * 60) * 60,
    comment: entry.comments ?? "",
    restrictedTo: null,
  };
}

/** The longest comment that a time entry takes. */
const LONGEST_COMMENT = 1_024;

/** A time entry as a write takes it. Throws `field_rejected` for a comment that is too long. */
export function timeEntryOf({ startedAt, seconds, comment }: WorklogText) {
  if (comment.length > LONGEST_COMMENT)
    throw new SyncError(
      "field_rejected",
      `the comment of a work log has ${comment.length} characters, and Redmine takes ${LONGEST_COMMENT}`,
    );
  return {
    hours: Math.round((seconds / 3_600) * 10_000) / 10_000,
    spent_on: startedAt.slice(0, 10),
    comments: comment,
  };
}

/** Each time entry has an activity: the one that Redmine proposes, else the first. */
export async function usualActivity(http: Http): Promise<string> {
  const found = await http.read(activityList, "/enumerations/time_entry_activities.json");
  const activities = found?.time_entry_activities.filter(({ active }) => active !== false) ?? [];
  const usual = activities.find((each) => each.is_default) ?? activities[0];
  if (usual) return usual.id;
  throw new SyncError(
    "field_rejected",
    "Redmine has no activity for time entries: an administrator makes one under Enumerations",
  );
}

export const createdTimeEntry = z
  .object({ time_entry: z.object({ id: z.number().transform(String) }) })
  .transform(({ time_entry: { id } }) => ({ id }));

function byId(one: { id: string }, other: { id: string }): number {
  return Number(one.id) - Number(other.id);
}
