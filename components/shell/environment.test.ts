import { expect, test } from "vitest";
import { environmentKind, labelWords } from "@/components/shell/environment";

test("production and staging are told from the label, in any spelling; the rest is neither", () => {
  expect(["Production", "PROD", "prod eu"].map(environmentKind)).toEqual([
    "production",
    "production",
    "production",
  ]);
  expect(["Staging", "stage 2"].map(environmentKind)).toEqual(["staging", "staging"]);
  expect(["qa", "Producer", null].map(environmentKind)).toEqual(["other", "other", "other"]);
});

test("a label in doubt is asked, not said", () => {
  expect(labelWords("Production", true)).toBe("PRODUCTION?");
  expect(labelWords("Production", false)).toBe("PRODUCTION");
});
