import type { ConnectionSides } from "@/components/activation/activation-words";
import type { SideNames } from "@/components/entry/plan-words";
import { count } from "@/components/ui/words";
import type { PlannedEntry } from "@/lib/identity/activation";
import type { Plan, Write } from "@/lib/sync/plan-types";
import { planDirection } from "@/lib/sync/plan-words";

/** What deserves a look before it is sent, the most dangerous first. */
const RISKS = ["overwrites", "undecided", "empties", "edits_comments", "creates"] as const;
export type Risk = (typeof RISKS)[number];

export const RISK_MARKS: Record<Risk, { words: string; counted: (amount: number) => string }> = {
  overwrites: {
    words: "overwrites an edit",
    counted: (amount) =>
      `${count(amount, "issue")} ${amount === 1 ? "overwrites" : "overwrite"} what somebody else edited there`,
  },
  undecided: {
    words: "conflict",
    counted: (amount) =>
      `${count(amount, "issue")} ${amount === 1 ? "has" : "have"} a conflict that waits for a person`,
  },
  empties: {
    words: "empties a field",
    counted: (amount) => `${count(amount, "issue")} would have a field emptied`,
  },
  edits_comments: {
    words: "edits a comment",
    counted: (amount) => `${count(amount, "issue")} would have a comment edited`,
  },
  creates: {
    words: "new issue",
    counted: (amount) => `${count(amount, "new issue")} would be created`,
  },
};

/** What is dangerous about a plan, worst first; empty for what has none, or no plan yet. */
export function risksOf(plan: Plan | null): Risk[] {
  if (!plan) return [];
  const has: Record<Risk, boolean> = {
    overwrites: plan.conflicts.some(({ resolution }) => resolution !== "hold"),
    undecided: plan.conflicts.some(({ resolution }) => resolution === "hold"),
    empties: plan.writes.some(empties),
    edits_comments: plan.writes.some(({ kind }) => kind === "update_comment"),
    creates: plan.writes.some(({ kind }) => kind === "create_issue"),
  };
  return RISKS.filter((risk) => has[risk]);
}

function empties(write: Write): boolean {
  return (
    write.kind === "update_issue" &&
    write.changes.some(({ from, to }) => isEmpty(to) && !isEmpty(from))
  );
}

function isEmpty(value: string | string[] | null): boolean {
  return value === null || value.length === 0;
}

/** Riskiest first; among equals the order in which they will be sent. */
export function byRisk(entries: readonly PlannedEntry[]): PlannedEntry[] {
  const weight = ({ plan }: PlannedEntry) => {
    const [worst] = risksOf(plan);
    return worst ? RISKS.indexOf(worst) : RISKS.length;
  };
  return entries.toSorted((a, b) => weight(a) - weight(b));
}

/** How many of the entries carry each risk, worst first. */
export function riskCounts(entries: readonly PlannedEntry[]): { risk: Risk; amount: number }[] {
  return RISKS.map((risk) => ({
    risk,
    amount: entries.filter(({ plan }) => risksOf(plan).includes(risk)).length,
  })).filter(({ amount }) => amount > 0);
}

/** The two sides of an entry as its difference calls them: an entry is named by the side that changed. */
export function sideNames(entry: PlannedEntry, sides: ConnectionSides | undefined): SideNames {
  const isFromRemote = entry.plan !== null && planDirection(entry.plan) === "to_local";
  const [local, remote] = isFromRemote
    ? [entry.twinKey, entry.issueKey]
    : [entry.issueKey, entry.twinKey];
  return {
    local: { key: local, url: null, instance: sides?.local.instance ?? "the local side" },
    remote: { key: remote, url: null, instance: sides?.remote.instance ?? "the remote side" },
  };
}
