import { expect, test } from "vitest";
import { plainText, withMoments } from "@/components/gate/phrase-words";

test("a moment in a sentence of the server is told in the reader's zone", () => {
  expect(withMoments("It ends at 2026-03-01T02:14:00.123Z, not later.")).toEqual([
    "It ends at ",
    { time: "2026-03-01T02:14:00.123Z" },
    ", not later.",
  ]);
  expect(withMoments("No moment here.")).toEqual(["No moment here."]);
  expect(withMoments("2026-03-01T02:14Z")).toEqual([{ time: "2026-03-01T02:14Z" }]);
});

test("a sentence can be read without its marks", () => {
  expect(plainText(["Alive ", { strong: "at Acme" }, "."])).toBe("Alive at Acme.");
});
