import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import type pg from "pg";
import { type Cable, openCable } from "@/e2e/chaos/cable";
import type { DatabaseServer } from "@/e2e/chaos/database-server";
import { connectPool, connectPrisma, type Db } from "@/lib/db/database";
import type { Fence, GateState } from "@/lib/gate/gate";

/** Settings of the workers under chaos. A node's key is a file in its data directory, as on a real one. */
const PACE = {
  ALLOWED_ADDRESSES: "127.0.0.0/8,::1/128",
  ASK_MS: "360",
  WRITE_TIMEOUT_MS: "1200",
  INDEX_LAG_MS: "100",
  POLL_INTERVAL_MS: "250",
  CLAIM_PERIOD_MS: "1000",
  // Its people edit as quickly as automations do.
  LOOP_ANSWER_MS: "1",
  CONSOLE_URL: "http://localhost:3000",
  LOG_LEVEL: "info",
};

export type ChaosWorker = {
  child: ChildProcess;
  pid: number;
  cable: Cable;
  isFrozen: boolean;
  /** `starting` until it has first joined a life. */
  state: "starting" | "ready" | "gone";
  exited: Promise<unknown>;
};

/** What the gate was seen to be, and how many writes each simulator had received by then, in that order. */
export type Mark = {
  state: GateState;
  fence: Fence;
  /** Permits that were open when it was seen. */
  open: string[];
  received: { local: number; remote: number };
};

/** After this number of the witness nobody lives who could vouch for the life of `fence`. */
export type LifeEnd = {
  because: "every worker is gone" | "the database restarted";
  n: number;
  fence: Fence;
  /** Processes that had been started and had not joined yet. */
  starters: number[];
};

/** One node: a database, a data directory, and the processes on them. */
export type ChaosNode = {
  name: string;
  isCopy: boolean;
  server: DatabaseServer;
  database: string;
  dataDir: string;
  env: Record<string, string>;
  db: Db;
  pool: pg.Pool;
  workers: ChaosWorker[];
  /** Openings that our administrator asked for and was not refused, as `incarnation/epoch`. */
  openings: Map<string, number>;
  marks: Mark[];
  lifeEnds: LifeEnd[];
  /** What was there when this node's history begins: at its birth as a copy, or at the start of a sequence. */
  before: { witness: number; gateChange: number; permits: Set<string> };
  pending: Set<Promise<unknown>>;
};

export function fenceKey({ incarnation, epoch }: Fence): string {
  return `${incarnation}/${epoch}`;
}

export async function openNode(
  given: Pick<ChaosNode, "name" | "isCopy" | "server" | "database" | "dataDir" | "env">,
): Promise<ChaosNode> {
  const node: ChaosNode = {
    ...given,
    ...connections(given.server.url(given.database)),
    workers: [],
    openings: new Map(),
    marks: [],
    lifeEnds: [],
    before: { witness: 0, gateChange: 0, permits: new Set() },
    pending: new Set(),
  };
  await beginHistory(node);
  return node;
}

function connections(url: string): Pick<ChaosNode, "db" | "pool"> {
  return { db: connectPrisma(url), pool: connectPool(url, 4) };
}

/** Lets go of the database, so that it can be copied or the server stopped. */
export async function letGo(node: ChaosNode): Promise<void> {
  await node.pool.end().catch(() => undefined);
  await node.db.$disconnect();
}

export function takeUp(node: ChaosNode): void {
  Object.assign(node, connections(node.server.url(node.database)));
}

/** From here on everything is judged; what was before is only remembered. */
export async function beginHistory(node: ChaosNode): Promise<void> {
  const { rows } = await node.pool.query<{
    witness: number;
    gateChange: number;
    permits: string[];
  }>(
    `select coalesce((select max(n) from witness), 0)::int as witness,
            coalesce((select max(id) from gate_change), 0)::int as "gateChange",
            coalesce((select array_agg(id::text) from permit), '{}') as permits`,
  );
  const row = rows[0];
  if (!row) throw new Error("the database did not answer");
  node.before = { ...row, permits: new Set(row.permits) };
  node.marks = [];
  node.lifeEnds = [];
}

export async function startWorker(node: ChaosNode, program: string): Promise<ChaosWorker> {
  const cable = await openCable(() => node.server.port());
  const url = new URL(node.server.url(node.database));
  url.port = String(cable.port);
  const log = openSync(join(node.dataDir, "worker.log"), "a");
  const child = fork(program, {
    env: {
      ...PACE,
      NODE_ENV: "production",
      ...node.env,
      PATH: process.env.PATH,
      DATABASE_URL: url.href,
      DATA_DIR: node.dataDir,
    },
    // Compiling well does not pay in a life of seconds.
    execArgv: ["--no-opt", "--liftoff-only"],
    stdio: ["ignore", log, log, "ipc"],
  });
  closeSync(log);
  const worker: ChaosWorker = {
    child,
    pid: child.pid ?? 0,
    cable,
    isFrozen: false,
    state: "starting",
    exited: once(child, "exit"),
  };
  child.on("error", () => undefined); // a process that cannot be started also exits
  child.on("message", () => {
    if (worker.state === "starting") worker.state = "ready";
  });
  child.on("exit", () => {
    worker.state = "gone";
    track(node, noteDeath(node));
    if (!cable.isDead()) track(node, cable.close());
  });
  node.workers.push(worker);
  return worker;
}

function track(node: ChaosNode, work: Promise<unknown>): void {
  const settled = work.catch(() => undefined).finally(() => node.pending.delete(settled));
  node.pending.add(settled);
}

/** If nobody is left, notes it: from then on nobody may join the life that was. */
async function noteDeath(node: ChaosNode): Promise<void> {
  const left = node.workers.filter(({ state }) => state !== "gone");
  if (left.some(({ state }) => state === "ready")) return;
  await noteLifeEnd(
    node,
    "every worker is gone",
    left.map(({ pid }) => pid),
  );
}

export async function noteLifeEnd(
  node: ChaosNode,
  because: LifeEnd["because"],
  starters: number[],
): Promise<void> {
  const { rows } = await node.pool.query<Fence & { n: number; isJoined: boolean }>(
    `select g.incarnation, g.epoch, coalesce((select max(n) from witness), 0)::int as n,
            exists (select from worker w where w.incarnation = g.incarnation and w.pid = any ($1)) as "isJoined"
       from gate g`,
    [starters],
  );
  const row = rows[0];
  if (!row || row.isJoined || row.incarnation === "") return;
  const { n, incarnation, epoch } = row;
  node.lifeEnds.push({ because, n, fence: { incarnation, epoch }, starters });
}

export function living(node: ChaosNode): ChaosWorker[] {
  return node.workers.filter(({ state }) => state !== "gone");
}

export async function killWorker(worker: ChaosWorker): Promise<void> {
  if (worker.state === "gone") return;
  worker.child.kill("SIGKILL");
  await worker.exited;
}

export function freeze(worker: ChaosWorker): void {
  worker.isFrozen = true;
  worker.child.kill("SIGSTOP");
}

export function thaw(worker: ChaosWorker): void {
  worker.isFrozen = false;
  worker.child.kill("SIGCONT");
}

/** Ends every half-open connection; those of processes that are gone with them. */
export async function mend(worker: ChaosWorker): Promise<void> {
  if (worker.state === "gone") await worker.cable.close();
  else worker.cable.revive();
}

/** Looks at the gate; null while the database is away. Every look is a mark. */
export async function look(
  node: ChaosNode,
  received: () => Mark["received"],
): Promise<Mark | null> {
  if (!node.server.isUp()) return null;
  try {
    const { rows } = await node.pool.query<Fence & { state: GateState; open: string[] }>(
      `select state, incarnation, epoch,
              coalesce((select array_agg(id::text) from permit where outcome = 'open'), '{}') as open
         from gate`,
    );
    const row = rows[0];
    if (!row) return null;
    const { state, incarnation, epoch, open } = row;
    const mark = { state, fence: { incarnation, epoch }, open, received: received() };
    const last = node.marks.at(-1);
    // The earliest look says most.
    if (last?.state !== state || fenceKey(last.fence) !== fenceKey(mark.fence))
      node.marks.push(mark);
    return mark;
  } catch {
    return null;
  }
}
