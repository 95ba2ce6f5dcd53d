import { type FieldChange, otherSide, type Side } from "@/lib/sync/plan-types";
import type { FieldId, FieldValue } from "@/lib/sync/replica";

/** Sets of which a side keeps one element. */
export type TakesOne = Record<Side, readonly FieldId[]>;

/** As both sides' connectors say. */
export function takesOneOf(sides: Record<Side, { takesOne?: readonly FieldId[] }>): TakesOne {
  return { local: sides.local.takesOne ?? [], remote: sides.remote.takesOne ?? [] };
}

/** What there is to choose from, where a side would get more elements than the one it keeps; else null. */
export function tooMany(
  takesOne: TakesOne | undefined,
  side: Side,
  field: FieldId,
  value: FieldValue,
): string | null {
  if (!Array.isArray(value) || value.length < 2 || !takesOne?.[side].includes(field)) return null;
  return value.join(", ");
}

/**
 * Takes changes out of a plan that would bring more elements to a side than it keeps: nothing of that field is
 * written at either side until a person has chosen. Returns what to say about each.
 */
export function takeOutTooMany(
  changes: Record<Side, FieldChange[]>,
  takesOne: TakesOne | undefined,
  keys: Record<Side, string>,
): { side: Side; field: string; text: string }[] {
  const said: { side: Side; field: string; text: string }[] = [];
  for (const side of ["local", "remote"] as const)
    for (const change of [...changes[side]]) {
      const elements = tooMany(takesOne, side, change.field, change.to);
      if (elements === null) continue;
      const other = otherSide(side);
      changes[side] = changes[side].filter((each) => each !== change);
      changes[other] = changes[other].filter(({ field }) => field !== change.source);
      const field = change.name ?? change.field;
      said.push({
        side,
        field,
        text: `${keys[side]} takes one value of ${field}, and ${elements} are to stand there: leave one of them at ${keys[other]} or ${keys[side]}, and it is sent`,
      });
    }
  return said;
}
