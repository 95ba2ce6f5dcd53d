import { weightOf } from "@/components/activation/claim-words";
import { count, formatNumber, list, sentence } from "@/components/ui/words";
import { cappedCount } from "@/lib/gate/status";
import type {
  ActivationView,
  ConnectionPlans,
  PlanTotals,
  WaitingLine,
} from "@/lib/identity/activation";

/** The instances of a connection's two sides, by the names people gave them. */
export type ConnectionSides = {
  id: number;
  name: string;
  local: { instance: string };
  remote: { instance: string };
};

/** What pressing the button would send. `instances`: those that would be written to, as far as is planned. */
export type Outlook = { ready: number; totals: PlanTotals; instances: string[] };

const NOTHING: PlanTotals = {
  entries: 0,
  creates: 0,
  updates: 0,
  transitions: 0,
  comments: 0,
  attachments: 0,
  worklogs: 0,
  links: 0,
  overwrites: 0,
  empties: 0,
  notPlanned: 0,
  mails: 0,
  mailsUnknown: 0,
};

/**
 * The sum over the connections that would be opened. `scope` null means all of them; `shut` are those
 * that send nothing even then, since they are held or have stopped.
 */
export function outlookOf(
  plans: readonly ConnectionPlans[],
  waiting: readonly WaitingLine[],
  sides: readonly ConnectionSides[],
  { scope, shut }: { scope: ReadonlySet<number> | null; shut: ReadonlySet<number> },
): Outlook {
  const isOpened = (id: number) => !shut.has(id) && (scope === null || scope.has(id));
  const opened = plans.filter(({ connection }) => isOpened(connection.id));
  const targets = new Set<string>();
  for (const line of waiting) {
    const side = sides.find(({ id }) => id === line.connection.id);
    const isSent = opened.some(
      ({ connection, ready }) => connection.id === line.connection.id && ready > 0,
    );
    if (!side || !isSent) continue;
    if (line.toRemote + line.both > 0) targets.add(side.remote.instance);
    if (line.toLocal + line.both > 0) targets.add(side.local.instance);
  }
  return {
    ready: opened.reduce((sum, { ready }) => sum + ready, 0),
    totals: opened.reduce((sum, { totals }) => addTotals(sum, totals), NOTHING),
    instances: [...targets],
  };
}

function addTotals(a: PlanTotals, b: PlanTotals): PlanTotals {
  return {
    entries: a.entries + b.entries,
    creates: a.creates + b.creates,
    updates: a.updates + b.updates,
    transitions: a.transitions + b.transitions,
    comments: a.comments + b.comments,
    attachments: a.attachments + b.attachments,
    worklogs: a.worklogs + b.worklogs,
    links: a.links + b.links,
    overwrites: a.overwrites + b.overwrites,
    empties: a.empties + b.empties,
    notPlanned: a.notPlanned + b.notPlanned,
    mails: a.mails + b.mails,
    mailsUnknown: a.mailsUnknown + b.mailsUnknown,
  };
}

/** More instances than these are counted on the button, not named. */
const NAMED = 2;

/** Every write that is planned: what "changes" counts. */
function changesIn(totals: PlanTotals): number {
  const { creates, updates, transitions, comments, attachments, worklogs, links } = totals;
  return creates + updates + transitions + comments + attachments + worklogs + links;
}

/** Whether the totals tell of everything that would be sent. */
function isWhollyPlanned({ ready, totals }: Pick<Outlook, "ready" | "totals">): boolean {
  return totals.notPlanned === 0 && totals.entries >= ready;
}

/**
 * What the button will do: in changes when every plan is known, else in issues, since a number of changes
 * that leaves out what is not planned yet would promise too little.
 */
export function activationLabel(outlook: Outlook): string {
  if (outlook.ready === 0) return "Activate sync";
  const changes = changesIn(outlook.totals);
  const what =
    isWhollyPlanned(outlook) && changes > 0
      ? count(changes, "change")
      : `${cappedCount(outlook.ready)} ${outlook.ready === 1 ? "issue" : "issues"}`;
  const { instances } = outlook;
  const where =
    instances.length === 0
      ? ""
      : ` to ${instances.length <= NAMED ? list(instances) : count(instances.length, "instance")}`;
  return `Activate sync and send ${what}${where}`;
}

/** How far planning has come, in issues. */
export function planningOf(lines: readonly WaitingLine[]): { waiting: number; unplanned: number } {
  return lines.reduce(
    (sum, { toRemote, toLocal, both, unplanned }) => ({
      waiting: sum.waiting + toRemote + toLocal + both + unplanned,
      unplanned: sum.unplanned + unplanned,
    }),
    { waiting: 0, unplanned: 0 },
  );
}

/** "37 creates · 1,020 updates · 188 comments": what the plans amount to. */
export function totalsWords(totals: PlanTotals): string {
  const parts = [
    totals.creates > 0 && count(totals.creates, "create"),
    totals.updates > 0 && count(totals.updates, "update"),
    totals.transitions > 0 && count(totals.transitions, "transition"),
    totals.comments > 0 && count(totals.comments, "comment"),
    totals.attachments > 0 && count(totals.attachments, "attachment"),
    totals.worklogs > 0 && count(totals.worklogs, "worklog"),
    totals.links > 0 && count(totals.links, "link"),
  ].filter((part) => typeof part === "string");
  const planned =
    parts.length > 0 ? parts.join(" · ") : totals.entries > 0 ? "nothing to send" : "";
  if (totals.notPlanned === 0) return planned || "nothing to send";
  const rest = `${formatNumber(totals.notPlanned)} not planned yet`;
  return planned ? `${planned} · ${rest}` : rest;
}

/** Whether only a person can tell what became of the node, and none has: to wait is no answer. */
export function isDecisionDue(verdict: ActivationView["verdict"]): boolean {
  if (!verdict?.needsDecision) return false;
  return !isSettled(verdict);
}

/** Whether a person has answered the question that the verdict asked. */
export function isSettled(verdict: NonNullable<ActivationView["verdict"]>): boolean {
  return verdict.decision !== null && verdict.decision.kind !== "stay_inactive";
}

/** Why the button is shut. A finding of trouble shuts it even where nobody else says so. */
export function obstaclesOf({
  obstacles,
  claims,
}: Pick<ActivationView, "obstacles" | "claims">): string[] {
  if (obstacles.length > 0) return obstacles;
  return claims
    .filter(({ finding }) => weightOf(finding) === "trouble")
    .map(
      ({ instance }) =>
        `Another node uses this identity at ${instance.name}: take over there first.`,
    );
}

/** Who closed the gate, when a person did. */
export function closedByWords({
  by,
  reason,
}: {
  by: string | null;
  reason: string | null;
}): string | null {
  if (!by) return null;
  return reason ? `${by} deactivated it: “${reason}”.` : `${by} deactivated it.`;
}

/** Why nothing is sent when nobody deactivated it and no verdict tells. */
export function closedWords(reason: string | null): string {
  return reason ? sentence(reason) : "It has not been activated yet.";
}
