import { describe, expect, test } from "vitest";
import { isSettled, knownUntil } from "@/lib/sync/settled";

const SECOND = "2026-11-26T05:30:10Z";
const at = (ms: number) => Date.parse(SECOND) + ms;

describe("an issue of an instance that tells whole seconds", () => {
  test("may change once more within the second that it names, and is looked at again when that is over", () => {
    expect(isSettled(SECOND, at(300))).toBe(false);
    expect(isSettled(SECOND, at(1_900))).toBe(false);
    expect(isSettled(SECOND, at(2_000))).toBe(true);
    expect(knownUntil(SECOND, at(300))).toBe("2026-11-26T05:30:09.999Z");
    expect(knownUntil(SECOND, at(2_000))).toBe(SECOND);
  });

  test("that tells milliseconds is known as it was read", () => {
    const exact = "2026-11-26T05:30:10.123+0000";
    expect(isSettled(exact, at(124))).toBe(true);
    expect(knownUntil(exact, at(124))).toBe(exact);
  });
});
