import { expect, test } from "vitest";
import {
  byWeight,
  FACTS,
  sameSummary,
  sameWords,
  weakWords,
} from "@/components/activation/fact-words";
import { isExplainedByRestart } from "@/components/activation/restart";
import type { Fact } from "@/lib/identity/verdict";

function fact(name: Fact["name"], grade: Fact["grade"], then: string | null = "a"): Fact {
  return { name, grade, then, now: "b" };
}

test("what made the verdict comes first, and what is as it was last, in the order it was seen", () => {
  const facts = [fact("key", "same"), fact("host", "weak"), fact("console", "strong")];
  expect(byWeight(facts).map(({ name }) => name)).toEqual(["console", "host", "key"]);
  expect(byWeight([fact("key", "same"), fact("label", "same")]).map(({ name }) => name)).toEqual([
    "key",
    "label",
  ]);
});

test("a fact that was not known before is not called the same as before", () => {
  expect(sameWords(fact("key", "same"))).toBe("as before");
  expect(sameWords(fact("key", "same", null))).toBe("not known before");
  expect(sameWords({ ...fact("key", "same"), now: null })).toBe("not known now");
});

test("no two facts share a name on the screen", () => {
  const names = Object.values(FACTS).map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});

test("only what every restart changes is said to be explained by one", () => {
  expect(
    isExplainedByRestart([fact("key", "same"), fact("boot", "weak"), fact("host", "weak")]),
  ).toBe(true);
  expect(isExplainedByRestart([fact("console", "weak")])).toBe(false);
  expect(weakWords(fact("boot", "weak"))).toBe("differs, as after every restart");
  expect(weakWords(fact("console", "weak"))).toBe("differs, which proves nothing by itself");
});

test("a first start notes what there is, and does not claim to have compared it", () => {
  expect(sameSummary([fact("key", "same", null), fact("host", "same", null)])).toBe(
    "2 facts noted, to compare with at the next start",
  );
  expect(sameSummary([fact("key", "same"), fact("host", "same")])).toBe(
    "2 facts looked at, none differs",
  );
  expect(sameSummary([fact("key", "same"), fact("host", "weak")])).toBe(
    "1 fact without a difference",
  );
});
