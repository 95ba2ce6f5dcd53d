import { type ChildProcess, spawn } from "node:child_process";
import { resolve } from "node:path";
import { createInterface } from "node:readline";

const ROOT = resolve(import.meta.dirname, "..");

/** A program's exit code for "do not start me again: a person has to change something first". */
export const EXIT_UNUSABLE = 78;

/** One program to keep alive. It tells that it is in service by sending `"ready"` over its IPC channel. */
export type Program = {
  name: string;
  /** A TypeScript file below the project's root, and its arguments. */
  script: string;
  args?: string[];
  env: Record<string, string | undefined>;
  /** How long it may take to end after it was asked to. */
  graceMs: number;
};

export type Pace = {
  /** The wait before the first restart; it doubles with each one that follows soon. */
  firstDelayMs: number;
  longestDelayMs: number;
  /** Having lived this long, a program counts as healthy again. */
  healthyMs: number;
  /** The next restart waits until this one is ready, but not for ever. */
  readyMs: number;
};

const PACE: Pace = {
  firstDelayMs: 1_000,
  longestDelayMs: 30_000,
  healthyMs: 60_000,
  readyMs: 20_000,
};

export type Supervisor = {
  /** The process of each program that runs now, by name. */
  pids(): Map<string, number>;
  /** Resolves when the program has said that it is ready; rejects when it ends for good before that. */
  ready(name: string): Promise<void>;
  /** Rejects when a program ends with `EXIT_UNUSABLE`. Never resolves. */
  failed: Promise<never>;
  /** Ends the programs, one after the other in the given order (those of one list together). */
  stop(order: string[][]): Promise<void>;
};

type Child = {
  program: Program;
  process: ChildProcess | null;
  startedAt: number;
  restartsInARow: number;
  isReady: PromiseWithResolvers<void>;
};

/**
 * Starts the programs and restarts those that end, never two at a time: while one that crashed comes
 * up again the others stay as they are, so that one fault in all of them cannot take them down
 * together for longer than it must. Children run in process groups of their own (a terminal's Ctrl-C
 * reaches only us) and end by themselves when their IPC channel to us breaks, also by `kill -9`.
 */
export function supervise(
  programs: Program[],
  print: (line: string) => void,
  pace: Pace = PACE,
): Supervisor {
  const failure = Promise.withResolvers<never>();
  failure.promise.catch(() => undefined); // whoever waits for it sees it
  const children = programs.map((program): Child => {
    const isReady = Promise.withResolvers<void>();
    isReady.promise.catch(() => undefined); // the same
    return { program, process: null, startedAt: 0, restartsInARow: 0, isReady };
  });
  let isStopping = false;
  const stopped = new AbortController();
  let restarts: Promise<void> = Promise.resolve();

  const start = (child: Child): Promise<void> => {
    const { program } = child;
    const isUp = Promise.withResolvers<void>();
    child.startedAt = performance.now();
    const running = spawn(
      process.execPath,
      ["--import", "tsx", program.script, ...(program.args ?? [])],
      {
        cwd: ROOT,
        env: program.env as NodeJS.ProcessEnv,
        detached: true,
        stdio: ["ignore", "pipe", "pipe", "ipc"],
      },
    );
    child.process = running;
    for (const stream of [running.stdout, running.stderr]) {
      if (stream) createInterface(stream).on("line", (line) => print(`[${program.name}] ${line}`));
    }
    running.on("message", (message) => {
      if (message !== "ready") return;
      child.isReady.resolve();
      isUp.resolve();
    });
    running.on("error", (error) =>
      print(`[${program.name}] could not be started: ${error.message}`),
    );
    running.on("close", (code, signal) => {
      child.process = null;
      isUp.resolve();
      if (isStopping) return;
      if (code === EXIT_UNUSABLE) {
        const error = new Error(`the ${program.name} cannot run: see its last message`);
        child.isReady.reject(error);
        failure.reject(error);
        return;
      }
      print(`[${program.name}] ended (${signal ?? `code ${code}`}), it will be started again`);
      restarts = restarts.then(() => restart(child));
    });
    return isUp.promise;
  };

  const restart = async (child: Child): Promise<void> => {
    const wasHealthy = performance.now() - child.startedAt > pace.healthyMs;
    child.restartsInARow = wasHealthy ? 0 : child.restartsInARow + 1;
    const delayMs = pace.firstDelayMs * 2 ** Math.max(child.restartsInARow - 1, 0);
    await pause(Math.min(delayMs, pace.longestDelayMs), stopped.signal);
    if (isStopping) return;
    await Promise.race([start(child), pause(pace.readyMs, stopped.signal)]);
  };

  for (const child of children) void start(child);

  return {
    failed: failure.promise,
    pids() {
      return new Map(
        children.flatMap(({ program, process: running }) =>
          running?.pid ? [[program.name, running.pid]] : [],
        ),
      );
    },
    ready(name) {
      const child = children.find(({ program }) => program.name === name);
      return child ? child.isReady.promise : Promise.reject(new Error(`no program ${name}`));
    },
    async stop(order) {
      isStopping = true;
      stopped.abort();
      for (const names of order) {
        const ending = children.filter(({ program }) => names.includes(program.name));
        await Promise.all(ending.map(end));
      }
    },
  };
}

async function end({ program, process: running }: Child): Promise<void> {
  if (!running) return;
  const gone = new Promise((done) => running.once("close", done));
  running.kill("SIGTERM");
  const deadline = setTimeout(() => running.kill("SIGKILL"), program.graceMs);
  await gone;
  clearTimeout(deadline);
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    if (signal.aborted) return done();
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      done();
    });
  });
}
