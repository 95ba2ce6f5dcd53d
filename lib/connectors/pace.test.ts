import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { adapted, FIRST_WIDTH, isSilence, limitIn, type Width } from "@/lib/connectors/pace";

const headers = (given: Record<string, string>) => (name: string) => given[name] ?? null;
const answer = (status: number, ms: number) => ({
  kind: "answered" as const,
  status,
  ms,
  header: headers({}),
});

describe("what an instance says of its limit", () => {
  test("is used but for a tenth, which others of the same account may need", () => {
    const header = headers({
      "x-ratelimit-limit": "100",
      "x-ratelimit-remaining": "40",
      "x-ratelimit-interval-seconds": "10",
      "x-ratelimit-fillrate": "50",
    });
    expect(limitIn(header)).toEqual({ rate: 4.5, burst: 90, left: 30 });
  });

  test("is nothing when a header is missing or makes no sense", () => {
    const whole = {
      "x-ratelimit-limit": "100",
      "x-ratelimit-interval-seconds": "10",
      "x-ratelimit-fillrate": "50",
    };
    expect(limitIn(headers({}))).toBeNull();
    for (const [name, value] of [
      ["x-ratelimit-limit", "0"],
      ["x-ratelimit-interval-seconds", "-1"],
      ["x-ratelimit-fillrate", "many"],
      ["x-ratelimit-limit", ""],
    ] as const)
      expect(limitIn(headers({ ...whole, [name]: value }))).toBeNull();
  });
});

describe("how many calls at once an instance is asked", () => {
  test("grows while it answers quickly and all places are taken", () => {
    const wider = adapted(FIRST_WIDTH, answer(200, 20), 16, 0);
    expect(wider.limit).toBeGreaterThan(FIRST_WIDTH.limit);
  });

  test("stays while places are free: nobody knows whether it would bear more", () => {
    expect(adapted(FIRST_WIDTH, answer(200, 20), 3, 0).limit).toBe(FIRST_WIDTH.limit);
  });

  test("shrinks by a third when it says that it is too much, and once for all calls of that moment", () => {
    const narrowed = adapted(FIRST_WIDTH, answer(429, 20), 16, 5_000);
    expect(narrowed.limit).toBeCloseTo(11.2);
    expect(adapted(narrowed, answer(429, 20), 15, 5_500).limit).toBe(narrowed.limit);
    expect(adapted(narrowed, answer(503, 20), 15, 6_100).limit).toBeLessThan(narrowed.limit);
  });

  test("shrinks when its answers take four times as long as its quickest ones", () => {
    const known: Width = { ...FIRST_WIDTH, quickestMs: 100 };
    expect(adapted(known, answer(200, 390), 16, 0).limit).toBeGreaterThan(known.limit);
    expect(adapted(known, answer(200, 450), 16, 0).limit).toBeLessThan(known.limit);
  });

  test("is never less than one and never more than it was built for, whatever happens", () => {
    const end = fc.oneof(
      fc.record({ kind: fc.constant("unanswered" as const), ms: fc.nat(60_000) }),
      fc
        .tuple(fc.constantFrom(200, 404, 429, 500, 503), fc.nat(60_000))
        .map(([status, ms]) => answer(status, ms)),
      fc.constant({ kind: "unsent" as const }),
    );
    fc.assert(
      fc.property(
        fc.array(fc.tuple(end, fc.nat(40), fc.nat(3_000)), { maxLength: 200 }),
        (ends) => {
          let now = 0;
          let width = FIRST_WIDTH;
          for (const [each, running, passed] of ends) {
            now += passed;
            width = adapted(width, each, running, now);
            expect(width.limit).toBeGreaterThanOrEqual(1);
            expect(width.limit).toBeLessThanOrEqual(32);
          }
        },
      ),
    );
  });
});

test("no answer and a gateway's answer are silence; an error of the instance itself is a word", () => {
  expect(isSilence({ kind: "unanswered", ms: 5 })).toBe(true);
  expect(isSilence(answer(502, 5))).toBe(true);
  expect(isSilence(answer(500, 5))).toBe(false);
  expect(isSilence(answer(401, 5))).toBe(false);
  expect(isSilence({ kind: "unsent" })).toBe(false);
});
