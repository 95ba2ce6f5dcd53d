import { randomFrom } from "@/e2e/chaos/random";
import { type Comparison, compare } from "@/e2e/convergence/compare";
import { calm, DISTURBANCES } from "@/e2e/convergence/disturbances";
import { readJira } from "@/e2e/convergence/jira";
import { openJournal } from "@/e2e/convergence/journal";
import { doSomething, type Kind, known, type Minds } from "@/e2e/convergence/operations";
import { SIDES } from "@/e2e/convergence/seen";
import type { World } from "@/e2e/convergence/world";
import { PRIORITY_PAIRS, queueCounts, STATUS_PAIRS, until } from "@/e2e/line";

export type Convergence = {
  operations: number;
  done: Partial<Record<Kind, number>>;
  refused: number;
  comparison: Comparison;
  /** What was written at the trackers by us, in all. */
  writes: number;
  /** What went wrong: differences that stay, edits that were lost, writes of a second round. */
  findings: string[];
};

/** How long the two may take to become equal once nothing goes wrong any more. */
const EQUAL_WITHIN_MS = 600_000;

export const LEFT_OUT = [
  "resolution: set by the screen of a transition, which has tests of its own",
  "when a comment, a file or a piece of work was made: a mirror has its own time",
  "edits of mirrors and deletions: by the rules they do not travel",
];

/**
 * People do `operations` random things at both trackers while things go wrong, in as many rounds as there
 * are disturbances or more. After each round the two have to become equal, and nothing that people did may
 * be missing. At the end everything is looked at again, which must not write.
 */
export async function converge(
  world: World,
  options: { operations: number; seed: number; say(line: string): void },
): Promise<Convergence> {
  const minds: Minds = {
    world,
    random: randomFrom(options.seed, 0),
    journal: openJournal(),
    issues: { local: [], remote: [] },
    done: {},
    refused: 0,
    words: 0,
  };
  await Promise.all([world.startWorker(), world.startWorker()]);
  await until("the pairs have met", async () => (await queueCounts(world.pool)).all === 0);
  const findings: string[] = [];
  let comparison = await equal(world);
  remember(minds, comparison);
  await world.activate();

  const perRound = Math.ceil(Math.min(options.operations / DISTURBANCES.length, 250));
  for (let made = 0, round = 0; made < options.operations && findings.length === 0; round++) {
    const disturbance = DISTURBANCES[round % DISTURBANCES.length];
    const operations = Math.min(perRound, options.operations - made);
    await disturbance?.begin?.(world);
    for (let one = 0; one < operations; one++) {
      if (one === operations >> 1) await disturbance?.middle?.(world);
      await doSomething(minds);
    }
    made += operations;
    await calm(world);
    await world.activate();
    const began = performance.now();
    comparison = await equal(world);
    findings.push(...comparison.differences);
    if (findings.length === 0)
      for (const { local } of comparison.pairs)
        findings.push(...minds.journal.broken(`local ${local.id}`, local.fields));
    remember(minds, comparison);
    const took = ((performance.now() - began) / 1_000).toFixed(1);
    options.say(`${made} operations; ${disturbance?.what}; equal after ${took} s`);
  }
  if (findings.length === 0) findings.push(...(await secondRound(world)));
  return {
    operations: options.operations,
    done: minds.done,
    refused: minds.refused,
    comparison,
    writes: await world.db.permit.count({ where: { outcome: "applied" } }),
    findings,
  };
}

/** Compares until there is no difference, or until they had time enough. */
async function equal(world: World): Promise<Comparison> {
  const deadline = performance.now() + EQUAL_WITHIN_MS;
  for (;;) {
    await untilNothingWaits(world, deadline);
    const comparison = compare(
      await readJira(world.projects.local),
      await readJira(world.projects.remote),
      {
        linked: world.linked,
        counterparts: { status: STATUS_PAIRS, priority: PRIORITY_PAIRS },
        mirror: (_side, author, body) => `*${author}* wrote:\n\n${body}`,
      },
    );
    if (comparison.differences.length === 0 || performance.now() > deadline) return comparison;
  }
}

async function untilNothingWaits({ pool }: World, deadline: number): Promise<void> {
  while ((await queueCounts(pool)).all > 0 && performance.now() < deadline)
    await new Promise((again) => setTimeout(again, 50));
}

function remember(minds: Minds, { pairs }: Comparison): void {
  minds.issues = { local: [], remote: [] };
  for (const pair of pairs) {
    const names = known(pair);
    for (const side of SIDES) minds.issues[side].push(names[side]);
    minds.journal.begin(names.local.pair, pair.local.fields);
  }
}

/** Every pair is read again as if something might have changed: there is nothing to write. */
async function secondRound(world: World): Promise<string[]> {
  const before = await lastWrites(world);
  for (const pair of await world.db.pair.findMany({ where: { stoppedAt: null } }))
    await world.pool.query(
      "select record_change($1, 'local', $2, 'updated', 'sweep', null, null, $3, 0)",
      [pair.connectionId, pair.localIssueId, `again ${pair.id}`],
    );
  await untilNothingWaits(world, performance.now() + EQUAL_WITHIN_MS);
  const found: string[] = [];
  for (const side of SIDES) {
    const writes = await world.projects[side].client.writes(before[side]);
    for (const { method, path, user } of writes)
      if (user === "exalate" && !path.includes("exalate.claim"))
        found.push(`a second round wrote at the ${side} side: ${method} ${path}`);
  }
  return found;
}

async function lastWrites({ simulators }: World) {
  return { local: simulators.local.writes.lastN, remote: simulators.remote.writes.lastN };
}
