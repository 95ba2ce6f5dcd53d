import type { Wanted } from "@/lib/connectors/connector";
import type { Mark } from "@/lib/connectors/redmine/marker";
import { markText } from "@/lib/connectors/redmine/marker";
import type { CustomField, RedmineIssue } from "@/lib/connectors/redmine/schema";
import { SyncError } from "@/lib/errors";
import type { FieldDescription } from "@/lib/sync/description";
import {
  type FieldId,
  type FieldKind,
  type Fields,
  type FieldValue,
  normaliseText,
} from "@/lib/sync/replica";

/** Where a value of ours is looked up in Redmine's lists: names there are numbers in its calls. */
export type ListName = "type" | "status" | "priority" | "components" | "fixVersions";
/** Numbers of names, and of logins, as far as a write or a history needs them. */
export type Numbers = {
  /** Undefined for a name that Redmine does not have. */
  number(list: ListName | "person", name: string): string | undefined;
  /** Undefined for a number that is no longer there. */
  name(list: ListName | "person", number: string): string | undefined;
};

type SystemField = {
  name: string;
  kind: FieldKind;
  /** What Redmine calls it in a write and in a journal; null for one that Redmine sets itself. */
  attribute: string | null;
  read: (issue: RedmineIssue, login: (id: string) => string) => FieldValue;
  list?: ListName | "person";
};

/** An issue has one category and one version: a set of one, so that they correspond to sets elsewhere. */
const single = (of: { name: string } | null | undefined) => (of ? [of.name] : []);
const plain = (text: string | null | undefined) => (text ? normaliseText(text) : null);
const numeral = (value: number | string | null | undefined) =>
  value === null || value === undefined || value === "" ? null : String(Number(value));

/** What issues of every Redmine have, under our names of them. */
export const SYSTEM: Record<FieldId, SystemField> = {
  summary: {
    name: "Subject",
    kind: "text",
    attribute: "subject",
    read: ({ subject }) => subject,
  },
  description: {
    name: "Description",
    kind: "markup",
    attribute: "description",
    read: ({ description }) => plain(description),
  },
  type: {
    name: "Tracker",
    kind: "option",
    attribute: "tracker_id",
    list: "type",
    read: ({ tracker }) => tracker.name,
  },
  status: {
    name: "Status",
    kind: "option",
    attribute: "status_id",
    list: "status",
    read: ({ status }) => status.name,
  },
  priority: {
    name: "Priority",
    kind: "option",
    attribute: "priority_id",
    list: "priority",
    read: ({ priority }) => priority.name,
  },
  components: {
    name: "Category",
    kind: "options",
    attribute: "category_id",
    list: "components",
    read: ({ category }) => single(category),
  },
  fixVersions: {
    name: "Target version",
    kind: "options",
    attribute: "fixed_version_id",
    list: "fixVersions",
    read: ({ fixed_version: version }) => single(version),
  },
  startDate: {
    name: "Start date",
    kind: "date",
    attribute: "start_date",
    read: ({ start_date: date }) => date ?? null,
  },
  dueDate: {
    name: "Due date",
    kind: "date",
    attribute: "due_date",
    read: ({ due_date: date }) => date ?? null,
  },
  estimatedHours: {
    name: "Estimated time",
    kind: "number",
    attribute: "estimated_hours",
    read: ({ estimated_hours: hours }) => numeral(hours),
  },
  doneRatio: {
    name: "% Done",
    kind: "number",
    attribute: "done_ratio",
    read: ({ done_ratio: ratio }) => numeral(ratio),
  },
  assignee: {
    name: "Assignee",
    kind: "user",
    attribute: "assigned_to_id",
    list: "person",
    read: ({ assigned_to: person }, login) => (person ? login(person.id) : null),
  },
  reporter: {
    name: "Author",
    kind: "user",
    attribute: null,
    list: "person",
    read: ({ author }, login) => (author ? login(author.id) : null),
  },
};

const CUSTOM = /^cf_(\d+)$/;
/** Redmine's number of a custom field; null for a field of every issue. */
function customIdOf(field: FieldId): string | null {
  return CUSTOM.exec(field)?.[1] ?? null;
}

/**
 * The wanted fields of an issue. One that is not there, or not for us, stays absent: unreadable is not
 * empty. `login` names a person by the number that Redmine shows.
 */
export function readFields(
  issue: RedmineIssue,
  wanted: readonly Wanted[],
  login: (id: string) => string,
): Fields {
  return Object.fromEntries(
    wanted.flatMap(({ id, kind }) => {
      const custom = customIdOf(id);
      const value =
        custom === null
          ? SYSTEM[id] && inKind(kind, SYSTEM[id].read(issue, login))
          : readCustom(issue, custom, kind, login);
      return value === undefined ? [] : [[id, value]];
    }),
  );
}

/** Who stands in a wanted field of an issue, by Redmine's numbers. */
export function peopleOf(issue: RedmineIssue, wanted: readonly Wanted[]): string[] {
  return wanted.flatMap(({ id, kind }) => {
    if (kind !== "user") return [];
    if (id === "assignee") return issue.assigned_to?.id ?? [];
    if (id === "reporter") return issue.author?.id ?? [];
    const value = issue.custom_fields.find((field) => field.id === customIdOf(id))?.value;
    return typeof value === "string" && value !== "" ? value : [];
  });
}

/** A set of at most one may be mapped to one value, and the other way round. */
function inKind(kind: FieldKind, value: FieldValue): FieldValue {
  if (kind === "options") return Array.isArray(value) ? value : value === null ? [] : [value];
  return Array.isArray(value) ? (value[0] ?? null) : value;
}

function readCustom(
  issue: RedmineIssue,
  custom: string,
  kind: FieldKind,
  login: (id: string) => string,
): FieldValue | undefined {
  const field = issue.custom_fields.find(({ id }) => id === custom);
  if (!field) return undefined;
  const value = field.value ?? null;
  if (Array.isArray(value))
    return inKind(
      kind,
      value.filter((each) => each !== ""),
    );
  if (value === null || value === "") return kind === "options" ? [] : null;
  if (kind === "user") return login(value);
  if (kind === "number") return Number.isFinite(Number(value)) ? numeral(value) : undefined;
  return inKind(kind, kind === "markup" || kind === "text" ? normaliseText(value) : value);
}

/**
 * Values as a write takes them. Throws `SyncError` for a name that Redmine does not have: it would ignore it
 * and answer that all went well. A status is set by its own step, and never here.
 */
export function writeFields(
  values: Fields,
  wanted: readonly Wanted[],
  numbers: Numbers,
): Record<string, unknown> {
  const attributes: Record<string, unknown> = {};
  const custom: { id: string; value: unknown }[] = [];
  for (const [field, value] of Object.entries(values)) {
    if (field === "status") continue;
    const id = customIdOf(field);
    if (id !== null) {
      const kind = wanted.find((each) => each.id === field)?.kind ?? "text";
      const number = kind === "user" && typeof value === "string";
      custom.push({ id, value: number ? found(numbers, "person", value) : (value ?? "") });
      continue;
    }
    const system = SYSTEM[field];
    if (!system?.attribute)
      throw new SyncError(
        "field_rejected",
        `Redmine does not let anybody set "${system?.name ?? field}": map it so that it only comes from there`,
      );
    attributes[system.attribute] = written(system, value, numbers);
  }
  return { ...attributes, ...(custom.length > 0 ? { custom_fields: custom } : {}) };
}

function written({ name, list }: SystemField, value: FieldValue, numbers: Numbers): string {
  const values = Array.isArray(value) ? value : value === null ? [] : [value];
  if (values.length > 1)
    throw new SyncError(
      "field_rejected",
      `an issue in Redmine has one "${name}", and here are ${values.length}: ${values.join(", ")}. Take all but one away, or map the field so that it only comes from Redmine`,
    );
  const [only] = values;
  if (only === undefined) return "";
  return list ? found(numbers, list, only) : only;
}

function found(numbers: Numbers, list: ListName | "person", name: string): string {
  const number = numbers.number(list, name);
  if (number !== undefined) return number;
  const what = list === "person" ? "the project has no member" : `there is no ${WORDS[list]}`;
  throw new SyncError("field_rejected", `Redmine would ignore "${name}": ${what} of that name`);
}

const WORDS: Record<ListName, string> = {
  type: "tracker",
  status: "status",
  priority: "priority",
  components: "category",
  fixVersions: "version",
};

/** The custom field of ours in a write. */
export function markValue(fieldId: string, mark: Mark): { id: string; value: string } {
  return { id: fieldId, value: markText(mark) };
}

const KINDS: Record<string, FieldKind> = {
  string: "text",
  text: "text",
  link: "text",
  int: "number",
  float: "number",
  date: "date",
  user: "user",
};

/**
 * A custom field as people map it. `known` is what Redmine tells administrators of it; without that it is
 * taken for a text, which holds any single value.
 */
export function describeCustom(
  { id, name }: { id: string; name: string },
  known: CustomField | undefined,
): FieldDescription {
  const allowed = known?.possible_values?.map(({ value }) => value) ?? null;
  const one = KINDS[known?.field_format ?? "string"] ?? "option";
  return {
    id: `cf_${id}`,
    name,
    kind: known?.multiple ? "options" : one,
    allowed: one === "option" ? allowed : null,
    isRequired: known?.is_required ?? false,
    canWrite: true,
  };
}
