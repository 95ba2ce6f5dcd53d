import { describe, expect, test } from "vitest";
import { answerHeadline, answerOf } from "@/components/activation/answer-words";
import type {
  ActivationView,
  ClaimFinding,
  ClaimLine,
  PlanTotals,
} from "@/lib/identity/activation";
import { plansOf } from "@/lib/testing/activation";

const AT = "2026-03-01T02:14:00Z";
const acme = { id: 1, name: "Acme partner" };
const plans = (risk: Partial<PlanTotals>) => [plansOf(acme, 9, { updates: 9, ...risk })];
const view: ActivationView = {
  now: AT,
  gate: {
    state: "inactive",
    fence: { incarnation: "i", epoch: 1 },
    since: AT,
    by: null,
    reason: null,
  },
  node: { identity: "n", label: null, console: null, copyOf: null },
  verdict: {
    id: 1,
    at: AT,
    kind: "restart",
    sentence: "This node restarted.",
    facts: [{ name: "boot", grade: "weak", then: "a", now: "b" }],
    needsDecision: false,
    decision: null,
  },
  claims: [claim({ kind: "ours", at: AT })],
  heldConnections: [],
  unconfirmed: [],
  unlinked: [],
  unverifiedPairs: 0,
  isAnythingPaired: true,
  foreignEvents: [],
  waiting: [],
  plans: plans({}),
  unreadable: { instances: [], webhooks: [] },
  rejectedTokens: [],
  obstacles: [],
};
const waiting = {
  connection: acme,
  toRemote: 9,
  toLocal: 0,
  both: 0,
  unplanned: 0,
  inherited: 0,
  held: 0,
  failed: 1,
  oldestAt: null,
  setAside: 0,
  ready: { toRemote: 0, toLocal: 0, both: 0, unplanned: 0 },
};
const stopped = [{ id: 1, name: "Acme partner", code: "credentials_rejected", message: "401" }];
const held = [{ id: 1, name: "Acme partner", heldAt: AT, sides: [] }];
type Verdict = NonNullable<ActivationView["verdict"]>;

function claim(finding: ClaimFinding): ClaimLine {
  return { instance: { id: 4, name: "Acme" }, project: "ACME", finding };
}

function answer(change: Partial<ActivationView>, stops: typeof stopped = []) {
  return answerOf({ view: { ...view, ...change }, stopped: stops });
}

function verdict(change: Partial<Verdict>): Partial<ActivationView> {
  return { verdict: { ...(view.verdict as Verdict), ...change } };
}

test("only where nothing needs a look, nothing stands in the way", () => {
  expect(answer({})).toEqual({ weight: "clear" });
  expect(answerHeadline(answer({}))).toBe("Nothing stands in the way");
});

describe("what needs a look is named, and leads there", () => {
  test.for<[string, Partial<ActivationView>, string]>([
    ["a restore", verdict({ kind: "restored" }), "what-happened"],
    ["a moved database", verdict({ kind: "database_moved" }), "facts"],
    [
      "what no restart changes",
      verdict({ facts: [{ name: "machine", grade: "weak", then: "a", now: "b" }] }),
      "facts",
    ],
    [
      "a strong fact",
      verdict({ facts: [{ name: "console", grade: "strong", then: "a", now: "b" }] }),
      "facts",
    ],
    ["an unreadable claim", { claims: [claim({ kind: "unreadable", why: "" })] }, "claim-4-ACME"],
    ["no place for a claim", { claims: [claim({ kind: "no_place", why: "" })] }, "claim-4-ACME"],
    ["listening", { claims: [claim({ kind: "listening", readyAt: null })] }, "claim-4-ACME"],
    ["a held connection", { heldConnections: held }, "held-1"],
    ["a failed entry", { waiting: [waiting] }, "waiting-1"],
    ["an overwritten edit", { plans: plans({ overwrites: 1 }) }, "plans-1"],
    ["an emptied field", { plans: plans({ empties: 2 }) }, "plans-1"],
    ["what is not planned", { plans: plans({ notPlanned: 2 }) }, "plans-1"],
    ["a token", { unreadable: { instances: [{ id: 4, name: "A" }], webhooks: [] } }, "token-4"],
    ["pairs that are not verified", { unverifiedPairs: 2 }, "unverified"],
  ])("%s", ([, change, to]) => {
    expect(answer(change)).toMatchObject({ weight: "look", looks: [{ to }] });
  });

  test("a stopped connection, whose plans then carry no risk", () => {
    expect(answer({ plans: plans({ overwrites: 3 }) }, stopped)).toEqual({
      weight: "look",
      looks: [{ words: "Acme partner has stopped", to: "stopped-1" }],
    });
  });

  test("all of them are counted", () => {
    const many = answer({ ...verdict({ kind: "restored" }), waiting: [waiting] }, stopped);
    expect(answerHeadline(many)).toBe("Possible; look at 3 things first");
  });
});

describe("not now", () => {
  const undecided = verdict({ kind: "moved_or_copy", needsDecision: true });

  test("while a decision is due, and where another node uses our identity", () => {
    const alive = claim({ kind: "alive", movedAt: AT, console: null });
    expect(answer({ ...undecided, claims: [alive], obstacles: ["Decide first."] })).toEqual({
      weight: "shut",
      because: [
        {
          words: "A person has to decide first whether this is the same node or a copy",
          to: "decision",
        },
        { words: "Another node with our identity is alive at Acme", to: "claim-4-ACME" },
      ],
    });
  });

  test("says why in one reason or several", () => {
    expect(answerHeadline(answer({ obstacles: ["No worker has started."] }))).toBe(
      "Not now, because:",
    );
    expect(answerHeadline(answer({ obstacles: ["One.", "Two."] }))).toBe("Not now, for 2 reasons:");
  });

  test("what a person has decided needs no second look", () => {
    const decision = {
      kind: "same_node",
      by: "ada",
      at: AT,
      reason: null,
      isRevocable: true,
    } as const;
    const facts = [{ name: "console", grade: "strong", then: "a", now: "b" } as const];
    expect(
      answer(verdict({ kind: "moved_or_copy", needsDecision: true, decision, facts })),
    ).toEqual({ weight: "clear" });
  });
});
