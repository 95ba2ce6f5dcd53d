import { expect, test } from "vitest";
import {
  doneWords,
  ENTRY_VERBS,
  isOffered,
  verbLabel,
} from "@/components/sync-queue/entry-actions";

test("each state offers what can be done with it, and a running entry nothing", () => {
  const offered = (state: Parameters<typeof isOffered>[1]) =>
    ENTRY_VERBS.filter((verb) => isOffered(verb, state));
  expect(offered("queued")).toEqual(["hold", "discard"]);
  expect(offered("retrying")).toEqual(["hold", "retry", "discard"]);
  expect(offered("held")).toEqual(["release", "discard"]);
  expect(offered("failed")).toEqual(["hold", "retry", "discard"]);
  expect(offered("running")).toEqual([]);
});

test("buttons and messages say how many issues they are about", () => {
  expect(verbLabel("hold", 1)).toBe("Hold 1 issue");
  expect(verbLabel("discard", 12)).toBe("Discard 12 issues");
  expect(doneWords("hold", ["ABC-1"])).toBe("ABC-1 is held.");
  expect(doneWords("release", ["ABC-1", "ABC-2"])).toBe("2 issues are released.");
  expect(doneWords("hold", ["ABC-1", "ABC-2", "ABC-3"], 2)).toBe(
    "2 issues are held. 1 had moved on and is as before.",
  );
});
