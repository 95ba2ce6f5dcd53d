import { findCustomField, readCustom } from "@/e2e/simulators/jira-data-center/custom-fields";
import { RESOLUTIONS } from "@/e2e/simulators/jira-data-center/defaults";
import { FIELD_NAMES } from "@/e2e/simulators/jira-data-center/field-names";
import { invalidFields } from "@/e2e/simulators/jira-data-center/jira-error";
import type {
  CustomValue,
  Issue,
  IssueValues,
  Project,
  ScreenField,
} from "@/e2e/simulators/jira-data-center/records";
import { findUser, type JiraState } from "@/e2e/simulators/jira-data-center/state";

export type FieldsBody = Record<string, unknown>;
export type UpdateBody = Record<string, Record<string, unknown>[]>;

type Reading = { values: Partial<IssueValues> } | { error: string };
type Place = { state: JiraState; project: Project };
type Reader = (value: unknown, place: Place) => Reading;

/**
 * What the fields of a request set, or a 400 with one message for each field that is wrong.
 * `current` is what elements are added to and removed from. `screen` is that of a transition, which alone sets a
 * resolution and may ask for fields.
 */
export function readFields(
  place: Place,
  fields: FieldsBody,
  update: UpdateBody,
  current: Current,
  screen: ScreenField[] = [],
): Partial<IssueValues> {
  const errors: Record<string, string> = {};
  let values: Partial<IssueValues> = {};
  const wanted: FieldsBody = { ...fields };
  for (const [field, operations] of Object.entries(update)) {
    if (field in fields)
      errors[field] = `Field '${field}' cannot appear in both 'fields' and 'update'`;
    else if (!isOperations(operations)) errors[field] = "operations must be a list of objects";
    else if (field === "labels") wanted[field] = labelsAfter(operations, current.labels);
    else wanted[field] = elementsAfter(operations, setOf(field, place.project, current));
  }
  for (const [field, value] of Object.entries(wanted)) {
    const isOnScreen = field !== "resolution" || screen.some((each) => each.field === field);
    const custom = findCustomField(place.project, field);
    if (custom) {
      const reading = readCustom(place.state, custom, value);
      if ("error" in reading) errors[field] ??= reading.error;
      else
        values = {
          ...values,
          custom: withCustom(values.custom ?? current.custom, field, reading.value),
        };
      continue;
    }
    const reading = (isOnScreen ? READERS[field]?.(value, place) : undefined) ?? {
      error: `Field '${field}' cannot be set. It is not on the appropriate screen, or unknown.`,
    };
    if ("error" in reading) errors[field] ??= reading.error;
    else values = { ...values, ...reading.values };
  }
  for (const { field, required } of screen)
    if (required && (wanted[field] === undefined || wanted[field] === null))
      errors[field] ??= `${nameOf(field, place.project)} is required.`;
  if (Object.keys(errors).length > 0) throw invalidFields(errors);
  return values;
}

/** What the issue has now; nothing at its creation. */
export type Current = Pick<Issue, "labels"> &
  Partial<Pick<Issue, "componentIds" | "fixVersionIds" | "versionIds" | "custom">>;

/** The custom fields that a project asks of a new issue and that have no value: a message for each. */
export function missingFields(
  project: Project,
  { custom = {} }: Partial<IssueValues>,
): Record<string, string> {
  const missing = project.customFields.filter(({ id, required }) => required && !(id in custom));
  return Object.fromEntries(missing.map(({ id, name }) => [id, `${name} is required.`]));
}

function nameOf(field: string, project: Project): string {
  return FIELD_NAMES[field] ?? findCustomField(project, field)?.name ?? field;
}

function withCustom(
  custom: Issue["custom"] = {},
  field: string,
  value: CustomValue | null,
): Issue["custom"] {
  const { [field]: _old, ...rest } = custom;
  return value === null ? rest : { ...rest, [field]: value };
}

function isOperations(value: unknown): value is Record<string, unknown>[] {
  return Array.isArray(value) && value.every((each) => typeof each === "object" && each !== null);
}

type Element = { id: string; name?: string; value?: string };

/** What a field that holds a set may hold and holds now; `null` for a field that holds one value. */
function setOf(
  field: string,
  project: Project,
  { componentIds, fixVersionIds, versionIds, custom }: Current,
): { known: Element[]; now: string[] } | null {
  if (field === "components") return { known: project.components, now: componentIds ?? [] };
  if (field === "fixVersions") return { known: project.versions, now: fixVersionIds ?? [] };
  if (field === "versions") return { known: project.versions, now: versionIds ?? [] };
  const found = findCustomField(project, field);
  if (found?.kind !== "multiselect") return null;
  const now = custom?.[field];
  return { known: found.options, now: Array.isArray(now) ? now : [] };
}

/** Jira keeps a set: no label twice, in alphabetical order. */
export function labelSet(labels: Iterable<string>): string[] {
  return [...new Set(labels)].sort();
}

const TEXT_LIMIT = 32_767;
export const TEXT_TOO_LONG =
  "The entered text is too long. It exceeds the allowed limit of 32,767 characters.";

export function isTooLong(text: string): boolean {
  return text.length > TEXT_LIMIT;
}

const READERS: Record<string, Reader> = {
  summary(value) {
    if (typeof value !== "string" || value.trim() === "") {
      return { error: "You must specify a summary of the issue." };
    }
    if (/[\r\n]/.test(value)) {
      return { error: "The summary is invalid because it contains newline characters." };
    }
    if (value.length > 255) return { error: "Summary must be less than 255 characters." };
    return { values: { summary: value.trim() } };
  },
  description: (value) => readText(value, (description) => ({ description })),
  environment: (value) => readText(value, (environment) => ({ environment })),
  duedate(value) {
    if (value === null) return { values: { dueDate: null } };
    if (typeof value === "string" && /^\d{4}-\d\d-\d\d$/.test(value))
      return { values: { dueDate: value } };
    return { error: "Error parsing date string: please enter the date in the format 'yyyy-MM-dd'" };
  },
  labels(value) {
    if (value === null) return { values: { labels: [] } };
    if (!Array.isArray(value)) return { error: "data was not an array" };
    const labels = value.map(String);
    const spaced = labels.find((label) => /\s/.test(label));
    if (spaced !== undefined)
      return { error: `The label '${spaced}' contains spaces which is invalid.` };
    const long = labels.find((label) => label.length > 255);
    if (long)
      return { error: `The label '${long}' exceeds the max length for single label (255).` };
    return { values: { labels: labelSet(labels.filter((label) => label !== "")) } };
  },
  priority(value, { project }) {
    const { id, name } = reference(value);
    const found = project.priorities.find(
      (priority) => priority.id === id || priority.name.toLowerCase() === name?.toLowerCase(),
    );
    if (found) return { values: { priorityId: found.id } };
    if (name !== undefined) return { error: `Priority name '${name}' is not valid` };
    return { error: "The priority selected is invalid." };
  },
  components: (value, { project }) =>
    readSet(value, project.components, "Component", (componentIds) => ({ componentIds })),
  fixVersions: (value, { project }) =>
    readSet(value, project.versions, "Version", (fixVersionIds) => ({ fixVersionIds })),
  versions: (value, { project }) =>
    readSet(value, project.versions, "Version", (versionIds) => ({ versionIds })),
  security(value, { project }) {
    if (value === null) return { values: { securityId: null } };
    const { id, name } = reference(value);
    const found = project.securityLevels.find((level) => level.id === id || level.name === name);
    if (found) return { values: { securityId: found.id } };
    return { error: "Security level is not valid." };
  },
  resolution(value) {
    const { id, name } = reference(value);
    const found = RESOLUTIONS.find(
      (each) => each.id === id || each.name.toLowerCase() === name?.toLowerCase(),
    );
    return found
      ? { values: { resolutionId: found.id } }
      : { error: "The resolution selected is invalid." };
  },
  issuetype(value, { project }) {
    const { id, name } = reference(value);
    const found = project.issueTypes.find(
      (type) => type.id === id || type.name.toLowerCase() === name?.toLowerCase(),
    );
    if (found) return { values: { issueTypeId: found.id } };
    return { error: "The issue type selected is invalid." };
  },
  assignee(value, { state }) {
    const { name } = reference(value);
    if (value === null || name === undefined || name === "")
      return { values: { assigneeKey: null } };
    const user = findUser(state, name);
    return user
      ? { values: { assigneeKey: user.key } }
      : { error: `User '${name}' does not exist.` };
  },
  reporter(value, { state }) {
    const { name } = reference(value);
    const user = findUser(state, name ?? "");
    if (user) return { values: { reporterKey: user.key } };
    return { error: name ? "The reporter specified is not a user." : "Reporter is required." };
  },
};

function readText(value: unknown, values: (text: string | null) => Partial<IssueValues>): Reading {
  if (value === null || value === "") return { values: values(null) };
  if (typeof value !== "string") return { error: "Operation value must be a string" };
  return isTooLong(value) ? { error: TEXT_TOO_LONG } : { values: values(value) };
}

/** `{name}` or `{id}`, the two ways to point at something. */
export function reference(value: unknown): { id?: string; name?: string; key?: string } {
  if (typeof value !== "object" || value === null) return {};
  const text = (member: unknown) =>
    member === undefined || member === null ? undefined : String(member);
  const { id, name, key } = value as Record<string, unknown>;
  return { id: text(id), name: text(name), key: text(key) };
}

/** By name or id, each once; one that the project does not have is refused by its name. */
function readSet(
  value: unknown,
  known: { id: string; name: string }[],
  what: string,
  values: (ids: string[]) => Partial<IssueValues>,
): Reading {
  if (value === null) return { values: values([]) };
  if (!Array.isArray(value)) return { error: "data was not an array" };
  const ids = new Set<string>();
  for (const each of value) {
    const { id, name } = reference(each);
    const found = known.find((one) => (id === undefined ? one.name === name : one.id === id));
    if (!found) return { error: `${what} ${id ? "id" : "name"} '${id ?? name}' is not valid` };
    ids.add(found.id);
  }
  return { values: values([...ids]) };
}

/** `remove` takes away what has the same id or the same name. */
function elementsAfter(
  operations: Record<string, unknown>[],
  set: ReturnType<typeof setOf>,
): unknown {
  if (!set) return operations.at(-1)?.set;
  let elements: unknown[] = set.known.filter(({ id }) => set.now.includes(id));
  for (const operation of operations) {
    if (Array.isArray(operation.set)) elements = operation.set;
    if ("add" in operation) elements = [...elements, operation.add];
    if ("remove" in operation) {
      const gone = idIn(set.known, operation.remove);
      elements = elements.filter((each) => idIn(set.known, each) !== gone);
    }
  }
  return elements;
}

function idIn(known: Element[], wanted: unknown): string | undefined {
  if (typeof wanted !== "object" || wanted === null) return undefined;
  const { id, name, value } = wanted as Partial<Element>;
  return known.find((each) =>
    id === undefined ? (each.name ?? each.value) === (name ?? value) : each.id === String(id),
  )?.id;
}

function labelsAfter(operations: Record<string, unknown>[], current: string[]): string[] {
  let labels = current;
  for (const operation of operations) {
    if (Array.isArray(operation.set)) labels = operation.set.map(String);
    if ("add" in operation) labels = [...labels, String(operation.add)];
    if ("remove" in operation) labels = labels.filter((label) => label !== operation.remove);
  }
  return labels;
}
