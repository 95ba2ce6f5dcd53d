import type { FieldDescription, SideDescription } from "@/lib/sync/description";
import { fieldTitle } from "@/lib/sync/field-names";
import { mayTravel } from "@/lib/sync/mapping-row";
import type { FieldMapping, Mapping } from "@/lib/sync/mapping-schema";
import { otherSide, type Side } from "@/lib/sync/plan-types";

/** `blocks`: issues could not be written as the mapping says. The others leave something out that people may miss. */
export type MappingProblem = {
  /** The part of the mapping that it is about: `fields.2.values`, `constants.0`, `people.table.1`. */
  path: string;
  side: Side;
  blocks: boolean;
  message: string;
};

type Sides = Record<Side, SideDescription>;
const SIDES = ["local", "remote"] as const;

/** What a mapping names that an instance does not have, and what an instance wants that it does not name. */
export function checkMapping(
  mapping: Mapping,
  local: SideDescription,
  remote: SideDescription,
): MappingProblem[] {
  const sides = { local, remote };
  return [
    ...mapping.fields.flatMap((row, index) => checkRow(row, `fields.${index}`, sides)),
    ...mapping.constants.flatMap(({ side, field, value }, index) => {
      const path = `constants.${index}`;
      const described = find(sides[side], field);
      if (!described) return [missing(path, side, field)];
      return checkValues([value].flat(), described, path, side);
    }),
    ...SIDES.flatMap((side) => checkRequired(mapping, side, sides)),
    ...checkPeople(mapping, sides),
  ];
}

function checkRow(row: FieldMapping, path: string, sides: Sides): MappingProblem[] {
  const problems: MappingProblem[] = [];
  for (const side of SIDES) {
    const described = find(sides[side], row[side]);
    if (!described) {
      // What is only read may be on no screen of ours: it is missed, not in the way.
      problems.push({ ...missing(path, side, row[side]), blocks: mayTravel(row, side) });
      continue;
    }
    if (mayTravel(row, side) && !described.canWrite)
      problems.push({
        path: `${path}.direction`,
        side,
        blocks: true,
        message: `${described.name} cannot be written by our account at the ${side} side`,
      });
    const isText = ["text", "markup"].includes(described.kind);
    if (described.kind !== row.kind && !(isText && ["text", "markup"].includes(row.kind)))
      problems.push({
        path: `${path}.kind`,
        side,
        blocks: true,
        message: `${described.name} is a field of kind ${described.kind} at the ${side} side, not ${row.kind}`,
      });
    if (mayTravel(row, side)) problems.push(...checkTable(row, path, side, sides));
  }
  return problems;
}

/** Values that are sent to `to`: they must exist there, and those of the other side should have a counterpart. */
function checkTable(row: FieldMapping, path: string, to: Side, sides: Sides): MappingProblem[] {
  const [target, source] = [
    find(sides[to], row[to]),
    find(sides[otherSide(to)], row[otherSide(to)]),
  ];
  if (!target?.allowed) return [];
  const direction = to === "remote" ? "toRemote" : "toLocal";
  const table = row.values?.[direction];
  const otherwise = row.otherwise?.[direction];
  const named = [...Object.values(table ?? {}), ...(otherwise === undefined ? [] : [otherwise])];
  const problems = checkValues(named, target, `${path}.values`, to);
  if (otherwise !== undefined || !source?.allowed) return problems;
  const lost = source.allowed.filter((value) =>
    table ? !Object.hasOwn(table, value) : !target.allowed?.includes(value),
  );
  if (lost.length > 0)
    problems.push({
      path: `${path}.values`,
      side: to,
      blocks: false,
      message: `${fieldTitle(row.local, row.name)}: ${listed(lost)} ${lost.length === 1 ? "has" : "have"} no counterpart at the ${to} side and will not be sent`,
    });
  return problems;
}

function checkValues(
  values: string[],
  { name, allowed }: FieldDescription,
  path: string,
  side: Side,
): MappingProblem[] {
  if (!allowed) return [];
  const unknown = [...new Set(values)].filter((value) => !allowed.includes(value));
  if (unknown.length === 0) return [];
  const message = `${name} does not have ${listed(unknown)} at the ${side} side: it has ${listed(allowed)}`;
  return [{ path, side, blocks: true, message }];
}

/** A new issue is refused without the fields that its side requires. */
function checkRequired(mapping: Mapping, side: Side, sides: Sides): MappingProblem[] {
  const given = new Set([
    "type",
    ...mapping.fields.filter((row) => mayTravel(row, side)).map((row) => row[side]),
    ...mapping.constants.filter((each) => each.side === side).map(({ field }) => field),
  ]);
  return sides[side].fields
    .filter(({ id, isRequired }) => isRequired && !given.has(id))
    .map(({ name }) => ({
      path: "fields",
      side,
      blocks: true,
      message: `the ${side} side requires ${name} for a new issue: map it, or give it a constant`,
    }));
}

function checkPeople({ people }: Mapping, sides: Sides): MappingProblem[] {
  const named = SIDES.flatMap((side) => [
    ...people.table.map((row, index) => ({ side, key: row[side], path: `people.table.${index}` })),
    { side, key: people.otherwise[side], path: "people.otherwise" },
  ]);
  return named.flatMap(({ side, key, path }) => {
    const known = sides[side].people;
    if (key === null || !known || known.some((person) => person.key === key)) return [];
    const message = `nobody called ${key} can be given an issue at the ${side} side`;
    return [{ path, side, blocks: false, message }];
  });
}

function missing(path: string, side: Side, field: string): MappingProblem {
  return {
    path,
    side,
    blocks: true,
    message: `there is no field ${field} at the ${side} side that our account may see on its create screen`,
  };
}

function find({ fields }: SideDescription, id: string): FieldDescription | undefined {
  return fields.find((field) => field.id === id);
}

/** Enough to recognise; a list of five hundred components helps nobody. */
function listed(values: string[]): string {
  const shown = values.slice(0, 8).map((value) => `"${value}"`);
  const rest = values.length - shown.length;
  return rest > 0 ? `${shown.join(", ")} and ${rest} more` : shown.join(", ");
}
