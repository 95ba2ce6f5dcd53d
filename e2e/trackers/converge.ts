import type pg from "pg";
import { randomFrom } from "@/e2e/chaos/random";
import type { Comparison } from "@/e2e/convergence/compare";
import { openJournal } from "@/e2e/convergence/journal";
import type { Both } from "@/e2e/trackers/both";
import { DISTURBANCES } from "@/e2e/trackers/disturbances";
import { doSomething, type Kind, type Minds } from "@/e2e/trackers/operations";

export type Convergence = {
  done: Partial<Record<Kind, number>>;
  /** How often a tracker refused a person, or was away. */
  refused: number;
  /** The last comparison, for which every issue was read whole. */
  comparison: Comparison;
  /** What went wrong: differences that stay, edits that were lost, writes of a second look. */
  findings: string[];
  /** The entries that wait for a person in the end, each with its reason. */
  standing: string[];
};

export type ConvergeOptions = {
  pairs: number;
  operations: number;
  seed: number;
  /** How long the two may take to become equal once nothing goes wrong any more. */
  equalWithinMs: number;
  say(line: string): void;
};

const MOST_IN_A_ROUND = 1_250;
const TELLS_EVERY_MS = 20_000;
const STANDS_FOR_MS = 20_000;

/**
 * People do `operations` random things at a Jira and a real Redmine while things go wrong, in as many rounds
 * as there are disturbances or more. After each round the two have to become equal, and nothing that people
 * did may be missing. At the end everything is looked at again, which must write nothing.
 */
export async function converge(
  both: Both,
  pool: pg.Pool,
  { pairs, operations, seed, equalWithinMs, say }: ConvergeOptions,
): Promise<Convergence> {
  const minds: Minds = {
    both,
    random: randomFrom(seed, 0),
    journal: openJournal(),
    pairs: [],
    done: {},
    refused: 0,
    words: 0,
  };
  const wait: Wait = { pool, withinMs: equalWithinMs, say };
  let began = performance.now();
  const took = () => `${((performance.now() - began) / 1_000).toFixed(1)} s`;
  await bothBegin(both, pairs);
  await Promise.all([both.startWorker(), both.startWorker()]);
  await both.activate();
  let comparison = await equal(both, wait, 2 * pairs);
  remember(minds, comparison);
  say(`${comparison.pairs.length} pairs after ${took()}`);

  const findings = [...comparison.differences];
  const perRound = Math.ceil(Math.min(operations / DISTURBANCES.length, MOST_IN_A_ROUND));
  for (let made = 0, round = 0; made < operations && findings.length === 0; round++) {
    const disturbance = DISTURBANCES[round % DISTURBANCES.length];
    const inRound = Math.min(perRound, operations - made);
    await disturbance?.begin?.(both);
    for (let one = 0; one < inRound; one++) {
      if (one === inRound >> 1) await disturbance?.middle?.(both);
      await doSomething(minds);
    }
    made += inRound;
    await both.jira.setFaults({});
    began = performance.now();
    await both.activate();
    comparison = await equal(both, wait, 0);
    findings.push(...comparison.differences);
    if (findings.length === 0)
      for (const { local } of comparison.pairs)
        findings.push(...minds.journal.broken(`local ${local.id}`, local.fields));
    remember(minds, comparison);
    say(
      `${made} operations, ${minds.refused} refused; ${disturbance?.what}: equal after ${took()}; ` +
        `${sum(comparison)} values of ${comparison.pairs.length} pairs compared`,
    );
  }
  if (findings.length === 0) findings.push(...(await secondLook(both, wait)));
  both.forget();
  comparison = await both.compare();
  if (findings.length === 0) findings.push(...comparison.differences);
  const { done, refused } = minds;
  return { done, refused, comparison, findings, standing: await whatStands(pool) };
}

/** How many values were compared, in all. */
function sum({ compared }: Comparison): number {
  return Object.values(compared).reduce((one, other) => one + other, 0);
}

/** Where people have worked, some issues of each type are under way and done: an issue tells only its own steps. */
const WALKED = [
  { type: "Bug", to: ["In Progress"] },
  { type: "Bug", to: ["In Progress", "Done"] },
  { type: "Task", to: ["In Progress"] },
  { type: "Task", to: ["In Progress", "Done"] },
];

/** Half of the issues begin at Jira, half at Redmine. */
async function bothBegin({ jira, redmine, there }: Both, pairs: number): Promise<void> {
  const description = ["one", "two", "three", "four"].join("\n\n");
  const ada = jira.as("ada-token");
  for (let number = 1; number <= pairs / 2; number++) {
    const summary = `Issue ${number}`;
    const { type, to } = WALKED[number - 1] ?? { type: "Bug", to: [] };
    const issuetype = { name: type };
    const { key } = await ada.createIssue({ project: "PROD", summary, description, issuetype });
    for (const status of to) await ada.transition(key, status);
    await redmine.create(summary, { project_id: there.project, description });
  }
}

/** Compares until there is no difference, or until they had time enough. */
async function equal(both: Both, wait: Wait, issues: number): Promise<Comparison> {
  let deadline = performance.now() + wait.withinMs;
  for (;;) {
    await untilNothingMoves(wait, deadline);
    const comparison = await both.compare();
    const isWhole = (comparison.compared.issues ?? 0) >= issues;
    if (comparison.differences.length === 0 && isWhole) return comparison;
    if (performance.now() > deadline) {
      comparison.differences.push(...(await whatStands(wait.pool)));
      return comparison;
    }
    // What waits for a person does not become equal by itself.
    if ((await whatStands(wait.pool)).length > 0)
      deadline = Math.min(deadline, performance.now() + STANDS_FOR_MS);
    // What is not equal yet is found by the next question at the trackers.
    await new Promise((again) => setTimeout(again, 250));
  }
}

type Wait = { pool: pg.Pool; withinMs: number; say(line: string): void };

/** An entry that waits for a person moves no more. */
async function untilNothingMoves({ pool, say }: Wait, deadline: number): Promise<void> {
  let toldAt = performance.now();
  for (;;) {
    const moving = (await entries(pool)).filter(({ isStanding }) => !isStanding);
    if (moving.length === 0 || performance.now() > deadline) return;
    if (performance.now() - toldAt > TELLS_EVERY_MS) {
      say(`${moving.length} entries move, the first: ${moving[0]?.said}`);
      toldAt = performance.now();
    }
    await new Promise((again) => setTimeout(again, 100));
  }
}

/** Every pair is read again as if something might have changed: there is nothing to write. */
async function secondLook(both: Both, wait: Wait): Promise<string[]> {
  both.way.takeSeen();
  const before = both.lastWrite();
  await wait.pool.query(
    `select record_change(connection_id, 'local', local_issue_id, 'updated', 'sweep', null, null, 'again ' || id, 0)
       from pair where stopped_at is null`,
  );
  await untilNothingMoves(wait, performance.now() + wait.withinMs);
  const inJira = (await both.jira.writes(before))
    .filter(({ user, path }) => user === "exalate" && !path.includes("exalate.claim"))
    .map(({ method, path }) => `a second look wrote at Jira: ${method} ${path}`);
  const inRedmine = both.way
    .takeSeen()
    .filter(({ method }) => method !== "GET")
    .map(({ method, path }) => `a second look wrote at Redmine: ${method} ${path}`);
  return [...inJira, ...inRedmine];
}

async function entries(pool: pg.Pool) {
  const { rows } = await pool.query<{ said: string; isStanding: boolean }>(
    `select concat_ws(' ', p.local_key, p.remote_key, e.state, e.error_code, e.error_message, e.held_reason) as said,
            e.state in ('failed', 'held') as "isStanding"
       from queue_entry e join pair p on p.id = e.pair_id order by e.id`,
  );
  return rows;
}

async function whatStands(pool: pg.Pool): Promise<string[]> {
  return (await entries(pool)).filter(({ isStanding }) => isStanding).map(({ said }) => said);
}

function remember(minds: Minds, { pairs }: Comparison): void {
  minds.pairs = pairs;
  for (const { local } of pairs) minds.journal.begin(`local ${local.id}`, local.fields);
}
