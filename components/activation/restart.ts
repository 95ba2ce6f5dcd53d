import type { Fact, FactName } from "@/lib/identity/verdict";

/** What a restart, perhaps in a new container, changes by itself. */
const CHANGED_BY_A_RESTART: readonly FactName[] = ["boot", "host", "addresses", "container"];

/** Whether everything that differs is explained by a restart. */
export function isExplainedByRestart(facts: readonly Fact[]): boolean {
  return facts.every(({ name, grade }) => grade === "same" || CHANGED_BY_A_RESTART.includes(name));
}

/** Whether a restart changes this by itself. */
export function isChangedByRestart(name: FactName): boolean {
  return CHANGED_BY_A_RESTART.includes(name);
}
