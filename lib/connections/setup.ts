import type { MappingProblem } from "@/lib/sync/check-mapping";
import type { SideDescription } from "@/lib/sync/description";
import type { Mapping } from "@/lib/sync/mapping-schema";
import type { Plan, Side } from "@/lib/sync/plan-types";
import type { FirstMeeting } from "@/lib/sync/policies";

// What the console shows while a connection is being set up. Nothing of it is kept.

/** One thing that was tried at an instance, so that a person knows whether it will do. */
export type Check = {
  id: string;
  /** What was tried, as a short noun. */
  what: string;
  /** `doubtful`: it works, but perhaps not as meant. `unknown`: the instance does not say. */
  state: "fine" | "doubtful" | "wrong" | "unknown";
  /** What came back. */
  said: string;
  /** What to do about it; null when nothing is to be done. */
  advice: string | null;
};

/** An instance that can be chosen. */
export type KnownInstance = { id: number; kind: string; name: string; baseUrl: string };

/** An instance that was tried: with what it calls itself, when it can be kept. */
export type Tried = { checks: Check[]; title: string | null };

export type ProjectChoice = { key: string; name: string };

/** Both sides as they describe themselves, a mapping to begin with, and what our accounts may do there. */
export type Compared = {
  sides: Record<Side, SideDescription>;
  proposal: Mapping;
  rights: Record<Side, Check[]>;
};

/** What a trigger names now. */
export type Triggered = {
  total: number;
  examples: { id: string; key: string; summary: string; updatedAt: string }[];
};

/**
 * Issues of one side that its trigger names now. `known`: how many of the `lookedAt` newest are in a pair of
 * the connection already; `examples`: the newest of those that are in none.
 */
export type Existing = {
  total: number;
  lookedAt: number;
  known: number;
  examples: { key: string; summary: string }[];
};

/**
 * An issue that somebody may link, with the pair of this connection that it is in; `twin`: the other one's key,
 * null when it has none yet. `firstMeeting`: whose values count where two that are linked differ.
 */
export type LookedUp = {
  key: string;
  url: string;
  summary: string;
  firstMeeting: FirstMeeting;
  pair: { id: number; twin: string | null; isStopped: boolean } | null;
};

/** Pairs that a search would not name: of how many that were looked at, and the keys of the newest. */
export type Leaving = { lookedAt: number; leaving: number; examples: string[] };

/**
 * One issue of a trigger, with what would be sent for it. `alike`: the key of an issue at the other side with
 * the same summary, where a new one would be made.
 */
export type Preview = {
  key: string;
  url: string;
  summary: string;
  plan: Plan;
  from: Side;
  alike: string | null;
};

/** The first plans of a connection that is being made, and what is wrong with its mapping. */
export type FirstPlans = {
  problems: MappingProblem[];
  previews: Preview[];
  /** How many issues the triggers name now, of which the newest are previewed. */
  total: number;
};
