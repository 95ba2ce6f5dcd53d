import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type pg from "pg";
import { type Comparison, compare } from "@/e2e/convergence/compare";
import { CUSTOM_FIELDS, customField, type JiraProject, readJira } from "@/e2e/convergence/jira";
import { nothingKnown, readRedmine, readText } from "@/e2e/convergence/redmine";
import type { Seen } from "@/e2e/convergence/seen";
import { EVENTS, receiveAt } from "@/e2e/convergence/world";
import { killed, PACE, until } from "@/e2e/line";
import { simulatorClient } from "@/e2e/simulators/jira-data-center/client";
import { startJiraSimulator } from "@/e2e/simulators/jira-data-center/server";
import { openLossyWay } from "@/e2e/trackers/lossy-way";
import { redmineClient } from "@/e2e/trackers/redmine/client";
import { LISTS, newProject } from "@/e2e/trackers/redmine/project";
import { KEYS } from "@/e2e/trackers/redmine/server";
import { createConnection, createInstance } from "@/lib/connections/connection-store";
import { connectionInput, instanceInput } from "@/lib/connections/schema";
import type { Db } from "@/lib/db/database";
import { activate, deactivate, readGate } from "@/lib/gate/gate-store";

/** Each value of Jira's with its counterpart in Redmine. */
export const COUNTERPARTS = {
  status: { Open: "New", "In Progress": "In Progress", Done: "Closed" },
  priority: { High: "High", Medium: "Normal", Low: "Low" },
  type: { Bug: "Bug", Task: "Feature", "Sub-task": "Feature" },
};
const tables = (table: Record<string, string>) => ({
  toRemote: table,
  // Of several that become one the first comes back.
  toLocal: Object.fromEntries(
    Object.entries(table)
      .map(([ours, theirs]) => [theirs, ours])
      .reverse(),
  ),
});
const FIRST_FIELD = 20_000;
const MAPPED_KINDS: Record<string, string> = {
  textarea: "markup",
  select: "option",
  multiselect: "options",
};
export const PEOPLE = { ada: "Ada Lovelace", bob: "Bob Babbage" } as const;

/** What the comparison of the two leaves out, and why. */
export const LEFT_OUT = [
  "reporter and author: Redmine lets nobody set them",
  "labels and resolution: Redmine has none",
  "a type that is changed later: an issue keeps the one that it was made with",
  "start date, estimate and % done: nothing at Jira is mapped to them",
  "empty lines, and characters written as entities: the two markups need other ones to look the same",
  "versions that change at both sides at once: Redmine keeps one, and a person is asked which",
  "the direction of links that mean the same from both ends: Redmine keeps none",
  "signs in names of files that Redmine replaces by a line",
  "when a comment, a file or a piece of work was made: a mirror has its own time, and Redmine keeps days",
];

/** A simulated Jira, a project of a real Redmine, one connection between them, and workers as processes. */
export async function startBoth({
  db,
  pool,
  url,
  redmineUrl: baseUrl,
}: {
  db: Db;
  pool: pg.Pool;
  url: string;
  redmineUrl: string;
}) {
  const simulator = await startJiraSimulator({ name: "production", contextPath: "/jira" });
  const jira = simulatorClient(simulator.baseUrl);
  await jira.createUser({ name: "exalate" });
  for (const [name, displayName] of Object.entries(PEOPLE))
    await jira.createUser({ name, displayName });
  await jira.createProject({
    key: "PROD",
    issueTypes: Object.keys(COUNTERPARTS.type),
    statuses: [
      { name: "Open", category: "new" },
      { name: "In Progress", category: "indeterminate" },
      { name: "Done", category: "done" },
    ],
    priorities: Object.keys(COUNTERPARTS.priority),
    ...LISTS,
    customFields: CUSTOM_FIELDS.map((field, index) => ({
      id: FIRST_FIELD + index,
      ...field,
      options: "options" in field ? [...field.options] : [],
    })),
  });
  const here: JiraProject = {
    client: jira,
    key: "PROD",
    firstField: FIRST_FIELD,
    ours: "exalate",
  };
  const way = await openLossyWay(baseUrl);
  const there = await newProject(baseUrl);
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
  const connection = await createConnection(
    db,
    connectionInput.parse({
      name: "Support",
      local: { instance: local.id, project: "PROD", issueType: "Bug", trigger: "project = PROD" },
      remote: {
        instance: remote.id,
        project: there.project,
        issueType: "Bug",
        trigger: "status_id=*",
      },
      mapping: {
        version: 2,
        fields: [
          row("summary", "text"),
          row("description", "markup"),
          row("type", "option", { values: tables(COUNTERPARTS.type) }),
          row("status", "option", { values: tables(COUNTERPARTS.status) }),
          row("priority", "option", { values: tables(COUNTERPARTS.priority) }),
          row("dueDate", "date"),
          row("components", "options"),
          row("fixVersions", "options"),
          row("assignee", "user"),
          ...CUSTOM_FIELDS.map(({ name, kind }) => ({
            local: customField(here, name),
            remote: `cf_${there.numberOf(name)}`,
            kind: MAPPED_KINDS[kind] ?? kind,
            name,
          })),
        ],
        people: {
          table: Object.keys(PEOPLE).map((name) => ({ local: name, remote: name })),
          by: [],
        },
        attachments: "both",
        worklogs: "both",
        links: "both",
        linkTypes: tables({ Blocks: "blocks", Relates: "relates" }),
        subtasks: "both",
      },
      policy: "local",
      concurrency: 4,
    }),
    "test",
  );
  const receiver = await receiveAt(db, pool);
  await jira.as("admin-token").createWebhook({
    url: `${receiver.address}/${connection.id}?side=local`,
    events: EVENTS,
    secret: connection.webhookSecret,
  });
  const dataDir = await mkdtemp(join(tmpdir(), "exalate-both-"));
  let known = nothingKnown();
  const workers: ChildProcess[] = [];
  return {
    connectionId: connection.id,
    jira,
    here,
    there,
    redmine: redmineClient(baseUrl, KEYS.ada),
    redmineAs: (key: string) => redmineClient(baseUrl, key),
    /** The workers' way to Redmine. */
    way,
    /** The number of the last write that Jira got. */
    lastWrite: () => simulator.writes.lastN,
    /** The next comparison reads each issue whole, as if it had never been read. */
    forget() {
      known = nothingKnown();
    },
    /** Of issues at Redmine that say they have not changed, what earlier comparisons read is taken. */
    compare: async (): Promise<Comparison> =>
      compare(
        fromBothEnds((await readJira(here)).map(inBoth)),
        fromBothEnds(
          await readRedmine({
            admin: redmineClient(baseUrl, KEYS.admin),
            project: there.project,
            custom: CUSTOM_FIELDS,
            ours: "exalate",
            known,
          }),
        ),
        {
          linked: new Map(),
          counterparts: COUNTERPARTS,
          mirror: (_side, author, body) => readText(`*${author}* wrote:\n\n${body}`),
        },
      ),
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
    /** Waits until the gate is at rest, and opens it. */
    async activate() {
      await until("the gate is open", async () => {
        const { state, fence } = await readGate(db);
        if (state === "inactive") await activate(db, { fence, by: "ada" });
        return state === "active";
      });
    },
    async killWorkers() {
      await Promise.all(workers.splice(0).map(killed));
    },
    async deactivate() {
      await deactivate(db, { by: "ada" });
    },
    async stop() {
      for (const worker of workers) await killed(worker);
      await simulator.stop();
      await way.close();
      receiver.server.closeAllConnections();
      receiver.server.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
export type Both = Awaited<ReturnType<typeof startBoth>>;

/** Redmine keeps no direction of what means the same from both ends: it is looked for at both. */
function fromBothEnds(issues: Seen[]): Seen[] {
  const type = "Relates";
  return issues.map((issue) => ({
    ...issue,
    links: [
      ...issue.links,
      ...issues
        .filter(({ links }) => links.some((link) => link.type === type && link.toId === issue.id))
        .map(({ id }) => ({ type, toId: id })),
    ],
  }));
}

/** An issue of Jira's as far as Redmine has the like. */
function inBoth(issue: Seen): Seen {
  const { labels: _labels, reporter: _reporter, ...fields } = issue.fields;
  const texts = ["description", "Notes"].map((name) => [name, inTextile(fields[name])]);
  return {
    ...issue,
    fields: { ...fields, ...Object.fromEntries(texts) },
    comments: issue.comments.map((comment) => ({ ...comment, body: inTextile(comment.body) })),
    files: issue.files.map((file) => ({
      ...file,
      name: file.name.replace(/[\\/?%*:|"'<>]+/g, "_"),
    })),
    work: issue.work.map((work) => ({
      ...work,
      day: work.day.slice(0, 10),
      comment: inTextile(work.comment),
    })),
  };
}

/** What people write in these tests that the two markups write differently. */
function inTextile(text: string | undefined): string {
  return readText(text)
    .replace(/\{\{(.+?)\}\}/g, "@$1@")
    .replace(/\[([^|\]]+)\|(\S+?)\]/g, '"$1":$2');
}
