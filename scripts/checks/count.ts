/** What one check found. A check that could not run at all is one failure. */
export type Count = { passed: number; failed: number };

/** Of a tool that reports problems: no problem is one pass. */
export function countProblems(problems: number, exitCode: number): Count {
  if (problems > 0) return { passed: 0, failed: problems };
  return exitCode === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/** Of `tsc`, from what it prints. */
export function countTypeErrors(printed: string, exitCode: number): Count {
  return countProblems(printed.match(/error TS\d+/g)?.length ?? 0, exitCode);
}

/** Of Vitest's JSON report. Errors outside of any test show in the exit code alone; a skipped test counts as failed. */
export function countVitest(report: string, exitCode: number): Count {
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests } = JSON.parse(
    report,
  ) as Record<string, number>;
  const failed = (numFailedTests ?? 0) + (numPendingTests ?? 0) + (numTodoTests ?? 0);
  return atLeastOneFailure({ passed: numPassedTests ?? 0, failed }, exitCode);
}

/** Of Playwright's JSON report. A test that passed only when repeated counts as failed. */
export function countPlaywright(report: string, exitCode: number): Count {
  const { stats } = JSON.parse(report) as { stats: Record<string, number> };
  const failed = (stats.unexpected ?? 0) + (stats.flaky ?? 0) + (stats.skipped ?? 0);
  return atLeastOneFailure({ passed: stats.expected ?? 0, failed }, exitCode);
}

function atLeastOneFailure({ passed, failed }: Count, exitCode: number): Count {
  const ranNothing = passed + failed === 0;
  return { passed, failed: failed === 0 && (exitCode !== 0 || ranNothing) ? 1 : failed };
}
