import type { Wanted } from "@/lib/connectors/connector";
import { type Numbers, peopleOf, readFields, SYSTEM } from "@/lib/connectors/redmine/fields";
import { MARKER_FIELD, readMark, splitMarker } from "@/lib/connectors/redmine/marker";
import type { RedmineIssue, RedmineJournal } from "@/lib/connectors/redmine/schema";
import type { HistoryItem } from "@/lib/sync/history";
import {
  type CommentReading,
  type FieldId,
  type FieldValue,
  type IssueReading,
  normaliseText,
  type Person,
} from "@/lib/sync/replica";

/** Who alone may read a private note; the one circle that Redmine has. */
export const PRIVATE = "private";

/** What stands at an issue beside the issue itself: people by Redmine's numbers, and who we are. */
export type Around = {
  baseUrl: string;
  wanted: readonly Wanted[];
  people: ReadonlyMap<string, Person>;
  ourId: string;
  numbers: Numbers | null;
};

/** An issue with all of its notes, in the neutral form. `numbers` is needed for its history, and for nothing else. */
export function toReading(issue: RedmineIssue, around: Around): IssueReading {
  const login = loginIn(around.people);
  const mark = markOf(issue);
  const key = `#${issue.id}`;
  return {
    id: issue.id,
    key,
    url: issueUrl(around.baseUrl, key),
    updatedAt: issue.updated_on,
    fields: readFields(issue, around.wanted, login),
    people: peopleOf(issue, around.wanted).flatMap((id) => around.people.get(id) ?? []),
    ...(around.numbers ? { history: toHistory(issue, around, around.numbers) } : {}),
    comments: issue.journals.flatMap((journal) => toComment(journal, login) ?? []),
    workflow: `${issue.project.id} ${issue.tracker.name}`,
    transitions: issue.allowed_statuses
      .filter(({ id }) => id !== issue.status.id)
      .map(({ id, name }) => ({ id, name, to: name, fields: [] })),
    restriction: issue.is_private ? { field: "private", value: "yes" } : null,
    // Our field stands at both issues of a pair; only the one that we wrote was made by us.
    marker: issue.author?.id === around.ourId ? (mark?.marker ?? null) : null,
    stamp: mark?.twin ? { marker: mark.marker, ...mark.twin } : null,
  };
}

/** Where a person opens an issue. */
export function issueUrl(baseUrl: string, key: string): string {
  return `${baseUrl.replace(/\/+$/, "")}/issues/${encodeURIComponent(numberOf(key))}`;
}

/** "#12" and "12" name one issue. */
export function numberOf(idOrKey: string): string {
  return idOrKey.trim().replace(/^#/, "");
}

/** The marker that an issue was created with; null when it was not created by us. */
export function markOf({ custom_fields: fields }: Pick<RedmineIssue, "custom_fields">) {
  const value = fields.find(({ name }) => name === MARKER_FIELD)?.value;
  return typeof value === "string" ? readMark(value) : null;
}

/** Everybody whose login a reading and its history need, by Redmine's numbers. */
export function numbersOfPeople(issue: RedmineIssue, wanted: readonly Wanted[]): Set<string> {
  const authors = issue.journals.flatMap(({ user }) => user?.id ?? []);
  return new Set([...peopleOf(issue, wanted), ...authors]);
}

/** The markers of ours at the ends of an issue's notes, by note. */
export function markersIn({ journals }: RedmineIssue): Map<string, string> {
  return new Map(
    journals.flatMap(({ id, notes }) => {
      const { marker } = splitMarker(notes ?? "");
      return marker ? [[id, marker]] : [];
    }),
  );
}

/** A journal without notes only tells what changed. */
function toComment(journal: RedmineJournal, login: (id: string) => string): CommentReading | null {
  if (!journal.notes) return null;
  const text = normaliseText(splitMarker(journal.notes).text);
  return {
    id: journal.id,
    authorKey: journal.user ? login(journal.user.id) : null,
    authorName: journal.user?.name ?? "Anonymous",
    body: text,
    createdAt: journal.created_on,
    restrictedTo: journal.private_notes ? PRIVATE : null,
  };
}

function loginIn(people: ReadonlyMap<string, Person>): (id: string) => string {
  // Somebody whom our account may not look up is still somebody, and the same one each time.
  return (id) => people.get(id)?.key ?? `#${id}`;
}

/** Who changed which wanted field when, oldest first, in the terms of a reading. */
export function toHistory(
  { journals }: RedmineIssue,
  { wanted, people }: Pick<Around, "wanted" | "people">,
  numbers: Numbers,
): HistoryItem[] {
  const login = loginIn(people);
  return journals.flatMap((journal) =>
    journal.details.flatMap(({ property, name, old_value: from, new_value: to }) => {
      const field = fieldOf(property, name);
      const kind = wanted.find(({ id }) => id === field)?.kind;
      if (!field || !kind) return [];
      const value = (raw: string | null | undefined): FieldValue | undefined => {
        const list = SYSTEM[field]?.list ?? (kind === "user" ? "person" : undefined);
        if (!raw) return kind === "options" ? [] : null;
        const shown = list ? numbers.name(list, raw) : raw;
        if (shown === undefined) return undefined;
        // A set that is kept as one field changes by one element at a time: the rest is not told.
        if (kind === "options") return property === "attr" ? [shown] : undefined;
        return kind === "number" ? String(Number(shown)) : normaliseText(shown);
      };
      const [before, after] = [value(from), value(to)];
      return [
        {
          at: journal.created_on,
          authorKey: journal.user ? login(journal.user.id) : null,
          authorName: journal.user?.name ?? "Anonymous",
          field,
          ...(before === undefined ? {} : { from: before }),
          ...(after === undefined ? {} : { to: after }),
        },
      ];
    }),
  );
}

function fieldOf(property: string, name: string): FieldId | undefined {
  if (property === "cf") return `cf_${name}`;
  if (property !== "attr") return undefined;
  return Object.keys(SYSTEM).find((field) => SYSTEM[field]?.attribute === name);
}
