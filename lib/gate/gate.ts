/**
 * What a claim, a permit or a completion was made under. Both halves are needed: a restored
 * database repeats epochs, and an incarnation sees many openings and closings.
 */
export type Fence = { incarnation: string; epoch: number };

export type GateState = "inactive" | "active" | "closing";

/** `closing` ends by itself when no permit is open; an administrator opens, nothing else does. */
export type Gate = { state: GateState; fence: Fence };

export type Refusal =
  | "earlier_incarnation"
  | "earlier_epoch"
  | "inactive"
  | "closing"
  | "claim_lost"
  /** The database is another one than this worker joined at, or restarted. */
  | "another_server"
  /** Beside the gate: the opening does not name the connection, or a person has to see to something first. */
  | "out_of_scope"
  | "connection_held"
  | "unverified"
  | "not_ours_there";

/** Why nothing may be written under `fence`, or `null` when it may. */
export function refusedBecause(gate: Gate, fence: Fence): Refusal | null {
  if (gate.fence.incarnation !== fence.incarnation) return "earlier_incarnation";
  if (gate.fence.epoch !== fence.epoch) return "earlier_epoch";
  return gate.state === "active" ? null : gate.state;
}

/** Both halves count: epochs repeat after a restore. */
export function sameFence(a: Fence, b: Fence): boolean {
  return a.incarnation === b.incarnation && a.epoch === b.epoch;
}
