import { expect, test } from "vitest";
import { riskCounts, risksOf, sideNames } from "@/components/activation/planned-words";
import type { PlannedEntry } from "@/lib/identity/activation";
import type { Plan } from "@/lib/sync/plan-types";

const update: Plan = {
  writes: [
    {
      kind: "update_issue",
      side: "remote",
      changes: [{ field: "status", source: "status", from: "Open", to: "Done" }],
    },
  ],
  conflicts: [],
  notes: [],
};
const emptied: Plan = {
  ...update,
  writes: [
    {
      kind: "update_issue",
      side: "remote",
      changes: [{ field: "description", source: "description", from: "Text", to: null }],
    },
  ],
};
const create: Plan = {
  ...update,
  writes: [
    {
      kind: "create_issue",
      side: "remote",
      marker: "m",
      values: {},
      sources: {},
      thenStatus: null,
    },
    { kind: "stamp", side: "local", twinId: "", marker: "m" },
  ],
};

function conflict(resolution: "local" | "hold"): Plan {
  const base = { local: "a", remote: "a" };
  return {
    ...update,
    conflicts: [{ field: "summary", base, local: "b", remote: "c", resolution }],
  };
}

function entry(entryId: number, plan: Plan | null): PlannedEntry {
  return {
    entryId,
    pairId: entryId,
    issueKey: `PROD-${entryId}`,
    twinKey: `ACME-${entryId}`,
    summary: "",
    connection: { id: 1, name: "Acme" },
    words: "",
    plan,
    isInherited: false,
  };
}

test("what overwrites, empties or creates is told; an everyday update carries no risk", () => {
  expect(risksOf(update)).toEqual([]);
  expect(risksOf(null)).toEqual([]);
  expect(risksOf(emptied)).toEqual(["empties"]);
  expect(risksOf(create)).toEqual(["creates"]);
  expect(risksOf(conflict("local"))).toEqual(["overwrites"]);
  expect(risksOf(conflict("hold"))).toEqual(["undecided"]);
});

test("what is risky is counted over everything that would be sent, the worst first", () => {
  const totals = {
    entries: 826,
    creates: 37,
    updates: 789,
    transitions: 0,
    comments: 0,
    attachments: 0,
    worklogs: 0,
    links: 0,
  };
  const rest = { notPlanned: 0, mails: 0, mailsUnknown: 0 };
  expect(riskCounts({ ...totals, overwrites: 2, empties: 0, ...rest })).toEqual([
    { risk: "overwrites", amount: 2 },
    { risk: "creates", amount: 37 },
  ]);
});

test("a side is called by its instance and key, whichever side the entry is named after", () => {
  const sides = {
    id: 1,
    name: "C1",
    local: { instance: "Ours" },
    remote: { instance: "Acme Jira" },
  };
  expect(sideNames(entry(1, update), sides)).toMatchObject({
    local: { key: "PROD-1", instance: "Ours" },
    remote: { key: "ACME-1", instance: "Acme Jira" },
  });
  const [write] = update.writes;
  const back: Plan = { ...update, writes: write ? [{ ...write, side: "local" }] : [] };
  const named = { ...entry(1, back), issueKey: "ACME-1", twinKey: "PROD-1" };
  expect(sideNames(named, undefined)).toMatchObject({
    local: { key: "PROD-1", instance: "the local side" },
    remote: { key: "ACME-1" },
  });
});
