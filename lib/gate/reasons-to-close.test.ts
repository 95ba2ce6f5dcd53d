import { describe, expect, test } from "vitest";
import { NOTHING_SEEN, sawRestart, type Vitals } from "@/lib/gate/instance-restart";
import { wasSuspended } from "@/lib/gate/suspension";

describe("a suspended host", () => {
  test("shows in a boot clock that ran on while the monotonic clock did not", () => {
    const before = { sinceBoot: 5_000, monotonic: 100 };
    expect(wasSuspended(before, { sinceBoot: 5_600, monotonic: 700 })).toBe(false);
    expect(wasSuspended(before, { sinceBoot: 9_200, monotonic: 700 })).toBe(true);
  });

  test("is not mistaken for a slow reading", () => {
    const before = { sinceBoot: 5_000, monotonic: 100 };
    expect(wasSuspended(before, { sinceBoot: 5_601.5, monotonic: 700 })).toBe(false);
  });
});

describe("a restart of the local instance", () => {
  const running = (requests: number, id = "a"): Vitals => ({
    isRunning: true,
    node: { id, requests },
  });
  const away: Vitals = { isRunning: false, node: null };

  function watch(looks: (Vitals | null)[]): boolean[] {
    let memory = NOTHING_SEEN;
    return looks.map((vitals) => {
      const seen = sawRestart(memory, vitals);
      memory = seen.memory;
      return seen.restarted;
    });
  }

  test("is seen when it says that it is away from running, and then that it is back", () => {
    expect(watch([running(10), away, away, running(1), running(2)])).toEqual([
      false,
      false,
      false,
      true,
      false,
    ]);
  });

  test("is not seen in an instance that cannot be reached, however long", () => {
    expect(watch([running(10), null, null, null, running(40)])).toEqual([
      false,
      false,
      false,
      false,
      false,
    ]);
  });

  test("is seen in a count of requests that begins anew, even when nobody saw it away", () => {
    expect(watch([running(500), null, running(3)])).toEqual([false, false, true]);
  });

  test("of one node of a cluster is a rolling restart: only when all have restarted, the instance has", () => {
    expect(
      watch([
        running(500, "a"),
        running(400, "b"),
        running(2, "a"),
        running(410, "b"),
        running(1, "b"),
      ]),
    ).toEqual([false, false, false, false, true]);
  });

  test("is told once", () => {
    expect(watch([running(500), running(3), running(9), running(12)])).toEqual([
      false,
      true,
      false,
      false,
    ]);
  });
});
