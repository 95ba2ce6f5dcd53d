import type { FieldId } from "@/lib/sync/replica";

/** Fields that issues of most instances have, in the order in which people read an issue. */
const TITLES = new Map<FieldId, string>([
  ["summary", "Summary"],
  ["type", "Issue type"],
  ["status", "Status"],
  ["priority", "Priority"],
  ["assignee", "Assignee"],
  ["reporter", "Reporter"],
  ["labels", "Labels"],
  ["components", "Components"],
  ["versions", "Affects versions"],
  ["fixVersions", "Fix versions"],
  ["startDate", "Start date"],
  ["dueDate", "Due date"],
  ["estimatedHours", "Estimated time"],
  ["doneRatio", "% Done"],
  ["environment", "Environment"],
  ["description", "Description"],
]);
const ORDER = [...TITLES.keys()];

/**
 * What people read for a field: one title per field that all instances have, else the name that the
 * instance gives it ("Story points", or "Subject" where Redmine says so), else its id.
 */
export function fieldTitle(id: FieldId, name?: string): string {
  const title = TITLES.get(id);
  if (!title) return name ?? id;
  return !name || name === id || plain(name) === plain(title) ? title : name;
}

/** The same within a sentence: "due date, priority". */
export function fieldWord(id: FieldId, name?: string): string {
  const title = fieldTitle(id, name);
  return title === TITLES.get(id) ? title.charAt(0).toLowerCase() + title.slice(1) : title;
}

/** By the order in which people read an issue; what is not in it comes after, as it came. */
export function inFieldOrder<T>(of: readonly T[], idOf: (each: T) => FieldId): T[] {
  const place = (each: T) => {
    const at = ORDER.indexOf(idOf(each));
    return at === -1 ? ORDER.length : at;
  };
  return of.toSorted((one, other) => place(one) - place(other));
}

/** "Component/s" and "Due Date", as Jira writes them, are "Components" and "Due date". */
function plain(name: string): string {
  return name.replace("/s", "s").toLowerCase();
}
