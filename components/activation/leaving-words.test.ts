import { expect, test } from "vitest";
import { goesOnWords, leavingOf, leavingWords } from "@/components/activation/leaving-words";
import type { WaitingLine } from "@/lib/identity/activation";
import { plansOf, waitingOf } from "@/lib/testing/activation";

const sides = [
  { id: 1, name: "C1", local: { instance: "Jira" }, remote: { instance: "Acme" } },
  { id: 2, name: "C2", local: { instance: "Jira" }, remote: { instance: "Redmine" } },
];
const stopped = [{ id: 2, name: "C2", code: "x", message: "x" }];

const ready = (shares: Partial<WaitingLine["ready"]>) => ({
  ready: { toRemote: 0, toLocal: 0, both: 0, unplanned: 0, ...shares },
});

const line = (id: number, shares: Partial<WaitingLine>) =>
  waitingOf({ id, name: `C${id}` }, shares);
const plan = (id: number, ready: number) => plansOf({ id, name: `C${id}` }, ready);

test("says how much goes to which instance, our own among them, and what stays adds up with it", () => {
  const view = {
    waiting: [
      line(1, { toRemote: 812, toLocal: 14, ...ready({ toRemote: 812, toLocal: 14 }) }),
      line(2, { toRemote: 301, toLocal: 77, ...ready({ toRemote: 301, toLocal: 77 }) }),
    ],
    plans: [plan(1, 826), plan(2, 378)],
    heldConnections: [],
  };
  const all = leavingOf(view, [], sides, null);
  expect(leavingWords(all)).toBe(
    "Activating sends 812 issues to Acme, 91 to Jira and 301 to Redmine.",
  );
  expect(all).toMatchObject({ waiting: 1204, sent: 1204, staying: 0, stays: [] });
  expect(leavingOf(view, stopped, sides, null)).toMatchObject({
    waiting: 1204,
    sent: 826,
    staying: 378,
    parts: ["812 issues to Acme", "14 to Jira"],
    stays: ["378 of C2, which has stopped"],
  });
  expect(leavingOf(view, [], sides, new Set([2])).stays).toEqual([
    "826 of C1, which is not chosen",
  ]);
});

test("what is held or failed is not in what goes, whichever way it would have gone", () => {
  const view = {
    waiting: [
      line(1, {
        toRemote: 815,
        toLocal: 14,
        held: 2,
        failed: 1,
        ...ready({ toRemote: 812, toLocal: 13, unplanned: 1 }),
      }),
    ],
    plans: [plan(1, 826)],
    heldConnections: [],
  };
  const some = leavingOf(view, [], sides, null);
  expect(leavingWords(some)).toBe(
    "Activating sends 812 issues to Acme, 13 to Jira and 1 not planned yet.",
  );
  expect(some.stays).toEqual(["2 held", "1 failed"]);
  expect(some.waiting).toBe(829);
});

test("on a copy, what was inherited and set aside is told apart from what a person holds", () => {
  const view = {
    waiting: [
      line(1, { toRemote: 9, held: 8, setAside: 7, inherited: 7, ...ready({ toRemote: 2 }) }),
    ],
    plans: [plan(1, 2)],
    heldConnections: [{ id: 1, name: "C1", heldAt: "", sides: [] }],
  };
  const none = leavingOf(view, [], sides, null);
  expect(leavingWords(none)).toBe("Activating now would send no issue.");
  expect(none.stays).toEqual(["2 of C1, which is held", "7 inherited and set aside", "1 held"]);
});

test("says before the button that changes go out as they come from then on", () => {
  expect(goesOnWords(null)).toBe(
    "From then on, changes at both sides go out as they come, in each direction that the mapping allows, without another review.",
  );
  expect(goesOnWords(1)).toContain("changes at both sides of the chosen connection go out");
  expect(goesOnWords(2)).toContain("changes at both sides of the chosen connections go out");
});
