import type { Fence, GateState } from "@/lib/gate/gate";
import type { Fact, VerdictKind } from "@/lib/identity/verdict";
import type { Plan } from "@/lib/sync/plan-types";

export const DECISIONS = ["same_node", "copy", "stay_inactive"] as const;
export type Decision = (typeof DECISIONS)[number];

/** What is known of another holder of our claim at an instance. Moments are ISO strings. */
export type ClaimFinding =
  /** Not looked yet in this life, or not for long enough to tell. `readyAt`: when it will be. */
  | { kind: "listening"; readyAt: string | null }
  /** Nobody has ever claimed there. */
  | { kind: "free"; since: string }
  /** The last sign of life of our identity there was ours. */
  | { kind: "ours"; at: string | null }
  /** Ours now, renewed while active. */
  | { kind: "held"; at: string | null }
  /**
   * Written under our identity, not by this node. `readyAt`: until then we have not looked long enough to
   * tell whether it moves; null once it has stood still for long enough.
   */
  | { kind: "newer"; seenAt: string; console: string | null; readyAt: string | null }
  /** Another node with our identity is alive there. */
  | { kind: "alive"; movedAt: string; console: string | null }
  /** Somebody who found two of us marked it: nobody with this identity may write. */
  | { kind: "contested"; seenAt: string; console: string | null }
  /** No place for a claim: this protection is missing. */
  | { kind: "no_place"; why: string }
  /** It could not be read. */
  | { kind: "unreadable"; why: string };

export type ClaimLine = {
  instance: { id: number; name: string };
  project: string;
  finding: ClaimFinding;
};

/** The sides of one connection that a person has to see to before it may be used. */
export type HeldConnection = {
  id: number;
  name: string;
  heldAt: string;
  sides: {
    side: "local" | "remote";
    instance: string;
    address: string;
    project: string;
    isHeld: boolean;
  }[];
};

/** An instance that is not, or no longer, what was confirmed. */
export type UnconfirmedInstance = {
  id: number;
  name: string;
  /** Where we call it. */
  address: string;
  /** What it calls itself. */
  reported: string;
  confirmed: { address: string; reported: string; applicationId: string | null } | null;
  applicationId: string | null;
};

export type WaitingLine = {
  connection: { id: number; name: string };
  toRemote: number;
  toLocal: number;
  both: number;
  unplanned: number;
  /** Of all these: set aside because they came with a copy. */
  inherited: number;
  held: number;
  /** Of the held: those that came with a copy, and that nobody has released or discarded. */
  setAside: number;
  failed: number;
  oldestAt: string | null;
  /** Of all these, what an activation would send, by where it goes. */
  ready: { toRemote: number; toLocal: number; both: number; unplanned: number };
};

export type PlannedEntry = {
  entryId: number;
  pairId: number;
  issueKey: string;
  twinKey: string | null;
  summary: string;
  connection: { id: number; name: string };
  words: string;
  plan: Plan | null;
  isInherited: boolean;
};

/** How many of each kind of write the plans of all that may be sent hold, up to the cap of counts. */
export type PlanTotals = {
  entries: number;
  creates: number;
  updates: number;
  transitions: number;
  comments: number;
  attachments: number;
  worklogs: number;
  links: number;
  /** Issues whose plan overwrites what somebody edited there since the last time in step. */
  overwrites: number;
  /** Issues that would have a field emptied. */
  empties: number;
  notPlanned: number;
  /** Mails that the instances send for it at the least, and of how many issues nobody can know. */
  mails: number;
  mailsUnknown: number;
};

export type ConnectionPlans = {
  connection: { id: number; name: string };
  /** Everything that waits and may be sent (capped); 50 of it are shown, the riskiest first. */
  ready: number;
  totals: PlanTotals;
  entries: PlannedEntry[];
};

/** Everything the Activation page shows, of one moment. */
export type ActivationView = {
  now: string;
  gate: { state: GateState; fence: Fence; since: string; by: string | null; reason: string | null };
  node: { identity: string; label: string | null; console: string | null; copyOf: string | null };
  verdict: {
    id: number;
    at: string;
    kind: VerdictKind;
    sentence: string;
    facts: Fact[];
    needsDecision: boolean;
    decision: {
      kind: Decision;
      by: string;
      at: string;
      reason: string | null;
      /** Until the first activation after it, and while nothing was pointed elsewhere. */
      isRevocable: boolean;
    } | null;
  } | null;
  claims: ClaimLine[];
  heldConnections: HeldConnection[];
  unconfirmed: UnconfirmedInstance[];
  /** Pairs that ended because their marker was not found after a re-pointing, newest first. */
  unlinked: {
    id: number;
    connection: string;
    localKey: string | null;
    remoteKey: string | null;
    reason: string;
    at: string;
  }[];
  unverifiedPairs: number;
  /** At least one issue is under sync. */
  isAnythingPaired: boolean;
  foreignEvents: {
    connection: string;
    side: string;
    base: string;
    events: number;
    lastAt: string;
  }[];
  waiting: WaitingLine[];
  plans: ConnectionPlans[];
  /** What this node's key does not open; see `credential-store.ts`. */
  unreadable: {
    instances: { id: number; name: string }[];
    webhooks: { id: number; name: string }[];
  };
  /** Both instances of each connection that stopped because an access token was rejected. */
  rejectedTokens: { id: number; name: string }[];
  /** Why the button is shut although the gate is inactive; empty when nothing stands in the way. */
  obstacles: string[];
};
