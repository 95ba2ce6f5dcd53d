import type pg from "pg";
import { expect, inject } from "vitest";
import { randomFrom } from "@/e2e/chaos/random";
import type { Comparison } from "@/e2e/convergence/compare";
import { openJournal } from "@/e2e/convergence/journal";
import { queueCounts } from "@/e2e/line";
import { type Both, LEFT_OUT, startBoth } from "@/e2e/trackers/both";
import { doSomething, type Minds } from "@/e2e/trackers/operations";
import { test } from "@/lib/testing/database";

const PAIRS = 30;
const OPERATIONS = 300;
const EQUAL_WITHIN_MS = 150_000;

const PER_ROUND = OPERATIONS / 4;

type Disturbance = {
  what: string;
  begin?(both: Both): Promise<void>;
  middle?(both: Both): Promise<void>;
};

const DISTURBANCES: Disturbance[] = [
  {
    what: "Jira's webhooks are lost, doubled and out of order",
    begin: ({ jira }) =>
      jira.changeFaults({
        webhooks: { dropPercent: 40, duplicatePercent: 30, reorder: true, delayMs: 30 },
      }),
  },
  {
    what: "answers break, before and after their writes have landed",
    begin: async ({ jira, way }) => {
      await jira.changeFaults({
        landThenBreak: { next: 4, user: "exalate" },
        breakBeforeLanding: { next: 3, match: "PUT *", user: "exalate" },
      });
      way.loseAnswerTo(/^PUT \/issues\//);
      way.loseAnswerTo(/^POST \/issues\.json/);
    },
  },
  {
    what: "both workers are killed",
    async middle(both) {
      await both.killWorkers();
      await Promise.all([both.startWorker(), both.startWorker()]);
      await both.activate();
    },
  },
  {
    what: "an administrator deactivates and later activates again",
    begin: (both) => both.deactivate(),
    middle: (both) => both.activate(),
  },
];

test("Jira and a real Redmine are equal after three hundred random operations of people while all kinds of things go wrong, and no edit is lost", {
  timeout: 900_000,
}, async ({ db, pool, url }) => {
  const seed = Math.floor(Math.random() * 1e9);
  console.info(`convergence with Redmine: seed ${seed}`);
  const both = await startBoth({ db, pool, url, redmineUrl: inject("redmineUrl") });
  try {
    const minds: Minds = {
      both,
      random: randomFrom(seed, 0),
      journal: openJournal(),
      pairs: [],
      done: {},
      refused: 0,
      words: 0,
    };
    await bothBegin(both);
    await Promise.all([both.startWorker(), both.startWorker()]);
    await both.activate();
    const first = await equal(both, pool, 2 * PAIRS);
    expect(first.differences).toEqual([]);
    remember(minds, first);

    const findings: string[] = [];
    for (const { what, begin, middle } of DISTURBANCES) {
      if (findings.length > 0) break;
      await begin?.(both);
      for (let one = 0; one < PER_ROUND; one++) {
        if (one === PER_ROUND >> 1) await middle?.(both);
        await doSomething(minds);
      }
      await both.jira.setFaults({});
      const began = performance.now();
      await both.activate();
      const comparison = await equal(both, pool, 0);
      findings.push(...comparison.differences);
      // What waits for a person says why.
      if (findings.length > 0) findings.push(...(await whatStands(pool)));
      if (findings.length === 0)
        for (const { local } of comparison.pairs)
          findings.push(...minds.journal.broken(`local ${local.id}`, local.fields));
      remember(minds, comparison);
      const took = ((performance.now() - began) / 1_000).toFixed(1);
      console.info(`${what}: equal after ${took} s; ${JSON.stringify(comparison.compared)}`);
    }
    console.info(`left out: ${LEFT_OUT.join("; ")}`);
    console.info(`done ${JSON.stringify(minds.done)}, refused ${minds.refused}`);
    expect(findings).toEqual([]);
    expect(minds.refused).toBeLessThan(OPERATIONS / 10);
    expect(await db.permit.count({ where: { outcome: "open" } })).toBe(0);
  } finally {
    await both.stop();
  }
});

/** Half of the issues begin at Jira, half at Redmine. */
async function bothBegin({ jira, redmine, there }: Both): Promise<void> {
  const description = ["one", "two", "three", "four"].join("\n\n");
  for (let number = 1; number <= PAIRS / 2; number++) {
    const summary = `Issue ${number}`;
    await jira
      .as("ada-token")
      .createIssue({ project: "PROD", summary, description, issuetype: { name: "Bug" } });
    await redmine.create(summary, { project_id: there.project, description });
  }
}

/** Compares until there is no difference, or until they had time enough. */
async function equal(both: Both, pool: pg.Pool, issues: number): Promise<Comparison> {
  const deadline = performance.now() + EQUAL_WITHIN_MS;
  for (;;) {
    while ((await queueCounts(pool)).all > 0 && performance.now() < deadline)
      await new Promise((again) => setTimeout(again, 100));
    const comparison = await both.compare();
    const isWhole = (comparison.compared.issues ?? 0) >= issues;
    if ((comparison.differences.length === 0 && isWhole) || performance.now() > deadline)
      return comparison;
  }
}

async function whatStands(pool: pg.Pool): Promise<string[]> {
  const { rows } = await pool.query<{ said: string }>(
    `select concat_ws(' ', p.local_key, p.remote_key, e.state, e.error_code, e.error_message) as said
       from queue_entry e join pair p on p.id = e.pair_id`,
  );
  return rows.map(({ said }) => said);
}

function remember(minds: Minds, { pairs }: Comparison): void {
  minds.pairs = pairs;
  for (const { local } of pairs) minds.journal.begin(`local ${local.id}`, local.fields);
}
