import { describe, expect, test } from "vitest";
import { loopOf, type RecentChange, type RecentWrite } from "@/lib/sync/loop";

const SECOND = 1_000;
const write = (at: number, side: "local" | "remote"): RecentWrite => ({
  side,
  at: at * SECOND,
  fields: { status: "Open" },
});
const change = (at: number, side: "local" | "remote", by: string, more = {}): RecentChange => ({
  side,
  at: at * SECOND,
  by,
  isOurAccount: false,
  field: "status",
  ...more,
});
const sides = ["remote", "local"] as const;
const rounds = [0, 1, 2, 3, 4, 5].map((round) => ({
  at: 100 + round * 10,
  side: sides[round % 2] ?? "local",
}));

describe("automations that answer each other", () => {
  test("are told of after five writes that somebody changed again at once, with both histories", () => {
    const writes = rounds.slice(0, 5).map(({ at, side }) => write(at, side));
    const changes = [
      change(90, "local", "Ada"),
      ...writes.map(({ at, side }) => change(at / SECOND + 1, side, `Robot at ${side}`)),
    ];
    expect(loopOf(writes, changes, 15_000)).toEqual({
      answered: 5,
      histories: {
        local: "status by Ada, status by Robot at local 2 times",
        remote: "status by Robot at remote 3 times",
      },
    });
    expect(loopOf(writes.slice(1), changes, 15_000)).toBeNull();
  });

  test("may use our own account: what it writes is not what we wrote", () => {
    const writes = rounds.map(({ at, side }) => write(at, side));
    const echoes = writes.map(({ at, side }) =>
      change(at / SECOND, side, "Exalate", { isOurAccount: true, to: "Open" }),
    );
    expect(loopOf(writes, echoes, 15_000)).toBeNull();
    const answers = writes.map(({ at, side }) =>
      change(at / SECOND + 1, side, "Exalate", { isOurAccount: true, to: "Closed" }),
    );
    expect(loopOf(writes, [...echoes, ...answers], 15_000)?.answered).toBe(6);
  });
});

describe("people at work", () => {
  test("who edit one issue twenty times in ten minutes are no loop: nothing answers our writes", () => {
    const edits = Array.from({ length: 20 }, (_, index) => 100 + index * 25);
    const writes = edits.map((at) => write(at + 3, "remote"));
    const changes = edits.map((at) => change(at, "local", "Ada"));
    expect(loopOf(writes, changes, 15_000)).toBeNull();
  });

  test("who answer each other take longer than a machine, and begin the count anew", () => {
    const writes = rounds.map(({ at, side }) => write(at * 2, side));
    const slow = writes.map(({ at, side }) => change(at / SECOND + 16, side, "Bob"));
    expect(loopOf(writes, slow, 15_000)).toBeNull();
    const machines = writes.map(({ at, side }) => change(at / SECOND + 1, side, "Robot"));
    expect(loopOf(writes, machines, 15_000)).not.toBeNull();
    expect(loopOf(writes, [...machines, change(250, "local", "Ada")], 15_000)).toBeNull();
  });
});
