import type { Choice, Side } from "@/lib/sync/plan-types";
import { digestOf, type FieldId, type FieldValue, normaliseText } from "@/lib/sync/replica";

/** What people chose in conflicts of a pair, by the local side's id of the field. */
export type Choices = Record<FieldId, Choice>;

/** What a choice was made between. Another value on either side is another question. */
export function choiceDigest(values: Record<Side, FieldValue>): string {
  return digestOf(JSON.stringify([settled(values.local), settled(values.remote)]));
}

function settled(value: FieldValue): FieldValue {
  if (Array.isArray(value)) return [...new Set(value)].sort();
  return value === null ? "" : normaliseText(value);
}

/** The side that a person chose between exactly these values; null when nobody did. */
export function chosenSide(
  choices: Choices,
  field: FieldId,
  values: Record<Side, FieldValue>,
): Side | null {
  const choice = Object.hasOwn(choices, field) ? choices[field] : undefined;
  return choice && choice.digest === choiceDigest(values) ? choice.side : null;
}
