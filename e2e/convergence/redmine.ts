import { createHash } from "node:crypto";
import type { Seen } from "@/e2e/convergence/seen";
import type { RedmineClient, SeenIssue, SeenTimeEntry } from "@/e2e/trackers/redmine/client";

export type RedmineProject = {
  /** As an administrator, who sees everything. */
  admin: RedmineClient;
  project: string;
  /** What its fields of its own are called, and how their values are read. */
  custom: readonly { name: string; kind: string }[];
  /** The login of the account that synchronises. */
  ours: string;
  /** Filled, and asked instead of Redmine for what has not changed since. */
  known: Known;
};

type Journals = SeenIssue["journals"];
/** What was read of a project before: notes by issue, digests of files by their number. */
export type Known = {
  journals: Map<number, { updatedOn: string; journals: Journals }>;
  digests: Map<number, string>;
};
export const nothingKnown = (): Known => ({ journals: new Map(), digests: new Map() });

type User = { id: number; login: string; mail: string };
type Lookup = { userOf: Map<number, User>; work: Map<number, SeenTimeEntry[]> };
/** Redmine's names of relations as Jira calls them. */
const RELATIONS: Record<string, string> = { blocks: "Blocks", relates: "Relates" };

/**
 * Every issue of a project over REST, as an administrator sees it, with its files' contents: a hundred in one
 * call, and a call for the notes of each one that changed since they are known.
 */
export async function readRedmine(place: RedmineProject): Promise<Seen[]> {
  const { admin, project } = place;
  const { users } = await admin.made<{ users: User[] }>("GET", "/users.json?limit=100");
  const lookup: Lookup = { userOf: new Map(users.map((user) => [user.id, user])), work: new Map() };
  for (const entry of await admin.timeEntriesOf(project))
    lookup.work.set(entry.issue.id, [...(lookup.work.get(entry.issue.id) ?? []), entry]);
  const found: Seen[] = [];
  for (;;) {
    const page = await admin.list({
      project_id: project,
      status_id: "*",
      sort: "id",
      limit: "100",
      offset: String(found.length),
      include: "attachments,relations",
    });
    for (const issue of page.issues) found.push(await seenIssue(place, issue, lookup));
    if (page.issues.length === 0 || found.length >= page.total_count) return found;
  }
}

async function seenIssue(
  place: RedmineProject,
  issue: SeenIssue,
  { userOf, work }: Lookup,
): Promise<Seen> {
  const { custom, ours } = place;
  const { id } = issue;
  const isOurs = (author: { id: number }) => userOf.get(author.id)?.login === ours;
  const noted = customValue(issue, "Exalate marker");
  return {
    id: String(id),
    key: `#${id}`,
    twinId: (typeof noted === "string" && noted.split(" ")[1]) || null,
    fields: {
      type: issue.tracker.name,
      summary: issue.subject,
      description: readText(issue.description),
      status: issue.status.name,
      priority: issue.priority.name,
      components: issue.category?.name ?? "",
      fixVersions: issue.fixed_version?.name ?? "",
      dueDate: issue.due_date ?? "",
      assignee: (issue.assigned_to && userOf.get(issue.assigned_to.id)?.mail) ?? "",
      ...Object.fromEntries(
        custom.map(({ name, kind }) => [name, valueText(kind, customValue(issue, name), userOf)]),
      ),
    },
    comments: (await journalsOf(place, issue)).flatMap(
      ({ notes, private_notes: isPrivate, user }) =>
        notes
          ? [{ author: user.name, body: readText(notes), isOurs: isOurs(user), isPrivate }]
          : [],
    ),
    files: await Promise.all(
      (issue.attachments ?? []).map(async (file) => ({
        name: file.filename,
        bytes: await digestOf(place, file),
        isOurs: isOurs(file.author),
      })),
    ),
    work: (work.get(id) ?? []).map(({ user, hours, comments, spent_on: day }) => ({
      author: user.name,
      day,
      // Two decimals of an hour are finer than a minute.
      seconds: Math.round(hours * 60) * 60,
      comment: readText(comments),
      isOurs: isOurs(user),
    })),
    links: (issue.relations ?? []).flatMap(
      ({ issue_id: from, issue_to_id: to, relation_type: type }) =>
        from === id ? [{ type: RELATIONS[type] ?? type, toId: String(to) }] : [],
    ),
    parentId: issue.parent ? String(issue.parent.id) : null,
  };
}

async function journalsOf({ admin, known }: RedmineProject, issue: SeenIssue): Promise<Journals> {
  const before = known.journals.get(issue.id);
  if (before?.updatedOn === issue.updated_on) return before.journals;
  const askedAt = Date.now();
  const { journals, updated_on: updatedOn } = await admin.get(issue.id);
  // Redmine tells whole seconds: within the same one more may come.
  if (askedAt - Date.parse(updatedOn) > 2_000)
    known.journals.set(issue.id, { updatedOn, journals });
  return journals;
}

async function digestOf(
  { admin, known }: RedmineProject,
  { id, filename }: NonNullable<SeenIssue["attachments"]>[number],
): Promise<string> {
  const digest =
    known.digests.get(id) ??
    createHash("sha256")
      .update(await admin.download(id, filename))
      .digest("hex");
  known.digests.set(id, digest);
  return digest;
}

function customValue({ custom_fields: fields }: SeenIssue, name: string) {
  return fields.find((field) => field.name === name)?.value ?? "";
}

function valueText(kind: string, value: string | string[], userOf: Map<number, User>): string {
  if (Array.isArray(value)) return [...value].sort().join("\n");
  if (value === "") return "";
  if (kind === "user") return userOf.get(Number(value))?.mail ?? "";
  if (kind === "number") return String(Number(value));
  return kind === "textarea" ? readText(value) : value;
}

/**
 * A text as people read it: how lines end, how many are empty, characters that are written as entities, and a
 * marker of signs without a shape do not show.
 */
export function readText(text: string | null | undefined): string {
  return (text ?? "")
    .replace(/\r\n?/g, "\n")
    .replace(/\s*\u2063[\ufe00-\ufe0f]*\s*$/, "")
    .replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)))
    .replace(/\n{2,}/g, "\n")
    .trim();
}
