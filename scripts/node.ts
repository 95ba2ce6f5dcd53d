import { createServer } from "node:net";
import { resolve } from "node:path";
import { type Embedded, startEmbedded } from "@/lib/db/embedded";
import { parseEnv } from "@/lib/env";
import { migrate } from "@/prisma/migrate";
import { type Pace, type Supervisor, supervise } from "@/scripts/supervisor";

export type NodeOptions = {
  /** The environment that the node is started with; `process.env` when a person does. */
  env: Record<string, string | undefined>;
  /** Takes the log of the node's processes, line by line, each begun with its name in brackets. */
  print: (line: string) => void;
  /** Serves the pages as Next's development server does. */
  isDevelopment?: boolean;
  pace?: Pace;
  /** Gives the start up. What was started by then is ended. */
  signal?: AbortSignal;
};

export type RunningNode = {
  consoleUrl: string;
  databaseUrl: string;
  workerPids(): number[];
  consolePid(): number | undefined;
  /** Rejects when a part of the node cannot go on without a person. Never resolves. */
  failed: Promise<never>;
  /** Workers first, so that they can finish their writes; then the console; the database last. */
  stop(): Promise<void>;
};

/**
 * Starts one node: the embedded PostgreSQL unless `DATABASE_URL` names another, migrations, the
 * console and `WORKERS` workers under a supervisor. Resolves when the console answers. Throws one
 * readable sentence, and leaves nothing running, when it cannot.
 */
export async function startNode(options: NodeOptions): Promise<RunningNode> {
  const { env, print } = options;
  const settings = parseEnv(env);
  await refuseTakenPort(settings.PORT);
  const dataDir = resolve(settings.DATA_DIR);
  const embedded = settings.DATABASE_URL ? null : await startEmbedded(dataDir);
  const databaseUrl = settings.DATABASE_URL ?? embedded?.url ?? "";
  const consoleUrl = env.CONSOLE_URL || `http://localhost:${settings.PORT}`;
  const workers = Array.from({ length: settings.WORKERS }, (_, index) => `worker ${index + 1}`);

  let supervisor: Supervisor | null = null;
  const stop = () => stopAll(supervisor, workers, embedded);
  try {
    const { applied } = await migrate(databaseUrl);
    if (applied.length > 0) print(`[node] database brought to ${applied.at(-1)}`);
    const shared = {
      ...env,
      NODE_ENV: options.isDevelopment ? "development" : "production",
      DATABASE_URL: databaseUrl,
      DATA_DIR: dataDir,
      CONSOLE_URL: consoleUrl,
    };
    supervisor = supervise(
      [
        {
          name: "console",
          script: "scripts/console.ts",
          args: options.isDevelopment ? ["--dev"] : [],
          env: shared,
          graceMs: 5_000,
        },
        ...workers.map((name) => ({
          name,
          script: "lib/worker/main.ts",
          env: shared,
          // A write on the wire may take its whole time limit.
          graceMs: settings.WRITE_TIMEOUT_MS + 5_000,
        })),
      ],
      print,
      options.pace,
    );
    await Promise.race([supervisor.ready("console"), supervisor.failed, abortOf(options.signal)]);
  } catch (error) {
    await stop();
    throw error;
  }
  const { failed, pids } = supervisor;
  return {
    consoleUrl,
    databaseUrl,
    workerPids: () => workers.flatMap((name) => pids().get(name) ?? []),
    consolePid: () => pids().get("console"),
    failed,
    stop,
  };
}

function abortOf(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    const giveUp = () => reject(new Error("the start was given up"));
    if (signal?.aborted) giveUp();
    signal?.addEventListener("abort", giveUp, { once: true });
  });
}

async function stopAll(
  supervisor: Supervisor | null,
  workers: string[],
  embedded: Embedded | null,
) {
  await supervisor?.stop([workers, ["console"]]);
  await embedded?.stop();
}

/** Asked before anything is started: the console would find out only after the database is up. */
export async function refuseTakenPort(port: number): Promise<void> {
  const probe = createServer();
  await new Promise<void>((free, taken) => {
    probe.once("error", (error: NodeJS.ErrnoException) => {
      const reason = error.code === "EADDRINUSE" ? "is taken by another program" : "cannot be used";
      taken(new Error(`port ${port} ${reason}: end that program, or set PORT`, { cause: error }));
    });
    probe.listen(port, () => probe.close(() => free()));
  });
}
