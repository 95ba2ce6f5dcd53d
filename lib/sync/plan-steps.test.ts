import { describe, expect, test } from "vitest";
import { effectOf } from "@/lib/sync/apply";
import { mappingSchema } from "@/lib/sync/mapping-schema";
import { type PlanInput, plan } from "@/lib/sync/plan";
import type { Fields } from "@/lib/sync/replica";
import type { KnownStep, Step, StepField } from "@/lib/sync/workflow";
import { LOCAL, pairInput, REMOTE, reading } from "@/lib/testing/readings";

const step = (name: string, to: string, fields: StepField[] = []): Step => ({
  id: `${name} id`,
  name,
  to,
  fields,
});
const known: KnownStep[] = [
  { from: "Working", ...step("Check", "Checking") },
  { from: "Checking", ...step("Close", "Closed") },
  { from: "Working", ...step("Park", "Parked") },
  { from: "Parked", ...step("Drop", "Closed") },
];
const resolution: StepField = { id: "resolution", name: "Resolution", isRequired: true };

function input(more: Partial<PlanInput> = {}, remote: Fields = REMOTE): PlanInput {
  return pairInput({
    local: reading({ ...LOCAL, status: "Done" }, { id: "10", key: "PROD-1" }),
    remote: reading(remote, { id: "20", key: "ACME-1", transitions: [step("Start", "Working")] }),
    mapping: mapping(),
    steps: { local: [], remote: known },
    ...more,
  });
}

function mapping(more: object = {}) {
  const values = {
    toRemote: { Open: "New", "In Progress": "Working", "In Review": "Checking", Done: "Closed" },
    toLocal: { New: "Open", Working: "In Progress", Checking: "In Review", Closed: "Done" },
  };
  return mappingSchema.parse({
    version: 2,
    fields: [
      { local: "status", remote: "status", kind: "option", values },
      { local: "resolution", remote: "resolution", kind: "option" },
    ],
    ...more,
  });
}

describe("a status that is several steps away", () => {
  test("is reached through mapped statuses only, and each step is named", () => {
    expect(plan(input()).plan.writes).toEqual([
      {
        kind: "transition",
        side: "remote",
        transitionId: "Start id",
        name: "Start",
        from: "New",
        to: "Working",
        toward: "Closed",
      },
      expect.objectContaining({ name: "Check", from: "Working", to: "Checking", toward: "Closed" }),
      expect.not.objectContaining({ toward: "Closed" }),
    ]);
    // "Parked" would be as short a way, but no status of ours means it.
    const onlyParked = known.filter(({ name }) => name === "Park" || name === "Drop");
    expect(plan(input({ steps: { local: [], remote: onlyParked } })).problem).toMatchObject({
      code: "no_transition",
    });
  });

  test("waits for a person when it is further away than the mapping allows", () => {
    const planned = plan(input({ mapping: mapping({ statusSteps: 2 }) }));
    expect(planned.plan.writes).toEqual([]);
    expect(planned.problem?.message).toBe(
      'ACME-1 cannot go from "New" to "Closed": no way of up to 2 steps is open to our account or known through mapped statuses',
    );
  });

  test("is looked up only when no single step leads there", () => {
    expect(plan(input({ steps: null })).needsSteps).toBe(true);
    const near = reading(REMOTE, {
      id: "20",
      key: "ACME-1",
      transitions: [step("Close", "Closed")],
    });
    expect(plan(input({ steps: null, remote: near }))).toMatchObject({
      plan: { writes: [{ kind: "transition", to: "Closed" }] },
    });
  });

  test("is not taken for reached while a step on the way stands: a crash there loses nothing", () => {
    const start = input();
    const [first] = plan(start).plan.writes;
    if (!first) throw new Error("nothing was planned");
    const effect = effectOf(first, start, new Set());
    expect(effect).toEqual({ remoteFields: { status: "Working" }, localFields: {} });
    const crashed = input({
      remote: reading(
        { ...REMOTE, status: "Working" },
        { transitions: [step("Check", "Checking")] },
      ),
      base: { local: LOCAL, remote: { ...REMOTE, status: "Working" } },
    });
    expect(plan(crashed).plan.writes).toMatchObject([{ name: "Check" }, { name: "Close" }]);
  });
});

describe("a field that a step asks for", () => {
  const closing = (fields: StepField[]) => ({
    id: "20",
    key: "ACME-1",
    transitions: [step("Close", "Closed", fields)],
  });
  const resolved = reading(
    { ...LOCAL, status: "Done", resolution: "Fixed" },
    { id: "10", key: "PROD-1" },
  );
  const open = { ...REMOTE, resolution: null };
  const base = { local: { ...LOCAL, resolution: null }, remote: open };

  test("goes with the step when somebody set it on the other side, and not with an update", () => {
    const remote = reading(open, closing([resolution]));
    expect(plan(input({ local: resolved, remote, base })).plan.writes).toMatchObject([
      {
        kind: "transition",
        to: "Closed",
        changes: [{ field: "resolution", source: "resolution", from: null, to: "Fixed" }],
      },
    ]);
  });

  test("gets the mapping's constant when nobody set it, and a person is asked where there is none", () => {
    const remote = reading(open, closing([resolution]));
    const constants = [{ side: "remote", field: "resolution", kind: "option", value: "Done" }];
    expect(
      plan(input({ remote, base, mapping: mapping({ constants }) })).plan.writes,
    ).toMatchObject([{ kind: "transition", fills: { resolution: "Done" } }]);
    expect(plan(input({ remote, base })).problem?.message).toContain(
      'the step "Close" of ACME-1 requires Resolution',
    );
  });
});
