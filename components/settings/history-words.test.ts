import { expect, test } from "vitest";
import {
  periodChoices,
  periodWords,
  removalWords,
  rowsWords,
} from "@/components/settings/history-words";
import { HISTORY, HISTORY_KINDS } from "@/lib/settings/history";

test("each kind offers its usual period, its bounds and nothing beyond them", () => {
  for (const kind of HISTORY_KINDS) {
    const { least, most, usual, permanent } = HISTORY[kind];
    const choices = periodChoices(kind, usual);
    const days = choices.filter((choice) => choice !== null);
    expect(days).toContain(usual);
    expect([Math.min(...days) >= least, Math.max(...days)]).toEqual([true, most]);
    expect(choices.includes(null)).toBe(permanent);
  }
});

test("a period that a program set is offered too, in its place", () => {
  expect(periodChoices("signs", 45)).toEqual([2, 7, 14, 30, 45, 60, 90, 180, 365]);
});

test("periods and numbers of rows are told in words", () => {
  expect([7, 45, 3_650, null].map(periodWords)).toEqual([
    "a week",
    "45 days",
    "ten years",
    "for good",
  ]);
  expect([0, 1, 9_999].map((rows) => rowsWords({ rows, isEstimate: false }))).toEqual([
    "no rows",
    "1 row",
    "9,999 rows",
  ]);
  expect(rowsWords({ rows: 1_234_567, isEstimate: true })).toBe("about 1,200,000 rows");
  expect(removalWords({ rows: 20_000, isMore: true })).toBe("more than 20,000 rows");
});
