import type { ConnectionSides } from "@/components/activation/activation-words";
import type { SideNames } from "@/components/entry/plan-words";
import { count } from "@/components/ui/words";
import type { PlannedEntry, PlanTotals } from "@/lib/identity/activation";
import type { Plan, Write } from "@/lib/sync/plan-types";
import { planDirection } from "@/lib/sync/plan-words";

/** What deserves a look before it is sent, the most dangerous first. */
const RISKS = ["overwrites", "undecided", "empties", "edits_comments", "creates"] as const;
export type Risk = (typeof RISKS)[number];

type CountedRisk = "overwrites" | "empties" | "creates";

export const RISK_WORDS: Record<Risk, string> = {
  overwrites: "overwrites an edit",
  undecided: "conflict",
  empties: "empties a field",
  edits_comments: "edits a comment",
  creates: "new issue",
};

export const RISKS_COUNTED: Record<CountedRisk, (amount: number) => string> = {
  overwrites: (amount) =>
    `${count(amount, "issue")} ${amount === 1 ? "overwrites" : "overwrite"} what somebody else edited there`,
  empties: (amount) => `${count(amount, "issue")} would have a field emptied`,
  creates: (amount) => `${count(amount, "new issue")} would be created`,
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

/** What is counted over everything that would be sent, worst first; the rest is told in its line. */
export function riskCounts(totals: PlanTotals): { risk: CountedRisk; amount: number }[] {
  const counted = ["overwrites", "empties", "creates"] as const;
  return counted.map((risk) => ({ risk, amount: totals[risk] })).filter(({ amount }) => amount > 0);
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
