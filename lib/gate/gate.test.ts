import { describe, expect, test } from "vitest";
import { type Gate, refusedBecause } from "@/lib/gate/gate";
import { endedBecause } from "@/lib/gate/life";

const fence = { incarnation: "today", epoch: 6 };

describe("what may be written", () => {
  test("a worker of an earlier incarnation may not write, even when its epoch has come round again", () => {
    const restored: Gate = { state: "active", fence };
    expect(refusedBecause(restored, { incarnation: "yesterday", epoch: 6 })).toBe(
      "earlier_incarnation",
    );
  });

  test("a worker that missed a closing and an opening may not write under the old epoch", () => {
    expect(refusedBecause({ state: "active", fence }, { incarnation: "today", epoch: 4 })).toBe(
      "earlier_epoch",
    );
  });

  test("under the present fence only an active gate lets writes through", () => {
    expect(refusedBecause({ state: "active", fence }, fence)).toBeNull();
    expect(refusedBecause({ state: "inactive", fence }, fence)).toBe("inactive");
    expect(refusedBecause({ state: "closing", fence }, fence)).toBe("closing");
  });
});

describe("going on after a lost connection", () => {
  const server = { startedAt: "02:14", systemId: "71", timeline: 1 };
  const before = { server, fence, beat: 40 };

  test("a network blip is not a restart", () => {
    expect(endedBecause(before, { server, fence: { ...fence, epoch: 8 }, beat: 41 })).toBeNull();
  });

  test.each([
    ["the database restarted", { ...before, server: { ...server, startedAt: "02:20" } }],
    ["the database failed over", { ...before, server: { ...server, timeline: 2 } }],
    [
      "another database answers at this address",
      { ...before, server: { ...server, systemId: "72" } },
    ],
    ["a new life of the workers began", { ...before, fence: { ...fence, incarnation: "new" } }],
    ["the database was rewound", { ...before, beat: 39 }],
    ["the database was rewound", { ...before, fence: { ...fence, epoch: 5 } }],
  ])("it ends when %s", (why, now) => {
    expect(endedBecause(before, now)).toBe(why);
  });
});
