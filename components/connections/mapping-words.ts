import type { FieldDescription, SideDescription } from "@/lib/sync/description";
import { fieldTitle } from "@/lib/sync/field-names";
import type { Direction, FieldMapping, Mapping } from "@/lib/sync/mapping-schema";
import { otherSide, type Side } from "@/lib/sync/plan-types";
import type { FieldId, Person } from "@/lib/sync/replica";

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

export type Mapped = { mapped: number; all: number };

/** How many values of a side have a counterpart; null for a field that takes any value. */
export function mappedOf(
  field: FieldDescription | undefined,
  table: Record<string, string>,
): Mapped | null {
  if (!field?.allowed) return null;
  const mapped = field.allowed.filter((value) => Object.hasOwn(table, value)).length;
  return { mapped, all: field.allowed.length };
}

/** Whether all values have a counterpart, each way, or how many do not. */
export function correspondWords(toRemote: Mapped | null, toLocal: Mapped | null): string {
  const lacks = (of: Mapped | null) => (of ? of.all - of.mapped : 0);
  const [there, here] = [lacks(toRemote), lacks(toLocal)];
  if (there + here === 0)
    return toRemote?.all === toLocal?.all
      ? `All ${toRemote?.all ?? 0} values correspond`
      : "All values correspond, both ways";
  const parts = [
    ...(there > 0 ? [`${there} of ${toRemote?.all} have no counterpart there`] : []),
    ...(here > 0 ? [`${here} of ${toLocal?.all} have none here`] : []),
  ];
  return parts.join("; ");
}

/**
 * How many of the people whom `from` knows are found at the other side, by the mapping's table, address or
 * name. Null where one of the two does not list its people.
 */
export function peopleFound(
  sides: Record<Side, Pick<SideDescription, "people">>,
  { table, by }: Mapping["people"],
  from: Side,
): Mapped | null {
  const known = sides[from].people;
  const there = sides[otherSide(from)].people;
  if (!known || !there) return null;
  const hasCounterpart = (person: Person) =>
    table.some((row) => row[from] === person.key) ||
    by.some((how) => {
      const value = person[how]?.toLowerCase();
      return value && there.filter((each) => each[how]?.toLowerCase() === value).length === 1;
    });
  return { mapped: known.filter(hasCounterpart).length, all: known.length };
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
