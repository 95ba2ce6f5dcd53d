import { expect, test } from "vitest";
import {
  activationLabel,
  closedByWords,
  closedWords,
  isDecisionDue,
  obstaclesOf,
  outlookOf,
  planningOf,
  totalsWords,
} from "@/components/activation/activation-words";
import type { Decision, PlanTotals, WaitingLine } from "@/lib/identity/activation";
import { plansOf, waitingOf } from "@/lib/testing/activation";

const { totals } = plansOf({ id: 1, name: "C1" }, 1_204, {
  creates: 37,
  updates: 1_020,
  comments: 188,
});
const plans = (id: number, ready: number, planned: Partial<PlanTotals>) =>
  plansOf({ id, name: `C${id}` }, ready, planned);
const waiting = (id: number, shares: Partial<WaitingLine>) =>
  waitingOf({ id, name: `C${id}` }, shares);

test("the button says how many changes it will send, and to which instances", () => {
  expect(activationLabel({ ready: 1_204, totals, instances: ["Jira", "Acme"] })).toBe(
    "Activate sync and send 1,245 changes to Jira and Acme",
  );
  expect(activationLabel({ ready: 1_204, totals, instances: ["A", "B", "C"] })).toBe(
    "Activate sync and send 1,245 changes to 3 instances",
  );
  expect(activationLabel({ ready: 0, totals, instances: [] })).toBe("Activate sync");
});

test("the button counts issues while the plan of one of them is not known", () => {
  const unplanned = { ...totals, entries: 1_000, notPlanned: 204 };
  expect(activationLabel({ ready: 1_204, totals: unplanned, instances: ["Acme"] })).toBe(
    "Activate sync and send 1,204 issues to Acme",
  );
  expect(activationLabel({ ready: 10_001, totals, instances: ["A", "B"] })).toBe(
    "Activate sync and send 10,000+ issues to A and B",
  );
});

test("only the connections that would be opened are counted, each instance once", () => {
  const all = [
    plans(1, 3, { updates: 3 }),
    plans(2, 2, { comments: 4, attachments: 0, worklogs: 0, links: 0 }),
    plans(3, 0, {}),
  ];
  const lines = [
    waiting(1, { toRemote: 3 }),
    waiting(2, { both: 2 }),
    waiting(3, { toRemote: 9, held: 9 }),
  ];
  const sides = [
    { id: 1, name: "C1", local: { instance: "Ours" }, remote: { instance: "Acme" } },
    { id: 2, name: "C2", local: { instance: "Ours" }, remote: { instance: "Acme" } },
    { id: 3, name: "C3", local: { instance: "Ours" }, remote: { instance: "Beta" } },
  ];
  expect(outlookOf(all, lines, sides, { scope: null, shut: new Set() })).toMatchObject({
    ready: 5,
    instances: ["Acme", "Ours"],
  });
  expect(outlookOf(all, lines, sides, { scope: new Set([1]), shut: new Set() })).toMatchObject({
    ready: 3,
    instances: ["Acme"],
    totals: { updates: 3, comments: 0, attachments: 0, worklogs: 0, links: 0 },
  });
  // What is held or has stopped sends nothing, however much of the gate is opened.
  expect(outlookOf(all, lines, sides, { scope: null, shut: new Set([1]) })).toMatchObject({
    ready: 2,
    totals: { updates: 0, comments: 4, attachments: 0, worklogs: 0, links: 0 },
  });
});

test("planning is counted over everything that waits", () => {
  expect(planningOf([waiting(1, { toRemote: 3, unplanned: 2 }), waiting(2, { both: 1 })])).toEqual({
    waiting: 6,
    unplanned: 2,
  });
});

test("totals name each kind of write that there is, and what is not planned yet", () => {
  expect(totalsWords(totals)).toBe("37 creates · 1,020 updates · 188 comments");
  expect(
    totalsWords({
      ...totals,
      creates: 1,
      updates: 0,
      comments: 0,
      attachments: 0,
      worklogs: 0,
      links: 0,
      notPlanned: 2,
    }),
  ).toBe("1 create · 2 not planned yet");
  const none = {
    creates: 0,
    updates: 0,
    transitions: 0,
    comments: 0,
    attachments: 0,
    worklogs: 0,
    links: 0,
  };
  expect(totalsWords({ ...totals, ...none, entries: 2 })).toBe("nothing to send");
  expect(totalsWords({ ...totals, ...none, attachments: 2, worklogs: 1, links: 3 })).toBe(
    "2 attachments · 1 worklog · 3 links",
  );
});

test("a decision stays due until somebody says the same node or a copy", () => {
  const at = "2026-03-01T02:14:00Z";
  const taken = { by: "ada", at, reason: null, isRevocable: true };
  const verdict = { id: 1, at, kind: "moved_or_copy", sentence: "", facts: [] } as const;
  const due = (needsDecision: boolean, kind: Decision | null) =>
    isDecisionDue({ ...verdict, facts: [], needsDecision, decision: kind && { ...taken, kind } });
  expect(due(true, null)).toBe(true);
  expect(due(true, "stay_inactive")).toBe(true);
  expect(due(true, "copy")).toBe(false);
  expect(due(false, null)).toBe(false);
  expect(isDecisionDue(null)).toBe(false);
});

test("another node with our identity shuts the button, whatever else is said", () => {
  const instance = { id: 1, name: "Acme" };
  const finding = {
    kind: "newer",
    seenAt: "2026-03-01T02:13:00Z",
    console: null,
    readyAt: null,
  } as const;
  const claims = [{ instance, project: "ACME", finding }];
  expect(obstaclesOf({ obstacles: [], claims })).toEqual([
    "Another node uses this identity at Acme: take over there first.",
  ]);
  expect(obstaclesOf({ obstacles: ["A person has to decide."], claims })).toEqual([
    "A person has to decide.",
  ]);
  expect(obstaclesOf({ obstacles: [], claims: [] })).toEqual([]);
});

test("who closed the gate is said in their own words, and what the node says about itself in its", () => {
  expect(closedByWords({ by: "ada", reason: "patch night" })).toBe(
    "ada deactivated it: “patch night”.",
  );
  expect(closedByWords({ by: "ada", reason: null })).toBe("ada deactivated it.");
  expect(closedByWords({ by: null, reason: "the node restarted" })).toBeNull();
  expect(closedWords("the node restarted")).toBe("The node restarted.");
  expect(closedWords(null)).toBe("It has not been activated yet.");
});
