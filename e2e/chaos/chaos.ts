import { setMaxListeners } from "node:events";
import { existsSync, statfsSync } from "node:fs";
import { chmod, mkdtemp, writeFile } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as pause } from "node:timers/promises";
import { buildWorker } from "@/e2e/chaos/build";
import { type Happening, happen } from "@/e2e/chaos/events";
import { GUARDS, type Guard } from "@/e2e/chaos/guards";
import { type Lane, openLane, SIDES } from "@/e2e/chaos/lane";
import { leaveNothing } from "@/e2e/chaos/leftovers";
import { beginHistory, look } from "@/e2e/chaos/node";
import { type Finding, judge } from "@/e2e/chaos/oracle";
import { planSequence, type Sequence } from "@/e2e/chaos/plan";
import {
  circumstances,
  comeToRest,
  endCopies,
  historyOf,
  tidy,
  writesSince,
} from "@/e2e/chaos/settle";
import { add, count, stopwatch, type Tally } from "@/e2e/chaos/tally";

/** Sequences that share a database and its issues. */
const BATCH = 12;
/** Much of a lane's time is waiting. */
const LANES = availableParallelism() + 1;
const WATCH_EVERY_MS = 35;
/** Room for the servers of all lanes and their copies. */
const ROOM_BYTES = 2_000_000_000;

export type ChaosOptions = {
  seed: number;
  /** Ends after so many sequences, or so much time, or the first of both. */
  runs?: number | undefined;
  minutes?: number | undefined;
  /** The number of the first sequence: with `runs: 1`, one sequence again. */
  from?: number | undefined;
  lanes?: number | undefined;
  /** A protection that is taken out. */
  guard?: string | undefined;
  /** Ends at the first finding, of which nothing is kept. */
  untilFound?: boolean | undefined;
  /** Findings that are known already: counted, and otherwise passed over. */
  except?: RegExp | undefined;
  /** Others are passed over. */
  only?: RegExp | undefined;
  say?: ((line: string) => void) | undefined;
};

export type ChaosFinding = Finding & { sequence: number };
export type ChaosResult = {
  seed: number;
  sequences: number;
  seconds: number;
  tally: Tally;
  /** Milliseconds by what they were spent on, over all lanes. */
  spent: Tally;
  findings: ChaosFinding[];
  /** Where everything about the findings is kept; null without any. */
  kept: string | null;
  /** The trackers stood still as long: on a machine that is too busy, writes land later than they may. */
  longestPauseMs: number;
};

/** Runs random sequences of events over real workers, a real PostgreSQL and two simulated trackers, and judges each. */
export async function runChaos(options: ChaosOptions): Promise<ChaosResult> {
  const { seed, runs = Number.POSITIVE_INFINITY, minutes = Number.POSITIVE_INFINITY } = options;
  const guard = GUARDS.find(({ name }) => name === options.guard);
  if (options.guard && !guard) throw new Error(`there is no guard ${options.guard}`);
  const began = performance.now();
  const result: ChaosResult = {
    seed,
    sequences: 0,
    seconds: 0,
    tally: new Map(),
    spent: new Map(),
    findings: [],
    kept: null,
    longestPauseMs: 0,
  };
  const pauses = monitorEventLoopDelay({ resolution: 10 });
  pauses.enable();
  const first = options.from ?? 0;
  let next = first;
  const takeNumber = (): number | null => {
    const isOver =
      next >= first + runs ||
      performance.now() - began > minutes * 60_000 ||
      (options.untilFound === true && result.findings.length > 0);
    return isOver ? null : next++;
  };
  const folder = await mkdtemp(join(quickestFolder(), "chaos-"));
  const clearAway = leaveNothing(folder);
  try {
    await chmod(folder, 0o711); // the database may run as another user
    setMaxListeners(200); // so many requests wait in a simulator at once
    const program = await buildWorker(join(folder, "worker"), guard?.build ?? []);
    const lanes = Array.from({ length: Math.min(options.lanes ?? LANES, runs) }, (_, index) =>
      drive(join(folder, `lane-${index}`), program, guard, takeNumber, options, result),
    );
    await Promise.all(lanes);
  } finally {
    clearAway();
  }
  result.longestPauseMs = Math.round(pauses.max / 1e6);
  pauses.disable();
  result.seconds = (performance.now() - began) / 1_000;
  return result;
}

/** In memory, where the system has such a place: nothing of this is worth keeping. */
function quickestFolder(): string {
  const inMemory = "/dev/shm";
  if (!existsSync(inMemory)) return tmpdir();
  const { bavail, bsize } = statfsSync(inMemory);
  return bavail * bsize > ROOM_BYTES ? inMemory : tmpdir();
}

/** One lane: sequence after sequence, until there is none left. */
async function drive(
  home: string,
  program: string,
  guard: Guard | undefined,
  takeNumber: () => number | null,
  { seed, except, only, untilFound, say }: ChaosOptions,
  result: ChaosResult,
): Promise<void> {
  const lane = await openLane(home, program, guard);
  let left = BATCH;
  try {
    for (;;) {
      const number = takeNumber();
      if (number === null) return;
      const lap = stopwatch(result.spent);
      if (left === 0) {
        await lane.newBatch();
        left = BATCH;
      }
      lap("(new batches)");
      const { findings, tally, spent, evidence } = await runSequence(lane, seed, number);
      result.sequences += 1;
      add(result.tally, tally);
      add(result.spent, spent);
      const news = findings.filter(({ rule, words }) => {
        const text = `${rule}: ${words}`;
        return !except?.test(text) && (only?.test(text) ?? true);
      });
      count(result.tally, "known findings", findings.length - news.length);
      for (const finding of news) {
        result.findings.push({ ...finding, sequence: number });
        say?.(`sequence ${number}: ${finding.rule}: ${finding.words}`);
      }
      if (news.length > 0 && !untilFound) {
        result.kept ??= await mkdtemp(join(tmpdir(), `chaos-findings-${seed}-`));
        await writeFile(join(result.kept, `${number}.json`), JSON.stringify(evidence, asJson, 1));
      }
      // What went wrong must not be found again in the next sequence.
      const isSpoilt = findings.length > 0 || tally.has("writes of a copy");
      left = isSpoilt ? 0 : left - 1;
    }
  } finally {
    await lane.close();
  }
}

type Outcome = { findings: Finding[]; tally: Tally; spent: Tally; evidence: unknown };

async function runSequence(lane: Lane, seed: number, number: number): Promise<Outcome> {
  const plan = planSequence(seed, number);
  const happening: Happening = {
    lane,
    shown: [],
    underway: new Set(),
    working: new Set(),
    tally: new Map(),
    spent: new Map(),
    log: [],
  };
  const { tally, spent, log } = happening;
  await beginHistory(lane.original);
  const start = lane.received();
  await slowDown(lane, plan.latency);
  const watch = watchGates(happening);
  try {
    for (const step of plan.steps) await happen(step, happening);
    const lap = stopwatch(spent);
    await Promise.race([Promise.all(happening.underway), pause(2_500)]);
    await Promise.all(happening.working);
    lap("(acts that took longer)");
    const copies = await endCopies(lane);
    lap("(ending copies)");
    const hasCopyWritten = copies.some(({ permits, before }) =>
      permits.some(({ id, pairId }) => pairId !== null && !before.permits.has(id)),
    );
    const unrest = await comeToRest(happening, hasCopyWritten);
    lap("(coming to rest)");
    // The log first: what is in it was granted before; and again, for what was granted meanwhile.
    const writes = writesSince(lane, start);
    const histories = [await historyOf(lane.original), ...copies];
    const arrived = writesSince(lane, start);
    const findings = [...judge(histories, writes, arrived, tally), ...unrest];
    const evidence = findings.length > 0 && {
      findings,
      plan,
      log,
      circumstances: await circumstances(lane),
      histories,
      writes,
    };
    lap("(judging)");
    await tidy(lane, number % 3 === 0);
    lap("(tidying)");
    return { findings, tally, spent, evidence };
  } finally {
    await watch.end();
  }
}

async function slowDown({ trackers }: Lane, latency: Sequence["latency"]): Promise<void> {
  const range = ([min, max]: [number, number]) => ({ min, max });
  for (const side of SIDES)
    await trackers[side].client.setFaults({
      writeLatencyMs: range(latency.write),
      answerLatencyMs: range(latency.answer),
      latencyMs: range(latency.read),
    });
}

function asJson(_: string, value: unknown): unknown {
  if (typeof value === "bigint") return Number(value);
  return value instanceof Set || value instanceof Map ? [...value] : value;
}

/** Looks at every node's gate all the time, and remembers what an administrator might have on the screen. */
function watchGates({ lane, shown }: Happening): { end(): Promise<void> } {
  let isOver = false;
  const watching = (async () => {
    while (!isOver) {
      for (const node of [lane.original, ...lane.copies]) {
        const mark = await look(node, lane.received);
        if (mark && node === lane.original) shown.push(mark.fence);
      }
      await pause(WATCH_EVERY_MS);
    }
  })();
  return {
    async end() {
      isOver = true;
      await watching;
    },
  };
}
