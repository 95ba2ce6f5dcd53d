import type { Fence, GateState } from "@/lib/gate/gate";
import { type GateTransitionRow, gateTransitionRows } from "@/lib/gate/transitions";

/** One row of a node's history (`gate_change`), in the order of its ids. */
export type GateStep = Fence & {
  kind: "opened" | "closing" | "closed" | "new_incarnation";
  state: GateState;
};

/** A permit, by its fence; permits come in the order in which they were granted. */
export type PermitStep = Fence;

export type Trace = { gate: readonly GateStep[]; permits: readonly PermitStep[] };

/** A step that the table does not allow: its place in its list, and why. */
export type Forbidden =
  | { in: "gate"; at: number; step: GateStep; because: string }
  | { in: "permits"; at: number; step: PermitStep; because: string };

const EVENTS: Record<GateStep["kind"], GateTransitionRow["event"]> = {
  opened: "open",
  closing: "close",
  closed: "settle_closing",
  new_incarnation: "begin",
};

/**
 * Plays a node's recorded history on the table of transitions, from a gate that was never opened.
 * Returns the first step that the table does not allow, or null. A permit is allowed only under a
 * fence with which the gate was open, and not after one of a later opening.
 */
export function replay({ gate, permits }: Trace): Forbidden | null {
  const rows = gateTransitionRows();
  const openings: Fence[] = [];
  const lives = new Set([""]);
  let now: Fence & { state: GateState } = { state: "inactive", incarnation: "", epoch: 0 };
  for (const [at, step] of gate.entries()) {
    const because = whyNot(rows, now, step, lives);
    if (because) return { in: "gate", at, step, because };
    if (step.kind === "opened") openings.push(step);
    lives.add(step.incarnation);
    now = step;
  }
  let last = 0;
  for (const [at, step] of permits.entries()) {
    const opening = openings.findIndex(
      ({ incarnation, epoch }) => incarnation === step.incarnation && epoch === step.epoch,
    );
    const because =
      opening < 0
        ? "the gate was never open under this fence"
        : opening < last
          ? "the gate had been opened anew before it was granted"
          : null;
    if (because) return { in: "permits", at, step, because };
    last = opening;
  }
  return null;
}

function whyNot(
  rows: readonly GateTransitionRow[],
  now: Fence & { state: GateState },
  step: GateStep,
  lives: ReadonlySet<string>,
): string | null {
  const newIncarnation = step.incarnation !== now.incarnation;
  const isInTable = rows.some(
    (row) =>
      row.event === EVENTS[step.kind] &&
      row.fromState === now.state &&
      row.toState === step.state &&
      row.epochStep === step.epoch - now.epoch &&
      row.newIncarnation === newIncarnation,
  );
  if (!isInTable)
    return `${step.kind}: the gate does not move from ${now.state} (epoch ${now.epoch}) to ${step.state} (epoch ${step.epoch})${newIncarnation ? " under a new incarnation" : ""}`;
  if (newIncarnation && lives.has(step.incarnation)) return "this incarnation has been before";
  if (step.kind === "opened" && step.incarnation === "") return "no worker had started yet";
  return null;
}
