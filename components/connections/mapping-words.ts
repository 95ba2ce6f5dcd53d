import type { FieldDescription, SideDescription } from "@/lib/sync/description";
import { fieldTitle } from "@/lib/sync/field-names";
import type { Direction, FieldMapping } from "@/lib/sync/mapping-schema";
import type { FieldId } from "@/lib/sync/replica";

export const DIRECTIONS: { value: Direction; words: string }[] = [
  { value: "both", words: "both ways" },
  { value: "to_remote", words: "to the other side only" },
  { value: "to_local", words: "to this side only" },
  { value: "none", words: "not at all" },
];

/** What people call a field of a side; its id, where the side does not describe it. */
export function fieldName({ fields }: SideDescription, id: FieldId): string {
  return fieldTitle(id, fields.find((field) => field.id === id)?.name);
}

/** "5 of 6 statuses": how many values of a side have a counterpart; null for a field that takes any value. */
export function mappedWords(
  field: FieldDescription | undefined,
  table: Record<string, string>,
): string | null {
  if (!field?.allowed) return null;
  const mapped = field.allowed.filter((value) => Object.hasOwn(table, value)).length;
  return `${mapped} of ${field.allowed.length}`;
}

/** A row for two fields of one kind that are not mapped yet; null where they cannot correspond. */
export function rowFor(local: FieldDescription, remote: FieldDescription): FieldMapping | null {
  const texts = ["text", "markup"];
  const isText = texts.includes(local.kind) && texts.includes(remote.kind);
  if (local.kind !== remote.kind && !isText) return null;
  return {
    local: local.id,
    remote: remote.id,
    kind: local.kind,
    ...(local.name === local.id ? {} : { name: local.name }),
    direction: "both",
    ...(local.allowed && remote.allowed ? { values: { toRemote: {}, toLocal: {} } } : {}),
  };
}
