import { describe, expect, test } from "vitest";
import { type GateStep, replay, type Trace } from "@/lib/gate/trace";

const began: GateStep = {
  kind: "new_incarnation",
  state: "inactive",
  incarnation: "today",
  epoch: 1,
};
const opened: GateStep = { kind: "opened", state: "active", incarnation: "today", epoch: 2 };
const closing: GateStep = { kind: "closing", state: "closing", incarnation: "today", epoch: 3 };
const closed: GateStep = { kind: "closed", state: "inactive", incarnation: "today", epoch: 3 };
const reopened: GateStep = { kind: "opened", state: "active", incarnation: "today", epoch: 4 };
/** All workers were gone while a write was on the wire. */
const restarted: GateStep = {
  kind: "new_incarnation",
  state: "closing",
  incarnation: "tomorrow",
  epoch: 5,
};
const settled: GateStep = { ...restarted, kind: "closed", state: "inactive" };
const early = { incarnation: "today", epoch: 2 };
const late = { incarnation: "today", epoch: 4 };

describe("the history of a node, played on the table", () => {
  test("a day with two openings and a restart is allowed, and so is a node that was never used", () => {
    const day: Trace = {
      gate: [began, opened, closing, closed, reopened, restarted, settled],
      permits: [early, early, late],
    };
    expect(replay(day)).toBeNull();
    expect(replay({ gate: [], permits: [] })).toBeNull();
  });

  test.each<[string, GateStep[], number]>([
    ["opened before any worker had started", [{ ...opened, incarnation: "", epoch: 1 }], 0],
    [
      "a restart that left the gate open",
      [began, opened, { ...restarted, state: "active", epoch: 3 }],
      2,
    ],
    ["opened while writes were on the wire", [began, opened, closing, reopened], 3],
    ["opened twice", [began, opened, { ...opened, epoch: 3 }], 2],
    ["closed without a closing", [began, opened, { ...closed, epoch: 2 }], 2],
    ["an epoch that was left out", [began, { ...opened, epoch: 3 }], 1],
    ["an epoch that went back", [began, opened, { ...closing, epoch: 1 }], 2],
    ["an opening that changed the life", [began, { ...opened, incarnation: "tomorrow" }], 1],
    ["a new life with the old one's name", [began, { ...began, epoch: 2 }], 1],
    [
      "a life that has been before",
      [began, { ...began, incarnation: "b", epoch: 2 }, { ...began, epoch: 3 }],
      2,
    ],
    ["a step under another name", [began, { ...opened, kind: "closing" }], 1],
    ["a gap at the beginning", [opened], 0],
  ])("%s is found", (_, gate, at) => {
    expect(replay({ gate, permits: [] })).toMatchObject({ in: "gate", at });
  });

  test.each<[string, Trace["permits"], number]>([
    ["a permit from before the first opening", [{ incarnation: "today", epoch: 1 }], 0],
    ["a permit under the fence of a closing", [early, { incarnation: "today", epoch: 3 }], 1],
    [
      "a permit under the epoch of one life and the name of another",
      [{ ...late, incarnation: "tomorrow" }],
      0,
    ],
    ["a permit of the first opening after one of the second", [early, late, early], 2],
  ])("%s is found", (_, permits, at) => {
    const gate = [began, opened, closing, closed, reopened, restarted, settled];
    expect(replay({ gate, permits })).toMatchObject({ in: "permits", at });
  });
});
