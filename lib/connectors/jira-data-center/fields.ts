import { z } from "zod";
import type { Wanted } from "@/lib/connectors/connector";
import type { FieldDescription } from "@/lib/sync/description";
import type { FieldId, FieldKind, FieldValue, Person } from "@/lib/sync/replica";

/** Jira's ids of the fields that issues of every kind have; the others have ours. */
const JIRA_IDS: Record<FieldId, string> = { type: "issuetype", dueDate: "duedate" };
const OUR_IDS = new Map(Object.entries(JIRA_IDS).map(([ours, theirs]) => [theirs, ours]));

/** What Jira calls a field. Custom fields are called the same here. */
export function jiraIdOf(field: FieldId): string {
  return JIRA_IDS[field] ?? field;
}

/** What we call a field of Jira. */
export function fieldIdOf(jiraId: string): FieldId {
  return OUR_IDS.get(jiraId) ?? jiraId;
}

const person = z.object({
  name: z.string(),
  displayName: z.string().optional(),
  emailAddress: z.string().nullish(),
});
const option = z.union([
  z.string(),
  z.object({ name: z.string() }).transform(({ name }) => name),
  z.object({ value: z.string() }).transform(({ value }) => value),
]);

const READERS: Record<FieldKind, z.ZodType<FieldValue>> = {
  text: z.string().nullable(),
  markup: z.string().nullable(),
  option: option.nullable(),
  options: z
    .array(option)
    .nullable()
    .transform((values) => values ?? []),
  user: person.nullable().transform((found) => found?.name ?? null),
  date: z
    .string()
    .nullable()
    .transform((text) => text?.slice(0, 10) ?? null),
  number: z
    .number()
    .nullable()
    .transform((value) => (value === null ? null : String(value))),
};

/** A field's value in the neutral form; `undefined` for one that is missing, or of another shape than its kind. */
export function readField(kind: FieldKind, raw: unknown): FieldValue | undefined {
  if (raw === undefined) return undefined;
  const read = READERS[kind].safeParse(raw);
  return read.success ? read.data : undefined;
}

/** Who stands in a field, as Jira shows it there; null for anything else. */
export function personIn(raw: unknown): Person | null {
  const read = person.safeParse(raw);
  return read.success ? toPerson(read.data) : null;
}

export const personAnswer = person.transform(toPerson);

function toPerson({ name, displayName, emailAddress }: z.infer<typeof person>): Person {
  return { key: name, name: displayName ?? name, email: emailAddress || null };
}

/** Fields whose sets are made of strings; the others name their elements. */
const STRINGS = new Set(["labels"]);
const isCustom = (field: FieldId) => field.startsWith("customfield_");

/** A value as an edit or a create takes it. */
export function writeField({ id, kind }: Wanted, value: FieldValue): unknown {
  if (value === null) return kind === "options" ? [] : null;
  const named = (each: string) => (isCustom(id) ? { value: each } : { name: each });
  if (Array.isArray(value)) return STRINGS.has(id) ? value : value.map(named);
  if (kind === "option") return named(value);
  if (kind === "user") return { name: value };
  return kind === "number" ? Number(value) : value;
}

const allowedValue = z.object({ name: z.string().optional(), value: z.string().optional() });
const createField = z.object({
  fieldId: z.string(),
  name: z.string(),
  required: z.boolean(),
  hasDefaultValue: z.boolean().optional(),
  schema: z.object({
    type: z.string(),
    items: z.string().optional(),
    custom: z.string().optional(),
  }),
  operations: z.array(z.string()).optional(),
  allowedValues: z.array(allowedValue).optional(),
});
export const createFieldPage = z.object({
  total: z.number().optional(),
  isLast: z.boolean().optional(),
  values: z.array(createField),
});
export const issueTypePage = z.object({
  total: z.number().optional(),
  isLast: z.boolean().optional(),
  values: z.array(
    z.object({
      id: z.union([z.string(), z.number()]).transform(String),
      name: z.string(),
      subtask: z.boolean().default(false),
    }),
  ),
});
export const projectStatuses = z.array(
  z.object({ name: z.string(), statuses: z.array(z.object({ name: z.string() })) }),
);

/** Fields that have parts of their own in an issue's reading, or that only Jira sets. */
const NOT_MAPPED = new Set([
  "project",
  "attachment",
  "issuelinks",
  "comment",
  "parent",
  "worklog",
  "timetracking",
]);

/** A field of the create screen as people map it; null for one that cannot be mapped. */
export function toDescription(field: z.infer<typeof createField>): FieldDescription | null {
  const { fieldId, name, required, hasDefaultValue, schema, operations, allowedValues } = field;
  const kind = kindOf(fieldId, schema);
  if (NOT_MAPPED.has(fieldId) || kind === null) return null;
  return {
    id: fieldIdOf(fieldId),
    name,
    kind,
    allowed: allowedValues ? allowedValues.flatMap((each) => each.name ?? each.value ?? []) : null,
    isRequired: required && hasDefaultValue !== true,
    canWrite: operations === undefined || operations.includes("set"),
  };
}

const NAMED = [
  "option",
  "priority",
  "resolution",
  "issuetype",
  "version",
  "component",
  "securitylevel",
];

function kindOf(
  id: string,
  {
    type,
    items,
    custom,
  }: { type: string; items?: string | undefined; custom?: string | undefined },
): FieldKind | null {
  if (type === "string")
    return id === "description" || id === "environment" || custom?.endsWith(":textarea")
      ? "markup"
      : "text";
  if (type === "array")
    return items === "string" || (items !== undefined && NAMED.includes(items)) ? "options" : null;
  if (type === "number" || type === "user" || type === "date") return type;
  return NAMED.includes(type) ? "option" : null;
}
