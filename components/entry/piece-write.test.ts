import { expect, test } from "vitest";
import { sizeWords, spentWords } from "@/components/entry/piece-write";

test("sizes are told in the unit that people would use", () => {
  expect([12, 830_400, 1_440_000].map(sizeWords)).toEqual(["12 bytes", "830 kB", "1.4 MB"]);
});

test("time spent is told in hours and minutes", () => {
  expect([2_400, 7_200, 8_100].map(spentWords)).toEqual(["40 min", "2 h", "2 h 15 min"]);
});
