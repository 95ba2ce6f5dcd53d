import type { CustomField, CustomValue, Project } from "@/e2e/simulators/jira-data-center/records";
import { findUser, type JiraState, userByKey } from "@/e2e/simulators/jira-data-center/state";

type Kind = CustomField["kind"];
type Reading = { value: CustomValue | null } | { error: string };

const TYPES: Record<Kind, { type: string; custom: string; items?: string }> = {
  text: { type: "string", custom: "textfield" },
  textarea: { type: "string", custom: "textarea" },
  number: { type: "number", custom: "float" },
  date: { type: "date", custom: "datepicker" },
  select: { type: "option", custom: "select" },
  multiselect: { type: "array", items: "option", custom: "multiselect" },
  user: { type: "user", custom: "userpicker" },
};

/** The schema that /field, createmeta and editmeta give. */
export function customSchema({ id, kind }: CustomField) {
  const { custom, ...type } = TYPES[kind];
  return {
    ...type,
    custom: `com.atlassian.jira.plugin.system.customfieldtypes:${custom}`,
    customId: Number(id.replace("customfield_", "")),
  };
}

/** The value as the changelog tells it. */
export function customText(
  state: JiraState,
  field: CustomField,
  value: CustomValue | undefined,
): { id: string | null; text: string | null } {
  if (value === undefined) return { id: null, text: null };
  const nameOf = (id: string) => field.options.find((each) => each.id === id)?.value ?? id;
  if (Array.isArray(value))
    return { id: `[${value.join(", ")}]`, text: value.map(nameOf).join(",") };
  if (field.kind === "select") return { id: String(value), text: nameOf(String(value)) };
  if (field.kind === "user")
    return { id: String(value), text: userByKey(state, String(value)).displayName };
  return { id: null, text: String(value) };
}

export function findCustomField({ customFields }: Project, id: string): CustomField | undefined {
  return customFields.find((field) => field.id === id);
}

/** What a request sets a field to; `null` empties it. */
export function readCustom(state: JiraState, field: CustomField, value: unknown): Reading {
  if (value === null || value === undefined || value === "") return { value: null };
  return READERS[field.kind](value, field, state);
}

const OPTION = (field: CustomField, value: unknown): string | undefined => {
  const wanted = typeof value === "object" && value !== null ? value : { value };
  const { id, value: text } = wanted as { id?: unknown; value?: unknown };
  return field.options.find((each) =>
    id === undefined ? each.value === text : each.id === String(id),
  )?.id;
};

const text = (value: unknown): Reading =>
  typeof value === "string" ? { value } : { error: "Operation value must be a string" };

const READERS: Record<Kind, (value: unknown, field: CustomField, state: JiraState) => Reading> = {
  text: (value) =>
    typeof value === "string" && value.length > 255
      ? { error: "The entered text is too long. It exceeds the allowed limit of 255 characters." }
      : text(value),
  textarea: text,
  number: (value) =>
    typeof value === "number" ? { value } : { error: "Operation value must be a number" },
  date: (value) =>
    typeof value === "string" && /^\d{4}-\d\d-\d\d$/.test(value)
      ? { value }
      : {
          error: "Error parsing date string: please enter the date in the format 'yyyy-MM-dd'",
        },
  select(value, field) {
    const id = OPTION(field, value);
    return id === undefined
      ? { error: `Option value '${shown(value)}' is not valid` }
      : { value: id };
  },
  multiselect(value, field) {
    if (!Array.isArray(value)) return { error: "data was not an array" };
    const ids: string[] = [];
    for (const each of value) {
      const id = OPTION(field, each);
      if (id === undefined) return { error: `Option value '${shown(each)}' is not valid` };
      if (!ids.includes(id)) ids.push(id);
    }
    return { value: ids.length > 0 ? ids : null };
  },
  user(value, _field, state) {
    const { name } = (typeof value === "object" ? value : {}) as { name?: unknown };
    const user = typeof name === "string" ? findUser(state, name) : undefined;
    return user ? { value: user.key } : { error: `User '${String(name)}' was not found.` };
  },
};

function shown(value: unknown): string {
  const { id, value: text } = (typeof value === "object" && value !== null ? value : {}) as {
    id?: unknown;
    value?: unknown;
  };
  return String(text ?? id ?? value);
}
