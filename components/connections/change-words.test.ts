import { expect, test } from "vitest";
import {
  changedTerms,
  consequences,
  type Facts,
  saidBy,
  type Terms,
} from "@/components/connections/change-words";

const before: Terms = {
  policy: "hold",
  firstMeeting: "hold",
  concurrency: 4,
  triggers: { local: "project = PROD", remote: null },
  quiet: { local: false, remote: false },
};
const facts: Facts = {
  names: { local: "Jira", remote: "Acme" },
  pairs: 12,
  waiting: 0,
  named: { local: { now: 120, then: 40 }, remote: { now: null, then: 3 } },
  leaving: { local: null, remote: null },
};
const change = (terms: Partial<Terms>) => consequences(before, { ...before, ...terms }, facts);

test("nothing changed: nothing happens", () => {
  expect(change({})).toEqual([]);
  expect(changedTerms(before, before)).toEqual([]);
});

test("a narrowed trigger says what it names now, and that the pairs which leave it stay under sync", () => {
  const [left, comes] = change({
    triggers: { local: "project = PROD AND labels = x", remote: null },
  });
  expect(left).toContain("names 40 issues instead of 120");
  expect(left).toContain("Those that leave it stay under sync: their changes still travel");
  expect(left).toContain("stop it on its own page");
  expect(left).toContain("12 pairs are under sync");
  expect(comes).toContain("with its next change, and gets a twin at Acme");
});

test("pairs that leave are counted and named, as far as they were looked at", () => {
  const said = (lookedAt: number, leaving: number, examples: string[]) =>
    consequences(
      before,
      { ...before, triggers: { local: "labels = x", remote: null } },
      { ...facts, leaving: { local: { lookedAt, leaving, examples }, remote: null } },
    )[0];
  expect(said(12, 3, ["PROD-1", "PROD-2", "PROD-3"])).toContain(
    "3 of 12 pairs are not named by it: PROD-1, PROD-2 and PROD-3. They stay under sync",
  );
  expect(said(10, 7, ["PROD-9"])).toContain(
    "7 of the newest 10 pairs are not named by it: PROD-9 and 6 more. They stay under sync",
  );
  expect(said(12, 0, [])).toContain(
    "All of 12 pairs are named by it. Those that leave it later stay under sync",
  );
});

test("a trigger that is taken away brings nothing in, and ends nothing", () => {
  const said = change({ triggers: { local: null, remote: null } });
  expect(said[0]).toContain("Nothing of Jira comes under sync by itself any more");
  expect(said[0]).toContain("stay under sync");
  expect(said[1]).toContain("only issues that somebody links");
});

test("a new trigger says how many issues it names, and when they come", () => {
  expect(change({ triggers: { local: "project = PROD", remote: "project = ACME" } })).toEqual([
    "What the search names at Acme, 3 issues now, comes under sync with its next change, and gets a twin at Jira.",
  ]);
});

test("a policy that decides by itself says so of what waits for a person", () => {
  expect(consequences(before, { ...before, policy: "remote" }, { ...facts, waiting: 23 })).toEqual([
    "Where both sides changed one field, Acme wins.",
    "Issues that wait for a person’s decision are planned accordingly, and are sent while sync is active.",
    "The 23 issues waiting in the Sync Queue are read and planned again before anything of them is sent.",
  ]);
});

test("no mails: says that an instance may refuse it, and what happens then", () => {
  expect(change({ quiet: { local: false, remote: true } })).toEqual([
    "Acme is asked to send no mails when fields change. If it refuses that to our account, updates are sent with mails.",
  ]);
});

test("a refusal is told in the instance's words alone", () => {
  expect(saidBy('{"errorMessages":["Admins only."],"errors":{}}')).toBe("Admins only.");
  expect(saidBy("<html>no</html>")).toBe("<html>no</html>");
});

test("fewer at a time: what is being sent is finished first", () => {
  expect(change({ concurrency: 1 })).toEqual([
    "At most 1 issue at a time is sent, instead of 4. What is being sent is finished first.",
  ]);
  expect(change({ concurrency: 8 })[0]).toContain("more calls at once for Jira and Acme");
});
