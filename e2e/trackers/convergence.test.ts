import { expect, inject } from "vitest";
import { LEFT_OUT, startBoth } from "@/e2e/trackers/both";
import { converge } from "@/e2e/trackers/converge";
import { test } from "@/lib/testing/database";

const PAIRS = 30;
const OPERATIONS = 300;
const EQUAL_WITHIN_MS = 150_000;

test("Jira and a real Redmine are equal after three hundred random operations of people while all kinds of things go wrong, and no edit is lost", {
  timeout: 900_000,
}, async ({ db, pool, url }) => {
  const seed = Math.floor(Math.random() * 1e9);
  console.info(`convergence with Redmine: seed ${seed}`);
  const both = await startBoth({ db, pool, url, redmineUrl: inject("redmineUrl") });
  try {
    const result = await converge(both, pool, {
      pairs: PAIRS,
      operations: OPERATIONS,
      seed,
      equalWithinMs: EQUAL_WITHIN_MS,
      say: console.info,
    });
    console.info(`compared ${JSON.stringify(result.comparison.compared)}`);
    console.info(`left out: ${LEFT_OUT.join("; ")}`);
    console.info(`done ${JSON.stringify(result.done)}, refused ${result.refused}`);
    // What waits for a person is told with a difference, since it says why.
    expect(result.findings.concat(result.standing)).toEqual([]);
    expect(result.refused).toBeLessThan(OPERATIONS / 10);
    expect(await db.permit.count({ where: { outcome: "open" } })).toBe(0);
  } finally {
    await both.stop();
  }
});
