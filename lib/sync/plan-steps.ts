import type { Mapping } from "@/lib/sync/mapping-schema";
import type { FieldChange, Side, Write } from "@/lib/sync/plan-types";
import type { FieldId, Fields, IssueReading } from "@/lib/sync/replica";
import { type KnownStep, type Step, wayTo } from "@/lib/sync/workflow";

export type StepsInput = { mapping: Mapping; steps: Record<Side, KnownStep[]> | null };

export type PlannedSteps = {
  writes: Write[];
  /** Fields that go along with a step, and not with the update. */
  taken: Set<FieldId>;
  problem: string | null;
};

/** The steps that bring an issue to a status, with the fields that their screens ask for. */
export function planSteps(
  reading: IssueReading,
  side: Side,
  status: FieldChange,
  changes: FieldChange[],
  { mapping, steps }: StepsInput,
): PlannedSteps | "needs_steps" {
  const target = String(status.to);
  const known = steps?.[side] ?? [];
  const way = wayTo(
    target,
    reading.transitions,
    known,
    mapping.statusSteps,
    passable(mapping, side),
  );
  if (!way) {
    if (steps === null && mapping.statusSteps > 1) return "needs_steps";
    return none(
      `${reading.key} cannot go from "${status.from}" to "${target}": no way of ${mapping.statusSteps === 1 ? "one step" : `up to ${mapping.statusSteps} steps`} is open to our account or known through mapped statuses`,
    );
  }
  const taken = new Set<FieldId>();
  const writes: Write[] = [];
  let from = String(status.from);
  for (const [index, step] of way.entries()) {
    const along = changes.filter(
      ({ field }) => !taken.has(field) && isOnScreen(step, field, index === way.length - 1),
    );
    for (const { field } of along) taken.add(field);
    const { fills, missing } = fillsOf(step, along, reading, mapping, side);
    if (missing)
      return none(
        `the step "${step.name}" of ${reading.key} requires ${missing}: map it, or give it a constant`,
      );
    writes.push({
      kind: "transition",
      side,
      transitionId: step.id,
      name: step.name,
      from,
      to: step.to,
      ...(step.to === target ? {} : { toward: target }),
      ...(along.length > 0 ? { changes: along } : {}),
      ...(Object.keys(fills).length > 0 ? { fills } : {}),
    });
    from = step.to;
  }
  return { writes, taken, problem: null };
}

/** Only through statuses that the mapping names at this side; without a table, through any. */
function passable(mapping: Mapping, side: Side): (status: string) => boolean {
  const table = mapping.fields.find((row) => row[side] === "status")?.values;
  if (!table) return () => true;
  const [to, from] =
    side === "remote" ? [table.toRemote, table.toLocal] : [table.toLocal, table.toRemote];
  const named = new Set([...Object.values(to), ...Object.keys(from)]);
  return (status) => named.has(status);
}

/** What a screen requires goes with its step; a resolution with the last one, since no edit sets it. */
function isOnScreen({ fields }: Step, field: FieldId, isLast: boolean): boolean {
  const asked = fields.find(({ id }) => id === field);
  return asked !== undefined && (asked.isRequired || (isLast && field === "resolution"));
}

function fillsOf(
  { fields }: Step,
  along: FieldChange[],
  reading: IssueReading,
  { constants }: Mapping,
  side: Side,
): { fills: Fields; missing: string | null } {
  const fills: Fields = {};
  for (const { id, name, isRequired } of fields) {
    const isGiven = along.some(({ field, to }) => field === id && to !== null);
    if (!isRequired || isGiven || isFilled(reading.fields[id])) continue;
    const constant = constants.find((each) => each.side === side && each.field === id);
    if (!constant) return { fills, missing: name };
    fills[id] = constant.value;
  }
  return { fills, missing: null };
}

function isFilled(value: Fields[string] | undefined): boolean {
  return value !== undefined && value !== null && value.length > 0;
}

function none(problem: string): PlannedSteps {
  return { writes: [], taken: new Set(), problem };
}
