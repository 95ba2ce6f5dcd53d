import type { ChildProcess } from "node:child_process";
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type pg from "pg";
import { POST as receiveWebhook } from "@/app/api/webhooks/[connection]/route";
import { CUSTOM_FIELDS, customField, type JiraProject } from "@/e2e/convergence/jira";
import { SIDES, type SideName } from "@/e2e/convergence/seen";
import { killed, PACE, PRIORITY_PAIRS, STATUS_PAIRS } from "@/e2e/line";
import { simulatorClient } from "@/e2e/simulators/jira-data-center/client";
import { type Simulator, startJiraSimulator } from "@/e2e/simulators/jira-data-center/server";
import { createConnection, createInstance, linkPair } from "@/lib/connections/connection-store";
import { connectionInput, instanceInput } from "@/lib/connections/schema";
import { parseRanges } from "@/lib/connectors/address-guard";
import { openNetwork } from "@/lib/connectors/network";
import type { Db } from "@/lib/db/database";
import { activate, readGate } from "@/lib/gate/gate-store";

/** Each person's login at both sides; the mail address is the same. */
export const PEOPLE = [
  { mail: "ada@example.org", local: "ada", remote: "a.lovelace", name: "Ada Lovelace" },
  { mail: "bob@example.org", local: "bob", remote: "b.babbage", name: "Bob Babbage" },
  { mail: "eve@example.org", local: "eve", remote: "e.hopper", name: "Eve Hopper" },
] as const;
export const COMPONENTS = ["API", "Core", "Shop", "Web"];
export const VERSIONS = ["1.0", "1.1", "2.0"];
const PROJECTS = { local: "PROD", remote: "ACME" };
export const EVENTS = [
  "jira:issue_created",
  "jira:issue_updated",
  "comment_created",
  "comment_updated",
  "worklog_created",
  "issuelink_created",
];

/** Two whole Jiras with people in them, one connection that maps everything, workers as processes, webhooks. */
export type World = {
  db: Db;
  pool: pg.Pool;
  projects: Record<SideName, JiraProject>;
  simulators: Record<SideName, Simulator>;
  /** The pairs that there were from the start, by key. */
  linked: Map<string, string>;
  workers: ChildProcess[];
  startWorker(): Promise<void>;
  /** At once, without a chance to clean up. */
  killWorker(): Promise<void>;
  /** Waits until the gate is at rest, and opens it. */
  activate(): Promise<void>;
  stop(): Promise<void>;
};

export async function openWorld(
  { db, pool, url }: { db: Db; pool: pg.Pool; url: string },
  pairs: number,
): Promise<World> {
  const dataDir = await mkdtemp(join(tmpdir(), "exalate-convergence-"));
  const simulators = {
    local: await startJiraSimulator({ name: "production", contextPath: "/jira" }),
    remote: await startJiraSimulator({ name: "partner", serverTimeZone: "Asia/Tokyo" }),
  };
  const projects = {
    local: project(simulators.local, "local", 20_000),
    remote: project(simulators.remote, "remote", 30_000),
  };
  for (const side of SIDES) await furnish(projects[side], side, pairs);
  const connection = await connect(db, projects, simulators);
  const receiver = await receiveAt(db, pool);
  for (const side of SIDES)
    await projects[side].client.as("admin-token").createWebhook({
      url: `${receiver.address}/${connection.id}?side=${side}`,
      events: EVENTS,
      secret: connection.webhookSecret,
    });
  const linked = await link(db, connection.id, pairs);

  const workers: ChildProcess[] = [];
  return {
    db,
    pool,
    projects,
    simulators,
    linked,
    workers,
    async startWorker() {
      const worker = fork("lib/worker/main.ts", {
        execArgv: ["--import", "tsx"],
        env: { ...process.env, ...PACE, DATABASE_URL: url, DATA_DIR: dataDir },
        stdio: ["ignore", "inherit", "inherit", "ipc"],
      });
      workers.push(worker);
      // The first message says that it has joined.
      await once(worker, "message");
    },
    async killWorker() {
      const worker = workers.shift();
      if (worker) await killed(worker);
    },
    async activate() {
      for (;;) {
        const gate = await readGate(db);
        if (gate.state === "active") return;
        if (gate.state === "inactive") await activate(db, { fence: gate.fence, by: "ada" });
        await new Promise((again) => setTimeout(again, 50));
      }
    },
    async stop() {
      for (const worker of workers) await killed(worker);
      for (const side of SIDES) await simulators[side].stop();
      receiver.server.closeAllConnections();
      receiver.server.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

function project({ baseUrl }: Simulator, side: SideName, firstField: number): JiraProject {
  return { client: simulatorClient(baseUrl), key: PROJECTS[side], firstField, ours: "exalate" };
}

/** People, lists, fields, and issues that have been there for a month. */
async function furnish({ client, key, firstField }: JiraProject, side: SideName, issues: number) {
  await client.createUser({ name: "exalate", timeZone: "America/New_York" });
  for (const person of PEOPLE)
    await client.createUser({
      name: person[side],
      displayName: person.name,
      emailAddress: person.mail,
      roles: ["Developers"],
    });
  const fields = CUSTOM_FIELDS.map((field, index) => ({
    ...field,
    options: "options" in field ? [...field.options] : [],
    id: firstField + index,
  }));
  const table = {
    statuses: Object.entries(STATUS_PAIRS),
    priorities: Object.entries(PRIORITY_PAIRS),
  };
  const at = side === "local" ? 0 : 1;
  const categories = ["new", "indeterminate", "done"] as const;
  await client.createProject({
    key,
    issueTypes: ["Task", "Bug", "Sub-task"],
    components: COMPONENTS,
    versions: VERSIONS,
    customFields: side === "local" ? fields : fields.reverse(),
    statuses: table.statuses.map((names, index) => ({
      name: names[at],
      category: categories[index] ?? "done",
    })),
    priorities: table.priorities.map((names) => names[at]),
  });
  const longAgo = Date.now() - 30 * 24 * 60 * 60_000;
  await client.seed({
    project: key,
    issues: Array.from({ length: issues }, (_, index) => ({
      summary: `Issue ${index + 1}`,
      description: Array.from({ length: 6 }, (__, line) => `Line ${line + 1} of it`).join("\n\n"),
      labels: ["seed"],
      status: table.statuses[0]?.[at],
      priority: table.priorities[1]?.[at],
      reporter: PEOPLE[0][side],
      createdAt: longAgo + index * 60_000,
    })),
  });
}

async function connect(
  db: Db,
  projects: Record<SideName, JiraProject>,
  simulators: Record<SideName, Simulator>,
) {
  const at = async (side: SideName) => {
    const input = { name: side, baseUrl: simulators[side].baseUrl, token: "exalate-token" };
    const { id } = await createInstance(db, instanceInput.parse(input), "test");
    const { key } = projects[side];
    return { instance: id, project: key, trigger: `project = ${key}` };
  };
  return createConnection(
    db,
    connectionInput.parse({
      name: "Everything",
      local: await at("local"),
      remote: await at("remote"),
      mapping: mapping(projects),
      policy: "local",
      concurrency: 6,
    }),
    "test",
  );
}

function mapping(projects: Record<SideName, JiraProject>) {
  const own = [
    ["type", "option"],
    ["summary", "text"],
    ["description", "markup"],
    ["status", "option", STATUS_PAIRS],
    ["priority", "option", PRIORITY_PAIRS],
    ["labels", "options"],
    ["components", "options"],
    ["fixVersions", "options"],
    ["dueDate", "date"],
    ["assignee", "user"],
    ["reporter", "user"],
  ] as const;
  const kinds = {
    text: "text",
    textarea: "markup",
    number: "number",
    date: "date",
    select: "option",
    multiselect: "options",
    user: "user",
  };
  return {
    version: 2,
    fields: [
      ...own.map(([field, kind, values]) => ({
        local: field,
        remote: field,
        kind,
        ...(values ? { values: { toRemote: values, toLocal: swapped(values) } } : {}),
      })),
      ...CUSTOM_FIELDS.map(({ name, kind }) => ({
        local: customField(projects.local, name),
        remote: customField(projects.remote, name),
        kind: kinds[kind],
        name,
      })),
    ],
    people: { by: ["email"] },
    attachments: "both",
    worklogs: "both",
    links: "both",
    subtasks: "both",
  };
}

function swapped(table: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(table).map(([ours, theirs]) => [theirs, ours]));
}

async function link(db: Db, connection: number, pairs: number): Promise<Map<string, string>> {
  const network = openNetwork(parseRanges(PACE.ALLOWED_ADDRESSES));
  const linked = new Map<string, string>();
  for (let number = 1; number <= pairs; number++) {
    const [localKey, remoteKey] = [`${PROJECTS.local}-${number}`, `${PROJECTS.remote}-${number}`];
    await linkPair(db, { connection, localKey, remoteKey }, "test", network);
    linked.set(localKey, remoteKey);
  }
  await network.close();
  return linked;
}

const shared = globalThis as unknown as { exalateDb?: unknown; exalatePool?: unknown };

/** The console's own route for webhooks, without the console around it. */
export async function receiveAt(
  db: Db,
  pool: pg.Pool,
): Promise<{ address: string; server: Server }> {
  shared.exalateDb = db;
  shared.exalatePool = pool;
  const server = createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const url = new URL(incoming.url ?? "/", "http://localhost");
    const request = new Request(url, {
      method: "POST",
      headers: { "x-hub-signature": String(incoming.headers["x-hub-signature"] ?? "") },
      body: Buffer.concat(chunks),
    });
    const params = Promise.resolve({ connection: url.pathname.slice(1) });
    const answer = await receiveWebhook(request, { params });
    outgoing.writeHead(answer.status).end(await answer.text());
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  return { address: `http://127.0.0.1:${port}`, server };
}
