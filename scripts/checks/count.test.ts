import { describe, expect, test } from "vitest";
import {
  countPlaywright,
  countProblems,
  countTypeErrors,
  countVitest,
} from "@/scripts/checks/count";

describe("the closing line of the tests", () => {
  test("counts a tool without complaints as one pass", () => {
    expect(countProblems(0, 0)).toEqual({ passed: 1, failed: 0 });
  });

  test("counts a tool that could not run as one failure", () => {
    expect(countProblems(0, 2)).toEqual({ passed: 0, failed: 1 });
  });

  test("counts each type error", () => {
    const printed = "a.ts(1,2): error TS2345: no\nb.ts(3,4): error TS7006: no\n";
    expect(countTypeErrors(printed, 2)).toEqual({ passed: 0, failed: 2 });
  });

  test("counts a skipped test as failed: it protects nothing", () => {
    const report = JSON.stringify({
      numPassedTests: 7,
      numFailedTests: 1,
      numPendingTests: 1,
      numTodoTests: 0,
    });
    expect(countVitest(report, 1)).toEqual({ passed: 7, failed: 2 });
  });

  test("counts an error outside of any test", () => {
    const report = JSON.stringify({ numPassedTests: 7, numFailedTests: 0 });
    expect(countVitest(report, 1)).toEqual({ passed: 7, failed: 1 });
  });

  test("counts a browser test that passed at the second try as failed", () => {
    const report = JSON.stringify({ stats: { expected: 4, unexpected: 0, flaky: 1, skipped: 0 } });
    expect(countPlaywright(report, 0)).toEqual({ passed: 4, failed: 1 });
  });

  test("does not call a run without any test a success", () => {
    const report = JSON.stringify({ stats: { expected: 0 } });
    expect(countPlaywright(report, 0)).toEqual({ passed: 0, failed: 1 });
  });
});
