import { expect, test } from "vitest";
import {
  byTrouble,
  claimMeaning,
  claimSentence,
  weightOf,
} from "@/components/activation/claim-words";
import { plainText } from "@/components/gate/phrase-words";
import type { ClaimFinding, ClaimLine } from "@/lib/identity/activation";

const AT = "2026-03-01T02:13:00Z";

function line(finding: ClaimFinding, name = "Acme"): ClaimLine {
  return { instance: { id: 1, name }, project: "ACME", finding };
}

function said(finding: ClaimFinding): string {
  return plainText(claimSentence(line(finding)));
}

test("each finding is one sentence that names the instance", () => {
  expect(said({ kind: "ours", at: AT })).toBe(
    `At Acme, the last sign of life of this identity was ours, at ${AT} (${AT}).`,
  );
  expect(said({ kind: "ours", at: null })).toBe(
    "At Acme, the last sign of life of this identity was ours.",
  );
  expect(said({ kind: "held", at: null })).toBe(
    "At Acme, this node gives the sign of life of this identity.",
  );
  expect(said({ kind: "alive", movedAt: AT, console: null })).toBe(
    `Another node with our identity is alive at Acme, ${AT}.`,
  );
  expect(said({ kind: "no_place", why: "" })).toBe(
    "At Acme there is no place for a sign of life: this protection is missing there.",
  );
  expect(said({ kind: "listening", readyAt: AT })).toContain(`Listening at Acme until ${AT}`);
  expect(said({ kind: "listening", readyAt: null })).toContain("Not listening at Acme yet");
});

test("what another node did under our identity is trouble; a protection that is missing is a gap", () => {
  expect(weightOf({ kind: "alive", movedAt: AT, console: null })).toBe("trouble");
  expect(weightOf({ kind: "newer", seenAt: AT, console: null, readyAt: null })).toBe("trouble");
  expect(weightOf({ kind: "contested", seenAt: AT, console: null })).toBe("trouble");
  expect(weightOf({ kind: "no_place", why: "" })).toBe("gap");
  expect(weightOf({ kind: "unreadable", why: "" })).toBe("gap");
  expect(weightOf({ kind: "listening", readyAt: null })).toBe("open");
  expect(weightOf({ kind: "free", since: AT })).toBe("fine");
});

test("the instance with trouble stands first", () => {
  const order = byTrouble([
    line({ kind: "ours", at: AT }, "A"),
    line({ kind: "no_place", why: "" }, "B"),
    line({ kind: "newer", seenAt: AT, console: null, readyAt: null }, "C"),
  ]);
  expect(order.map(({ instance }) => instance.name)).toEqual(["C", "B", "A"]);
});

test("every place where we were the last says so, and every gap what it means", () => {
  const meaning = (finding: ClaimFinding) => plainText(claimMeaning(line(finding)));
  for (const at of [AT, null])
    expect(meaning({ kind: "ours", at })).toBe(
      "No other node with this identity has been there since.",
    );
  expect(meaning({ kind: "unreadable", why: "401: the token was refused" })).toBe(
    "401: the token was refused. Another node with our identity would not be noticed there.",
  );
});
