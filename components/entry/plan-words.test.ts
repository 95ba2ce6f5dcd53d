import { expect, test } from "vitest";
import {
  durationWords,
  outcomeWords,
  permitWords,
  planSummary,
  resultWords,
  sideTitle,
} from "@/components/entry/plan-words";
import type { Plan } from "@/lib/sync/plan-types";

const comment = {
  marker: "m",
  originId: "1",
  authorName: "Ada",
  writtenAt: "",
  body: "",
  digest: "",
};

test("a plan is summed up by what people will see there", () => {
  const plan: Plan = {
    writes: [
      { kind: "update_issue", side: "remote", changes: [] },
      { kind: "add_comment", side: "remote", ...comment },
      { kind: "add_comment", side: "remote", ...comment },
      { kind: "stamp", side: "local", twinId: "9", marker: "m" },
    ],
    conflicts: [],
    notes: [],
  };
  expect(planSummary(plan)).toBe("1 update and 2 comments");
  expect(planSummary({ ...plan, writes: [] })).toBe("nothing to send");
});

test("a side without an issue yet is one where an issue will be made", () => {
  const names = {
    local: { key: "ABC-1", url: null, instance: "Jira" },
    remote: { key: null, url: null, instance: "Partner" },
  };
  expect(sideTitle("local", names)).toBe("To Jira · ABC-1");
  expect(sideTitle("remote", names)).toBe("To Partner · a new issue");
});

test("what came of an entry is told with what was sent", () => {
  expect(resultWords("applied", "status, 2 comments")).toBe("Sent: status, 2 comments");
  expect(resultWords("nothing_to_send", null)).toBe("Nothing had to be sent");
});

test("kinds and outcomes have words, and unknown ones are shown as they are", () => {
  expect(permitWords("add_comment")).toBe("add a comment");
  expect(permitWords("move_mountain")).toBe("move mountain");
  expect(outcomeWords("unknown")).toBe("unanswered");
  expect(durationWords(840)).toBe("840 ms");
  expect(durationWords(2_350)).toBe("2.4 s");
});
