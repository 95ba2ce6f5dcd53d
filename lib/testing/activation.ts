import type { ConnectionPlans, PlanTotals, WaitingLine } from "@/lib/identity/activation";

/** What a connection would send, as far as it is planned: nothing but what is said. */
export function plansOf(
  connection: ConnectionPlans["connection"],
  ready: number,
  planned: Partial<PlanTotals> = {},
): ConnectionPlans {
  const totals: PlanTotals = {
    entries: ready,
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
  return { connection, ready, totals: { ...totals, ...planned }, entries: [] };
}

/** What waits on a connection: nothing but what is said. */
export function waitingOf(
  connection: WaitingLine["connection"],
  shares: Partial<WaitingLine>,
): WaitingLine {
  return {
    connection,
    toRemote: 0,
    toLocal: 0,
    both: 0,
    unplanned: 0,
    inherited: 0,
    held: 0,
    setAside: 0,
    failed: 0,
    oldestAt: null,
    ready: { toRemote: 0, toLocal: 0, both: 0, unplanned: 0 },
    ...shares,
  };
}
