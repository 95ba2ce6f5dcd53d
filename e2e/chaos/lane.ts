import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type DatabaseServer, makeServer } from "@/e2e/chaos/database-server";
import type { Guard } from "@/e2e/chaos/guards";
import { type ChaosNode, killWorker, letGo, mend, openNode, startWorker } from "@/e2e/chaos/node";
import { makeTemplate, TEMPLATE } from "@/e2e/chaos/template";
import { PACE, PRIORITY_PAIRS, STATUS_PAIRS } from "@/e2e/line";
import { type SimulatorClient, simulatorClient } from "@/e2e/simulators/jira-data-center/client";
import { type Simulator, startJiraSimulator } from "@/e2e/simulators/jira-data-center/server";
import { createConnection, createInstance, linkPair } from "@/lib/connections/connection-store";
import { connectionInput, instanceInput } from "@/lib/connections/schema";
import { parseRanges } from "@/lib/connectors/address-guard";
import { openNetwork } from "@/lib/connectors/network";

export type Side = "local" | "remote";
export const SIDES: readonly Side[] = ["local", "remote"];
export const PROJECTS: Record<Side, string> = { local: "PROD", remote: "ACME" };
/** Pairs that exist from the start of a batch. */
export const PAIRS = 6;
const PEOPLE = ["ada", "bob", "eve"];

export const STATUSES: Record<Side, string[]> = {
  local: Object.keys(STATUS_PAIRS),
  remote: Object.values(STATUS_PAIRS),
};
export const PRIORITIES: Record<Side, string[]> = {
  local: Object.keys(PRIORITY_PAIRS),
  remote: Object.values(PRIORITY_PAIRS),
};

/**
 * A world of its own: a database server, two trackers, one node that is the original, and its copies.
 * Sequences of a lane come one after the other; several in a batch share a database.
 */
export type Lane = {
  home: string;
  program: string;
  server: DatabaseServer;
  trackers: Record<Side, { simulator: Simulator; client: SimulatorClient }>;
  original: ChaosNode;
  copies: ChaosNode[];
  /** What is cleared away meanwhile. */
  chores: Set<Promise<unknown>>;
  /** Counts databases and directories. */
  made: number;
  received(): Record<Side, number>;
  newBatch(): Promise<void>;
  close(): Promise<void>;
};

export async function openLane(home: string, program: string, guard?: Guard): Promise<Lane> {
  const server = await makeServer(home);
  await makeTemplate(server, guard?.sql ?? []);
  // The key's file, as the node itself would have made it, so that secrets that are sealed here open there.
  await mkdir(join(home, "keys"), { mode: 0o700 });
  await writeFile(join(home, "keys", "secret.key"), `${PACE.SECRET_KEY}\n`, { mode: 0o600 });
  const tracker = async (name: string, options: object) => {
    const simulator = await startJiraSimulator({ name, ...options });
    return { simulator, client: simulatorClient(simulator.baseUrl) };
  };
  const lane: Lane = {
    home,
    program,
    server,
    trackers: {
      local: await tracker("production", { contextPath: "/jira" }),
      remote: await tracker("partner", { serverTimeZone: "Asia/Tokyo" }),
    },
    original: undefined as unknown as ChaosNode,
    copies: [],
    chores: new Set(),
    made: 0,
    received: () => ({
      local: lane.trackers.local.simulator.writes.lastN,
      remote: lane.trackers.remote.simulator.writes.lastN,
    }),
    async newBatch() {
      if (lane.original) await endNode(lane, lane.original);
      lane.original = await makeOriginal(lane);
    },
    async close() {
      for (const copy of lane.copies.splice(0)) await endNode(lane, copy);
      await Promise.all(lane.chores);
      if (lane.original) await endNode(lane, lane.original);
      for (const side of SIDES) await lane.trackers[side].simulator.stop();
      await server.stop("fast");
    },
  };
  await lane.newBatch();
  return lane;
}

/** A node ends, its processes first, with its database; its own server too, if it has one. */
export async function endNode(lane: Lane, node: ChaosNode): Promise<void> {
  for (const worker of node.workers) {
    await killWorker(worker);
    await mend(worker);
  }
  await Promise.all(node.pending);
  await letGo(node);
  if (node.server !== lane.server) {
    await node.server.stop("immediate");
    await rm(node.server.home, { recursive: true, force: true });
  } else await lane.server.on(`drop database if exists ${node.database} with (force)`);
  if (node.dataDir !== lane.home) await rm(node.dataDir, { recursive: true, force: true });
}

async function makeOriginal(lane: Lane): Promise<ChaosNode> {
  for (const side of SIDES) {
    await lane.trackers[side].client.reset();
    await fill(lane.trackers[side].client, side);
  }
  const database = `node_${++lane.made}`;
  await lane.server.on(`create database ${database} template ${TEMPLATE} strategy file_copy`);
  await rm(join(lane.home, "keys", "high-water.json"), { force: true });
  const node = await openNode({
    name: "the original",
    isCopy: false,
    server: lane.server,
    database,
    dataDir: lane.home,
    env: {},
  });
  await connect(lane, node);
  await meet(lane, node);
  return node;
}

/** The pairs are read for the first time before anybody changes anything: what two issues have then is their common past. */
async function meet(lane: Lane, node: ChaosNode): Promise<void> {
  await startWorker(node, lane.program);
  const isWaiting = async () => (await node.pool.query("select from queue_entry")).rowCount !== 0;
  while (await isWaiting()) await new Promise((again) => setTimeout(again, 20));
}

async function connect({ trackers }: Lane, { db }: ChaosNode): Promise<void> {
  const instance = async (name: string, side: Side) => {
    const { baseUrl } = trackers[side].simulator;
    const input = instanceInput.parse({ name, baseUrl, token: "exalate-token" });
    return (await createInstance(db, input, "ada")).id;
  };
  const at = async (name: string, side: Side) => ({
    instance: await instance(name, side),
    project: PROJECTS[side],
    trigger: `project = ${PROJECTS[side]}`,
  });
  const swapped = (table: Record<string, string>) =>
    Object.fromEntries(Object.entries(table).map(([ours, theirs]) => [theirs, ours]));
  const { id: connection } = await createConnection(
    db,
    connectionInput.parse({
      name: "Acme",
      local: await at("Production", "local"),
      remote: await at("Partner", "remote"),
      mapping: {
        values: {
          status: { toRemote: STATUS_PAIRS, toLocal: swapped(STATUS_PAIRS) },
          priority: { toRemote: PRIORITY_PAIRS, toLocal: swapped(PRIORITY_PAIRS) },
        },
      },
      policy: "local",
      firstMeeting: "local",
      concurrency: 6,
    }),
    "ada",
  );
  const network = openNetwork(parseRanges(PACE.ALLOWED_ADDRESSES));
  for (let number = 1; number <= PAIRS; number++)
    await linkPair(
      db,
      { connection, localKey: `PROD-${number}`, remoteKey: `ACME-${number}` },
      "ada",
      network,
    );
  await network.close();
}

async function fill(client: SimulatorClient, side: Side): Promise<void> {
  await client.createUser({
    name: "exalate",
    displayName: "Exalate",
    timeZone: "America/New_York",
  });
  for (const name of PEOPLE)
    await client.createUser({ name, displayName: name[0]?.toUpperCase() + name.slice(1) });
  const categories = ["new", "indeterminate", "done"] as const;
  await client.createProject({
    key: PROJECTS[side],
    statuses: STATUSES[side].map((name, index) => ({
      name,
      category: categories[index] ?? "done",
    })),
    // From anywhere to anywhere: two steps of a person may be one of ours.
    transitions: STATUSES[side].map((name) => ({ name, to: name })),
    priorities: PRIORITIES[side],
  });
  const longAgo = Date.now() - 30 * 24 * 60 * 60_000;
  await client.seed({
    project: PROJECTS[side],
    issues: Array.from({ length: PAIRS }, (_, index) => ({
      summary: `Issue ${index + 1}`,
      description: `Text of issue ${index + 1}`,
      labels: ["seed"],
      status: STATUSES[side][0],
      priority: PRIORITIES[side][1],
      reporter: "ada",
      createdAt: longAgo + index * 60_000,
    })),
  });
}
