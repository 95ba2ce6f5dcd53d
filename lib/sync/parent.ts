import { mayTravel } from "@/lib/sync/mapping-row";
import type { PlanInput } from "@/lib/sync/plan";
import { type Note, otherSide, type Side } from "@/lib/sync/plan-types";
import type { IssueReading } from "@/lib/sync/replica";

/** The types that an issue may have at an instance as a part of another one; when there are none, why. */
export type PartTypes = { types: string[]; why: string | null };

type Twin = { id: string; key: string };
/** `type`: the one that the new issue gets so that it can be a part. */
export type PartThere = { parent: Twin; type?: string };

/**
 * How a new issue becomes a part of its parent's twin, when parts travel; "awaited" when that one will have a
 * twin: an issue cannot be made a part of another one later. Null when it becomes an issue of its own; a note
 * says why. `type` is the one that the mapping gives to it.
 */
export function parentThere(
  { parent, key }: IssueReading,
  from: Side,
  { mapping, twins, awaited, partTypes }: PlanInput,
  type: unknown,
  notes: Note[],
): PartThere | "awaited" | null {
  const side = otherSide(from);
  if (!parent || !mayTravel({ direction: mapping.subtasks }, side)) return null;
  const say = (text: string) =>
    void notes.push({ field: "parent", side, text: `${key} is a part of ${parent.key}${text}` });
  const twin = twins[from].get(parent.id);
  if (!twin && awaited[from].has(parent.id)) {
    say(": it follows once that one has its twin there");
    return "awaited";
  }
  if (!twin) {
    say(", which has no twin there: it becomes an issue of its own");
    return null;
  }
  if (!partTypes || partTypes.types.some((each) => each === type)) return { parent: twin };
  const { types, why } = partTypes;
  const [only] = types;
  if (only !== undefined && types.length === 1) {
    say(`: it becomes a "${only}" of ${twin.key}, since no other type can be a part there`);
    return { parent: twin, type: only };
  }
  const reason = why ?? `the mapped type is none of ${types.map((each) => `"${each}"`).join(", ")}`;
  say(`, and cannot be one of ${twin.key}: ${reason}. It becomes an issue of its own`);
  return null;
}
