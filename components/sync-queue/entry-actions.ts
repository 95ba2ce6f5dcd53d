import type { ActionResult } from "@/components/gate/gate-actions";
import { count, isAre } from "@/components/ui/words";
import { cappedCount } from "@/lib/gate/status";
import type { EntryState, QueueFilter } from "@/lib/sync-queue/row";

export const ENTRY_VERBS = ["hold", "release", "retry", "discard"] as const;
export type EntryVerb = (typeof ENTRY_VERBS)[number];

/** What a person may ask for entries; each is a server action. */
export type EntryActions = Record<
  EntryVerb,
  (input: { ids: number[]; reason?: string }) => Promise<ActionResult>
>;

/** What can be done with everything that a filter matches. */
export const FILTER_ACTS = ["release", "discard"] as const;
export type FilterAct = (typeof FILTER_ACTS)[number];

/** What a person may ask for everything that a filter matches. `count`: how many they were shown. */
export type FilterActions = {
  actOnFilter: (input: {
    act: FilterAct;
    filter: Omit<QueueFilter, "sort">;
    count: number;
    reason?: string;
  }) => Promise<ActionResult>;
  undoAct: (input: { undoId: string }) => Promise<ActionResult>;
};

/** The same table as the store's WHERE: an entry in another state is skipped there. */
const FROM: Record<EntryVerb, readonly EntryState[]> = {
  hold: ["queued", "retrying", "failed"],
  release: ["held"],
  retry: ["failed", "retrying"],
  discard: ["queued", "retrying", "held", "failed"],
};

export function isOffered(verb: EntryVerb, state: EntryState): boolean {
  return FROM[verb].includes(state);
}

export const VERB_LABELS: Record<EntryVerb, string> = {
  hold: "Hold",
  release: "Release",
  retry: "Retry",
  discard: "Discard",
};

/** "Hold 3 issues": a button says what it will do. */
export function verbLabel(verb: EntryVerb, amount: number): string {
  return `${VERB_LABELS[verb]} ${amount} ${amount === 1 ? "issue" : "issues"}`;
}

/** "Release all 812 held", "Discard the 1". */
export function actLabel(act: FilterAct, amount: number): string {
  const which = act === "release" ? " held" : "";
  return amount === 1
    ? `${VERB_LABELS[act]} the 1${which}`
    : `${VERB_LABELS[act]} all ${cappedCount(amount)}${which}`;
}

const DONE: Record<EntryVerb, string> = {
  hold: "held",
  release: "released",
  retry: "tried again as soon as possible",
  discard: "discarded",
};

/** What a toast says afterwards: the key when it was one, else how many, and how many had moved on. */
export function doneWords(verb: EntryVerb, keys: readonly string[], changed = keys.length): string {
  const [only] = keys;
  if (keys.length === 1 && only) return `${only} is ${DONE[verb]}.`;
  const rest = keys.length - changed;
  const skipped = rest > 0 ? ` ${rest} had moved on and ${isAre(rest)} as before.` : "";
  return `${count(changed, "issue")} ${isAre(changed)} ${DONE[verb]}.${skipped}`;
}

/** What takes it back, where something can. */
export const UNDO: Partial<Record<EntryVerb, EntryVerb>> = { hold: "release", release: "hold" };
