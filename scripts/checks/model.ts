import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Guard } from "@/lib/gate/transitions";
import type { Count } from "@/scripts/checks/count";
import { MODELLED_GUARDS, modelGaps, modelHeader } from "@/scripts/checks/model-header";
import { requireSpin } from "@/scripts/checks/spin";

const MODEL = resolve("e2e", "model", "gate.pml");
/** Two at a time, each with at most this: a machine of 4 GB has to be enough. */
const MEMORY_MB = 1_700;
const AT_ONCE = 2;
/** A run that takes longer has outgrown its bounds. */
const LONGEST_S = 400;

/** Bounds within which every interleaving is looked at. */
type Bounds = {
  workers: 2 | 3;
  pairs: 1 | 2;
  crashes: number;
  activations: number;
  /** Incarnations, all databases together. */
  lives: number;
  /** Connections that break without the database having restarted. */
  cuts?: number;
  changes?: number;
  /** COPY, RESTART, PROMPT, CALM …: see the model. */
  flags?: readonly string[];
};

const SMALL: Bounds = {
  workers: 2,
  pairs: 1,
  crashes: 2,
  activations: 2,
  lives: 2,
  cuts: 1,
  changes: 1,
};
const PROMPT: Bounds = {
  workers: 3,
  pairs: 1,
  crashes: 2,
  activations: 1,
  lives: 3,
  flags: ["PROMPT"],
};
const RESTART: Bounds = {
  workers: 2,
  pairs: 1,
  crashes: 2,
  activations: 2,
  lives: 3,
  flags: ["RESTART"],
};
const DRAINS: Bounds = {
  workers: 3,
  pairs: 2,
  crashes: 2,
  activations: 2,
  lives: 9,
  changes: 1,
  flags: ["PROMPT", "CALM", "STAYS_OPEN", "DRAINS"],
};

const CONFIGURATIONS: Record<string, Bounds> = {
  "two workers": SMALL,
  "two workers, two pairs": { ...SMALL, pairs: 2, crashes: 1 },
  "three workers, two pairs": { workers: 3, pairs: 2, crashes: 2, activations: 1, lives: 2 },
  "three workers, a copy": {
    ...{ workers: 3, pairs: 1, crashes: 2, activations: 2, lives: 3 },
    flags: ["COPY"],
  },
  "three workers, two pairs, a copy": {
    ...{ workers: 3, pairs: 2, crashes: 1, activations: 1, lives: 3 },
    flags: ["COPY"],
  },
  "two workers, a database restart": RESTART,
  "three workers, a database restart": { ...RESTART, workers: 3, crashes: 1, activations: 1 },
  "members answer in time": PROMPT,
  "the queue drains": DRAINS,
};

/** Where the lack of a guard shows, when it is not in the smallest configuration. */
const SHOWS_IN: Partial<Record<Guard, Bounds>> = {
  START_LOCK: PROMPT,
  ANSWERING_FIRST: PROMPT,
  SAME_SERVER: RESTART,
  SERVER_AS_JOINED: RESTART,
  NOT_REWOUND: RESTART,
};

/**
 * Designs that were tried and do not hold, and two duties whose
 * neglect shows that "nothing hangs" and "the queue drains" are really looked at.
 */
const BROKEN: Record<string, [Bounds, string]> = {
  "a stored heartbeat for an answer": [SMALL, "HEARTBEAT"],
  "an answer without the epoch": [SMALL, "NO_ANSWER_AT_THIS_EPOCH"],
  "nobody rescues": [DRAINS, "NOBODY_RESCUES"],
  "nobody settles a closing": [SMALL, "NOBODY_SETTLES"],
};

/** A variable that only one assertion of the model names, and what is broken when that one is. */
const BREAKS: readonly [string, string][] = [
  ["st!=2", "something hangs"],
  ["auth", "a write begins though nobody opened the gate"],
  ["(st!=0)", "a write begins in an inactive gate"],
  ["under[", "a write begins under an old fence"],
  ["left[", "two writes to one pair"],
  ["knows[", "a change is lost"],
  ["ans[n]+1", "a starter holds a fence that never was"],
  ["mem[", "a newcomer ends a life that goes on"],
  ["acceptance cycle", "the queue does not drain"],
];

type Job = { title: string; bounds: Bounds; define?: string; expects: "no error" | "an error" };
type Finding = {
  errors: number;
  complete: boolean;
  states: number;
  transitions: number;
  depth: number;
  seconds: number;
  said: string;
};

/** Checks the model and that each guard is needed; prints what was found. Removes what it wrote. */
export async function checkModel(only: readonly string[] = []): Promise<Count> {
  requireSpin();
  const model = await readFile(MODEL, "utf8");
  const gaps = modelGaps(model);
  for (const gap of gaps) console.error(`✗ ${gap}`);
  const count: Count = { passed: gaps.length === 0 ? 1 : 0, failed: gaps.length };
  const jobs = JOBS.filter(
    ({ title }) => only.length === 0 || only.some((it) => title.includes(it)),
  );
  const folder = await mkdtemp(join(tmpdir(), "gate-model-"));
  const running = new Set<ChildProcess>();
  const endAll = () => {
    for (const child of running) child.kill("SIGKILL");
  };
  process.once("exit", endAll);
  try {
    const source = join(folder, "gate.pml");
    await writeFile(source, modelHeader() + model);
    console.info(
      row("", "configuration", "states", "transitions", "depth", "seconds", "result").trimEnd(),
    );
    const waiting = [...jobs.entries()];
    const lane = async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        const [at, job] = next;
        const isGood = await check(job, source, join(folder, String(at)), running);
        count[isGood ? "passed" : "failed"] += 1;
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, lane));
  } finally {
    process.off("exit", endAll);
    endAll();
    await rm(folder, { recursive: true, force: true });
  }
  return count;
}

const JOBS: Job[] = [
  ...Object.entries(CONFIGURATIONS).map(
    ([title, bounds]): Job => ({ title, bounds, expects: "no error" }),
  ),
  ...MODELLED_GUARDS.map(
    (guard): Job => ({
      title: `without ${guard}`,
      bounds: SHOWS_IN[guard] ?? SMALL,
      define: `NO_${guard}`,
      expects: "an error",
    }),
  ),
  ...Object.entries(BROKEN).map(
    ([title, [bounds, define]]): Job => ({ title, bounds, define, expects: "an error" }),
  ),
];

async function check(
  job: Job,
  source: string,
  folder: string,
  running: Set<ChildProcess>,
): Promise<boolean> {
  const began = performance.now();
  const found = await verify(job, source, folder, running).catch((error: Error) => error);
  if (found instanceof Error) {
    console.info(`✗ ${job.title}: ${found.message}`);
    return false;
  }
  const isGood =
    job.expects === "no error" ? found.errors === 0 && found.complete : found.errors > 0;
  const result =
    found.errors > 0
      ? `${found.said} at step ${found.depth}`
      : found.complete
        ? "holds"
        : "not searched to the end";
  const seconds = ((performance.now() - began) / 1_000).toFixed(1);
  console.info(
    row(
      isGood ? "✓" : "✗",
      job.title,
      found.states.toLocaleString("en"),
      found.transitions.toLocaleString("en"),
      String(found.depth),
      seconds,
      result,
    ),
  );
  return isGood;
}

function row(mark: string, ...[title, states, transitions, depth, seconds, result]: string[]) {
  return `${mark.padEnd(2)}${title?.padEnd(54)}${states?.padStart(12)}${transitions?.padStart(13)}${depth?.padStart(8)}${seconds?.padStart(9)}  ${result}`;
}

/** One program of SPIN's, compiled and run. An error is looked for in breadth, so that its trail is short. */
async function verify(
  { bounds, define, expects }: Job,
  source: string,
  folder: string,
  running: Set<ChildProcess>,
): Promise<Finding> {
  const isLiveness = bounds.flags?.includes("DRAINS") ?? false;
  const breadthFirst = expects === "an error" && !isLiveness;
  const run = (command: string, args: string[]) => program(command, args, folder, running);
  await mkdir(folder);
  await run("spin", [...defines(bounds, define), "-a", source]);
  const search = isLiveness ? ["-DNFAIR=3"] : ["-DSAFETY", ...(breadthFirst ? ["-DBFS"] : [])];
  await run("gcc", [
    "-O2",
    "-w",
    `-DMEMLIM=${MEMORY_MB}`,
    "-DCOLLAPSE",
    "-DNOREDUCE",
    ...search,
    "-o",
    "pan",
    "pan.c",
  ]);
  const printed = await run(join(folder, "pan"), [
    "-m1000000",
    expects === "an error" ? "-w22" : "-w25",
    ...(isLiveness ? ["-a", "-f"] : []),
  ]);
  return read(printed);
}

function defines(bounds: Bounds, define?: string): string[] {
  const names = [...(bounds.flags ?? []), ...(define ? [define] : [])];
  return [
    `-DNW=${bounds.workers}`,
    `-DNP=${bounds.pairs}`,
    `-DCRASHES=${bounds.crashes}`,
    `-DOPENS=${bounds.activations}`,
    `-DLIVES_AT_MOST=${bounds.lives}`,
    `-DLOSES=${bounds.cuts ?? 0}`,
    `-DCHANGES=${bounds.changes ?? 0}`,
    ...names.map((name) => `-D${name}`),
  ];
}

/** Of what a program of SPIN's prints at its end. */
function read(printed: string): Finding {
  const number = (pattern: RegExp) => Number(pattern.exec(printed)?.[1] ?? Number.NaN);
  const errors = number(/errors: (\d+)/);
  if (Number.isNaN(errors)) throw new Error(`the search said nothing: ${printed.slice(-300)}`);
  return {
    errors,
    complete: !/Search not completed|max search depth too small|out of memory/.test(printed),
    states: number(/(\d+(?:\.\d+e\+\d+)?) states, stored/),
    transitions: number(/(\d+(?:\.\d+e\+\d+)?) transitions/),
    depth: number(/\(at depth (\d+)\)/) || number(/depth reached (\d+)/),
    seconds: number(/elapsed time ([\d.]+)/),
    said: saidBy(/pan:1: (.*) \(at depth/.exec(printed)?.[1] ?? ""),
  };
}

/** What breaks, by a variable that only the assertion of that promise names. */
function saidBy(assertion: string): string {
  const [, words] = BREAKS.find(([variable]) => assertion.includes(variable)) ?? [];
  return words ?? assertion;
}

/** Runs a program to its end and returns what it printed; SPIN's own report errors by what they print. */
function program(
  command: string,
  args: string[],
  cwd: string,
  running: Set<ChildProcess>,
): Promise<string> {
  const child = spawn(command, args, { cwd, stdio: ["ignore", "pipe", "pipe"] });
  running.add(child);
  const tooLong = setTimeout(() => child.kill("SIGKILL"), LONGEST_S * 1_000);
  let printed = "";
  child.stdout.on("data", (chunk) => (printed += chunk));
  child.stderr.on("data", (chunk) => (printed += chunk));
  return new Promise((resolved, rejected) => {
    child.on("error", rejected);
    child.on("close", (code, signal) => {
      clearTimeout(tooLong);
      running.delete(child);
      if (signal) rejected(new Error(`${command} was ended after ${LONGEST_S} s`));
      else if (code !== 0 && !printed.includes("errors: "))
        rejected(new Error(`${command} failed: ${printed.trim().slice(-500)}`));
      else resolved(printed);
    });
  });
}
