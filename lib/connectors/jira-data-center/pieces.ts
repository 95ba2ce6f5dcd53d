import type { Http, Part } from "@/lib/connectors/connector";
import {
  type JiraAttachment,
  type JiraIssue,
  type JiraLink,
  type JiraWorklog,
  worklogPage,
} from "@/lib/connectors/jira-data-center/schema";
import type {
  AttachmentReading,
  IssueReading,
  LinkReading,
  WorklogReading,
} from "@/lib/sync/replica";

/** Jira's field of each part of an issue. */
export const PART_FIELDS: Record<Part, string> = {
  attachments: "attachment",
  worklogs: "worklog",
  links: "issuelinks",
  parent: "parent",
};

export type Pieces = Pick<
  IssueReading,
  "attachments" | "worklogs" | "links" | "linkedFrom" | "parent"
>;

/**
 * The parts of an issue that are asked for. The worklogs that come with an issue are cut at twenty: then they
 * are read by themselves from `worklogPath`.
 */
export async function readPieces(
  http: Http,
  { fields }: JiraIssue,
  parts: readonly Part[],
  worklogPath: string,
): Promise<Pieces> {
  const { attachment, issuelinks } = fields;
  const pieces: Pieces = {};
  if (parts.includes("attachments") && attachment)
    pieces.attachments = attachment.map(toAttachment).sort(byId);
  if (parts.includes("links") && issuelinks) {
    pieces.links = issuelinks.flatMap(toLink).sort(byId);
    pieces.linkedFrom = issuelinks.flatMap(({ inwardIssue }) => inwardIssue?.id ?? []);
  }
  // A field that is empty is left out.
  if (parts.includes("parent")) pieces.parent = fields.parent ?? null;
  if (parts.includes("worklogs")) {
    const listed = fields.worklog;
    const isWhole = listed && listed.worklogs.length >= (listed.total ?? 0);
    const all = isWhole ? listed : await http.read(worklogPage, worklogPath);
    if (all) pieces.worklogs = all.worklogs.map(toWorklog).sort(byId);
  }
  return pieces;
}

function toAttachment({ id, filename, author, size, mimeType }: JiraAttachment): AttachmentReading {
  return { id, name: filename, size, mimeType: mimeType ?? null, ...authorOf(author) };
}

function toWorklog(worklog: JiraWorklog): WorklogReading {
  const { id, author, comment, started, timeSpentSeconds, visibility } = worklog;
  return {
    id,
    ...authorOf(author),
    startedAt: started,
    seconds: timeSpentSeconds,
    comment: comment ?? "",
    restrictedTo: visibility ? `${visibility.type}:${visibility.value}` : null,
  };
}

/**
 * Seen from the issue that it comes from, a link shows the issue that it leads to as the outward one. Only one
 * that reads the same from both ends is told at its other end too.
 */
function toLink({ id, type, outwardIssue, inwardIssue }: JiraLink): LinkReading[] {
  if (outwardIssue)
    return [{ id, type: type.name, toId: outwardIssue.id, toKey: outwardIssue.key }];
  if (!inwardIssue || !type.inward || type.inward !== type.outward) return [];
  const from = { toId: inwardIssue.id, toKey: inwardIssue.key };
  return [{ id, type: type.name, ...from, isOtherEnd: true }];
}

function authorOf(author: JiraAttachment["author"]) {
  return {
    authorKey: author?.key ?? null,
    authorName: author?.displayName ?? author?.name ?? "Anonymous",
  };
}

/** Ids grow: the order in which they were made. */
function byId(one: { id: string }, other: { id: string }): number {
  return Number(one.id) - Number(other.id);
}

/** What Jira takes for a moment: milliseconds, and an offset without a colon. */
export function jiraMoment(iso: string): string {
  return new Date(iso).toISOString().replace("Z", "+0000");
}
