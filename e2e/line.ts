import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type pg from "pg";
import { type SimulatorClient, simulatorClient } from "@/e2e/simulators/jira-data-center/client";
import { type Simulator, startJiraSimulator } from "@/e2e/simulators/jira-data-center/server";
import { createConnection, createInstance, linkPair } from "@/lib/connections/connection-store";
import { connectionInput, instanceInput } from "@/lib/connections/schema";
import { parseRanges } from "@/lib/connectors/address-guard";
import { openNetwork } from "@/lib/connectors/network";
import type { Db } from "@/lib/db/database";
import { activate, deactivate, readGate } from "@/lib/gate/gate-store";

/** Settings of the workers under test: quick to ask, poll and give up, so that a test waits for states, not for hours. */
export const PACE = {
  SECRET_KEY: Buffer.alloc(32, 7).toString("base64"),
  ALLOWED_ADDRESSES: "127.0.0.0/8,::1/128",
  ASK_MS: "1500",
  WRITE_TIMEOUT_MS: "3000",
  INDEX_LAG_MS: "200",
  POLL_INTERVAL_MS: "500",
  CLAIM_PERIOD_MS: "3000",
  // People of a test edit as quickly as automations do.
  LOOP_ANSWER_MS: "1",
  LOG_LEVEL: "error",
};
Object.assign(process.env, { SECRET_KEY: PACE.SECRET_KEY });

export const STATUS_PAIRS = { Open: "New", "In Progress": "Working", Done: "Closed" };
export const PRIORITY_PAIRS = { High: "P1", Medium: "P2", Low: "P3" };
const swapped = (table: Record<string, string>) =>
  Object.fromEntries(Object.entries(table).map(([ours, theirs]) => [theirs, ours]));

/** A thin, whole line for tests: two simulators, a connection between them, workers as processes. */
export type Line = {
  production: SimulatorClient;
  partner: SimulatorClient;
  connectionId: number;
  simulators: { production: Simulator; partner: Simulator };
  /** `env` on top of the usual. Resolves when it has joined. */
  startWorker(env?: Record<string, string>): Promise<ChildProcess>;
  /** Where the workers keep what lies outside the database. */
  dataDir: string;
  activate(): Promise<void>;
  deactivate(): Promise<void>;
  stop(): Promise<void>;
};

type LineOptions = {
  /** Pairs that exist and are in step from the start: PROD-n and ACME-n. */
  pairs: number;
  concurrency?: number;
  /** Connections between the same two projects, each with its share of the pairs. */
  connections?: number;
};

export async function startLine(db: Db, url: string, options: LineOptions): Promise<Line> {
  const dataDir = await mkdtemp(join(tmpdir(), "exalate-line-"));
  const simulators = {
    production: await startJiraSimulator({ name: "production", contextPath: "/jira" }),
    partner: await startJiraSimulator({ name: "partner", serverTimeZone: "Asia/Tokyo" }),
  };
  const production = simulatorClient(simulators.production.baseUrl);
  const partner = simulatorClient(simulators.partner.baseUrl);
  await fill(
    production,
    "PROD",
    Object.keys(STATUS_PAIRS),
    Object.keys(PRIORITY_PAIRS),
    options.pairs,
  );
  await fill(
    partner,
    "ACME",
    Object.values(STATUS_PAIRS),
    Object.values(PRIORITY_PAIRS),
    options.pairs,
  );

  const instance = async (name: string, baseUrl: string) =>
    (
      await createInstance(
        db,
        instanceInput.parse({ name, baseUrl, token: "exalate-token" }),
        "test",
      )
    ).id;
  const sides = {
    local: await instance("Production", simulators.production.baseUrl),
    remote: await instance("Partner", simulators.partner.baseUrl),
  };
  const connect = async (name: string) =>
    (
      await createConnection(
        db,
        connectionInput.parse({
          name,
          // Several that find the same issues would each bring them under sync.
          local: {
            instance: sides.local,
            project: "PROD",
            ...((options.connections ?? 1) === 1 ? { trigger: "project = PROD" } : {}),
          },
          remote: { instance: sides.remote, project: "ACME" },
          mapping: {
            values: {
              status: { toRemote: STATUS_PAIRS, toLocal: swapped(STATUS_PAIRS) },
              priority: { toRemote: PRIORITY_PAIRS, toLocal: swapped(PRIORITY_PAIRS) },
            },
          },
          policy: "local",
          concurrency: options.concurrency ?? 6,
        }),
        "test",
      )
    ).id;
  const connectionId = await connect("Acme");
  const connectionIds = [connectionId];
  for (let more = 2; more <= (options.connections ?? 1); more++)
    connectionIds.push(await connect(`Acme ${more}`));
  const network = openNetwork(parseRanges(PACE.ALLOWED_ADDRESSES));
  for (let number = 1; number <= options.pairs; number++)
    await linkPair(
      db,
      {
        connection: connectionIds[number % connectionIds.length] ?? connectionId,
        localKey: `PROD-${number}`,
        remoteKey: `ACME-${number}`,
      },
      "test",
      network,
    );
  await network.close();

  const workers: ChildProcess[] = [];
  return {
    production,
    partner,
    connectionId,
    simulators,
    dataDir,
    async startWorker(env = {}) {
      const worker = fork("lib/worker/main.ts", {
        execArgv: ["--import", "tsx"],
        env: { ...process.env, ...PACE, DATABASE_URL: url, DATA_DIR: dataDir, ...env },
        stdio: ["ignore", "inherit", "inherit", "ipc"],
      });
      workers.push(worker);
      // The first message says that it has joined.
      await once(worker, "message");
      return worker;
    },
    async activate() {
      const answer = await activate(db, { fence: (await readGate(db)).fence, by: "ada" });
      if ("refused" in answer) throw new Error(answer.refused);
    },
    async deactivate() {
      await deactivate(db, { by: "ada" });
    },
    async stop() {
      for (const worker of workers) await killed(worker);
      await simulators.production.stop();
      await simulators.partner.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** A Jira with one project, people, and so many issues. */
export async function fill(
  simulator: SimulatorClient,
  project: string,
  statuses: string[],
  priorities: string[],
  issues: number,
): Promise<void> {
  await simulator.createUser({
    name: "exalate",
    displayName: "Exalate",
    timeZone: "America/New_York",
  });
  for (const name of ["ada", "bob", "eve"])
    await simulator.createUser({ name, displayName: name[0]?.toUpperCase() + name.slice(1) });
  const categories = ["new", "indeterminate", "done"] as const;
  await simulator.createProject({
    key: project,
    statuses: statuses.map((name, index) => ({ name, category: categories[index] ?? "done" })),
    priorities,
  });
  const longAgo = Date.now() - 30 * 24 * 60 * 60_000;
  await simulator.seed({
    project,
    issues: Array.from({ length: issues }, (_, index) => ({
      summary: `Issue ${index + 1}`,
      description: `Text of issue ${index + 1}`,
      labels: ["seed"],
      status: statuses[0],
      priority: priorities[1],
      reporter: "ada",
      createdAt: longAgo + index * 60_000,
    })),
  });
}

/** Ends a process without a chance to clean up, and waits until it is gone. */
export async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill("SIGKILL");
  await gone;
}

/** Waits for a state; how long says only when to give up. */
export async function until(
  what: string,
  isSo: () => Promise<boolean>,
  giveUpMs = 120_000,
): Promise<void> {
  const deadline = performance.now() + giveUpMs;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`never came true: ${what}`);
    await new Promise((again) => setTimeout(again, 50));
  }
}

/** The queue as counts, straight from the database. */
export async function queueCounts(pool: pg.Pool) {
  const { rows } = await pool.query<{ all: number; planned: number; writes: number }>(
    `select count(*)::int as all,
            (count(*) filter (where planned_version = version))::int as planned,
            (select count(*)::int from permit where outcome = 'applied') as writes
       from queue_entry`,
  );
  return rows[0] ?? { all: 0, planned: 0, writes: 0 };
}

/** Waits until what waits is `entries` entries, all planned. */
export async function untilPlanned(pool: pg.Pool, entries: number): Promise<void> {
  await until(`${entries} planned entries`, async () => {
    const counts = await queueCounts(pool);
    return counts.all === entries && counts.planned === entries;
  });
}

export async function untilDrained(pool: pg.Pool): Promise<void> {
  await until("an empty queue", async () => (await queueCounts(pool)).all === 0);
}

/** A port that nobody listens on just now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const address = server.address();
  await new Promise((closed) => server.close(closed));
  if (typeof address !== "object" || !address) throw new Error("no port was free");
  return address.port;
}
