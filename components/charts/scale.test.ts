import { describe, expect, test } from "vitest";
import { ageAxisEnd, axisEnd, lengthWords, unbroken } from "@/components/charts/scale";

describe("the scale of a chart", () => {
  test.each([
    [0, 1],
    [1, 1],
    [3, 5],
    [7, 10],
    [12, 20],
    [24, 25],
    [312, 500],
    [1_204, 2_000],
  ])("with %d at most ends at %d", (most, end) => {
    expect(axisEnd(most)).toBe(end);
  });

  test("of ages ends at a length that people have a word for", () => {
    expect([0, 61, 4_000, 90_000].map(ageAxisEnd).map(lengthWords)).toEqual([
      "1 min",
      "5 min",
      "2 h",
      "2 days",
    ]);
  });

  test("ages are told roughly", () => {
    expect([45, 720, 5_400, 90_000, 200_000].map(lengthWords)).toEqual([
      "45 s",
      "12 min",
      "1.5 h",
      "25 h",
      "2 days",
    ]);
  });

  test("a line is broken where nobody looked", () => {
    expect(unbroken([null, 1, 2, null, 0])).toEqual([
      [
        [1, 1],
        [2, 2],
      ],
      [[4, 0]],
    ]);
  });
});
