import { assert, property, stringMatching } from "fast-check";
import { describe, expect, test } from "vitest";
import { type DiffPart, foldAround, wordDiff } from "@/components/entry/word-diff";

function signed(parts: DiffPart[]): string {
  const signs = { same: "", added: "+", removed: "-" };
  return parts
    .map((part) => (part.kind === "same" ? part.text : `[${signs[part.kind]}${part.text}]`))
    .join("");
}

describe("the difference of two texts", () => {
  test("marks the words that go and the words that come", () => {
    expect(signed(wordDiff("Login fails on node 1.", "Login works on node 2."))).toBe(
      "Login [-fails][+works] on node [-1][+2].",
    );
  });

  test("reads a changed phrase as one phrase", () => {
    expect(signed(wordDiff("in both regions", "in all three regions"))).toBe(
      "in [-both][+all three] regions",
    );
  });

  test("does not split words with accents", () => {
    expect(signed(wordDiff("Jürgen", "Jurgen"))).toBe("[-Jürgen][+Jurgen]");
  });

  test("of an empty text is the other one", () => {
    expect(wordDiff("", "new")).toEqual([{ kind: "added", text: "new" }]);
    expect(wordDiff("old", "")).toEqual([{ kind: "removed", text: "old" }]);
    expect(wordDiff("", "")).toEqual([]);
  });

  test("loses nothing: what stays and goes is the old text, what stays and comes is the new one", async () => {
    const text = stringMatching(/^[ab\n ,.]{0,40}$/);
    await assert(
      property(text, text, (before, after) => {
        const parts = wordDiff(before, after);
        const without = (kind: DiffPart["kind"]) =>
          parts
            .filter((part) => part.kind !== kind)
            .map((part) => part.text)
            .join("");
        expect(without("added")).toBe(before);
        expect(without("removed")).toBe(after);
      }),
    );
  });

  test("of two very long texts that share nothing stands whole instead of blocking the page", () => {
    const before = Array.from({ length: 3_000 }, (_, index) => `a${index}`).join(" ");
    const after = Array.from({ length: 3_000 }, (_, index) => `b${index}`).join(" ");
    expect(wordDiff(before, after).map((part) => part.kind)).toEqual(["removed", "added"]);
  });
});

describe("folding", () => {
  const same = (length: number) => ({ kind: "same", text: "x".repeat(length) }) as const;
  const change = { kind: "added", text: "new" } as const;

  test("hides long unchanged text and keeps what stands beside a change", () => {
    const parts = foldAround([same(1_000), change, same(1_000)], 80);
    expect(parts.map((part) => [part.kind, part.text.length])).toEqual([
      ["folded", 920],
      ["same", 80],
      ["added", 3],
      ["same", 80],
      ["folded", 920],
    ]);
  });

  test("leaves short text alone", () => {
    expect(foldAround([same(100), change, same(100)], 80).map((part) => part.kind)).toEqual([
      "same",
      "added",
      "same",
    ]);
  });
});
