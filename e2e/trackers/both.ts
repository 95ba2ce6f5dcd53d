import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inject } from "vitest";
import { killed, PACE } from "@/e2e/line";
import { simulatorClient } from "@/e2e/simulators/jira-data-center/client";
import { startJiraSimulator } from "@/e2e/simulators/jira-data-center/server";
import { openLossyWay } from "@/e2e/trackers/lossy-way";
import { redmineClient } from "@/e2e/trackers/redmine/client";
import { newProject } from "@/e2e/trackers/redmine/project";
import { KEYS } from "@/e2e/trackers/redmine/server";
import { createConnection, createInstance } from "@/lib/connections/connection-store";
import { connectionInput, instanceInput } from "@/lib/connections/schema";
import type { Db } from "@/lib/db/database";
import { activate, deactivate, readGate } from "@/lib/gate/gate-store";

/** Each value of Jira's with its counterpart in Redmine. */
export const PAIRED = {
  status: { Open: "New", "In Progress": "In Progress", Done: "Closed" },
  priority: { High: "High", Medium: "Normal", Low: "Low" },
  type: { Bug: "Bug", Task: "Feature" },
} as const;
const swapped = (table: Record<string, string>) =>
  Object.fromEntries(Object.entries(table).map(([ours, theirs]) => [theirs, ours]));
const tables = (table: Record<string, string>) => ({ toRemote: table, toLocal: swapped(table) });

/** Custom fields of both: Jira's number and kind, and what Redmine calls its counterpart. */
export const CUSTOM = [
  { id: 20_000, kind: "text", mapped: "text", name: "Customer" },
  { id: 20_001, kind: "number", mapped: "number", name: "Effort" },
  { id: 20_002, kind: "date", mapped: "date", name: "Promised for" },
  { id: 20_003, kind: "select", mapped: "option", name: "Severity" },
  { id: 20_004, kind: "multiselect", mapped: "options", name: "Browsers" },
  { id: 20_005, kind: "user", mapped: "user", name: "Contact" },
] as const;
const OPTIONS: Record<string, string[]> = {
  Severity: ["Minor", "Major", "Fatal"],
  Browsers: ["Firefox", "Chrome", "Safari"],
};
export const LISTS = { components: ["Backend", "Frontend"], versions: ["1.0", "2.0"] };

/** A simulated Jira, a project of a real Redmine, one connection between them, and workers as processes. */
export async function startBoth(db: Db, url: string) {
  const simulator = await startJiraSimulator({ name: "production", contextPath: "/jira" });
  const jira = simulatorClient(simulator.baseUrl);
  for (const name of ["exalate", "ada", "bob"]) await jira.createUser({ name });
  await jira.createProject({
    key: "PROD",
    issueTypes: Object.keys(PAIRED.type),
    statuses: [
      { name: "Open", category: "new" },
      { name: "In Progress", category: "indeterminate" },
      { name: "Done", category: "done" },
    ],
    priorities: Object.keys(PAIRED.priority),
    ...LISTS,
    customFields: CUSTOM.map(({ id, kind, name }) => ({
      id,
      kind,
      name,
      options: OPTIONS[name] ?? [],
    })),
  });
  const baseUrl = inject("redmineUrl");
  const way = await openLossyWay(baseUrl);
  const { project, numberOf } = await newProject(baseUrl, LISTS);
  const local = await createInstance(
    db,
    instanceInput.parse({ name: "Production", baseUrl: simulator.baseUrl, token: "exalate-token" }),
    "test",
  );
  const remote = await createInstance(
    db,
    instanceInput.parse({
      kind: "redmine",
      name: "Support",
      baseUrl: way.baseUrl,
      token: KEYS.exalate,
    }),
    "test",
  );
  const row = (field: string, kind: string, more: object = {}) => ({
    ...{ local: field, remote: field, kind },
    ...more,
  });
  await createConnection(
    db,
    connectionInput.parse({
      name: "Support",
      local: { instance: local.id, project: "PROD", issueType: "Bug", trigger: "project = PROD" },
      remote: { instance: remote.id, project, issueType: "Bug", trigger: "status_id=*" },
      mapping: {
        version: 2,
        fields: [
          row("summary", "text"),
          row("description", "markup"),
          row("type", "option", { values: tables(PAIRED.type) }),
          row("status", "option", { values: tables(PAIRED.status) }),
          row("priority", "option", { values: tables(PAIRED.priority) }),
          row("dueDate", "date"),
          row("components", "options"),
          row("fixVersions", "options"),
          row("assignee", "user"),
          ...CUSTOM.map(({ id, mapped, name }) => ({
            local: `customfield_${id}`,
            remote: `cf_${numberOf(name)}`,
            kind: mapped,
            name,
          })),
        ],
        people: {
          table: ["ada", "bob"].map((name) => ({ local: name, remote: name })),
          by: [],
        },
        attachments: "both",
        worklogs: "both",
        links: "both",
        linkTypes: { toRemote: { Blocks: "blocks" }, toLocal: { blocks: "Blocks" } },
      },
      policy: "local",
      concurrency: 4,
    }),
    "test",
  );
  const dataDir = await mkdtemp(join(tmpdir(), "exalate-both-"));
  const workers: ChildProcess[] = [];
  return {
    jira,
    redmine: redmineClient(baseUrl, KEYS.ada),
    project,
    numberOf,
    /** The workers' way to Redmine. */
    way,
    async startWorker() {
      const worker = fork("lib/worker/main.ts", {
        execArgv: ["--import", "tsx"],
        env: {
          ...process.env,
          ...PACE,
          // Redmine has one thread here: a write waits for its turn.
          WRITE_TIMEOUT_MS: "8000",
          DATABASE_URL: url,
          DATA_DIR: dataDir,
        },
        stdio: ["ignore", "inherit", "inherit", "ipc"],
      });
      workers.push(worker);
      await once(worker, "message"); // it has joined
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
      await simulator.stop();
      await way.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
export type Both = Awaited<ReturnType<typeof startBoth>>;
