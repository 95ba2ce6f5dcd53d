import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, inject } from "vitest";
import { killed, PACE, queueCounts, until, untilDrained } from "@/e2e/line";
import { simulatorClient } from "@/e2e/simulators/jira-data-center/client";
import { startJiraSimulator } from "@/e2e/simulators/jira-data-center/server";
import { redmineClient, type SeenIssue } from "@/e2e/trackers/redmine/client";
import { KEYS } from "@/e2e/trackers/redmine/server";
import { createConnection, createInstance } from "@/lib/connections/connection-store";
import { connectionInput, instanceInput } from "@/lib/connections/schema";
import type { Db } from "@/lib/db/database";
import { activate, readGate } from "@/lib/gate/gate-store";
import { test } from "@/lib/testing/database";

const STATUSES = { Open: "New", "In Progress": "In Progress", Done: "Closed" };
const PRIORITIES = { High: "High", Medium: "Normal", Low: "Low" };
const swapped = (table: Record<string, string>) =>
  Object.fromEntries(Object.entries(table).map(([ours, theirs]) => [theirs, ours]));
const tables = (table: Record<string, string>) => ({ toRemote: table, toLocal: swapped(table) });

/** A simulated Jira, a real Redmine, one connection between them, and workers as processes. */
async function startBoth(db: Db, url: string) {
  const simulator = await startJiraSimulator({ name: "production", contextPath: "/jira" });
  const jira = simulatorClient(simulator.baseUrl);
  for (const name of ["exalate", "ada", "bob"]) await jira.createUser({ name });
  await jira.createProject({
    key: "PROD",
    statuses: [
      { name: "Open", category: "new" },
      { name: "In Progress", category: "indeterminate" },
      { name: "Done", category: "done" },
    ],
    priorities: Object.keys(PRIORITIES),
  });
  const baseUrl = inject("redmineUrl");
  const admin = redmineClient(baseUrl, KEYS.admin);
  // A project of this test's own: what other tests leave behind is none of its business.
  const project = `both-${Date.now()}`;
  const field = (await admin.list({ project_id: "sync", status_id: "*", limit: "1" })).issues;
  const markerField = field[0]?.custom_fields.find(({ name }) => name === "Exalate marker")?.id;
  const made = await admin.call("POST", "/projects.json", {
    project: {
      name: project,
      identifier: project,
      is_public: false,
      tracker_ids: [1, 2, 3],
      issue_custom_field_ids: [markerField],
      enabled_module_names: ["issue_tracking"],
    },
  });
  expect(made.status).toBe(201);
  for (const key of [KEYS.exalate, KEYS.ada]) {
    const me = await redmineClient(baseUrl, key).call<{ user: { id: number } }>(
      "GET",
      "/users/current.json",
    );
    const membership = { user_id: me.body?.user.id, role_ids: [3] };
    await admin.call("POST", `/projects/${project}/memberships.json`, { membership });
  }
  const local = await createInstance(
    db,
    instanceInput.parse({ name: "Production", baseUrl: simulator.baseUrl, token: "exalate-token" }),
    "test",
  );
  const remote = await createInstance(
    db,
    instanceInput.parse({ kind: "redmine", name: "Support", baseUrl, token: KEYS.exalate }),
    "test",
  );
  const row = (local: string, kind: string, more: object = {}) => ({
    local,
    remote: local,
    kind,
    ...more,
  });
  await createConnection(
    db,
    connectionInput.parse({
      name: "Support",
      local: { instance: local.id, project: "PROD", trigger: "project = PROD" },
      remote: { instance: remote.id, project, issueType: "Bug", trigger: "status_id=*" },
      mapping: {
        version: 2,
        fields: [
          row("summary", "text"),
          row("description", "markup"),
          row("status", "option", { values: tables(STATUSES) }),
          row("priority", "option", { values: tables(PRIORITIES) }),
          row("dueDate", "date"),
          row("assignee", "user"),
        ],
        people: { table: [{ local: "ada", remote: "ada" }], by: [] },
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
    async startWorker() {
      const worker = fork("lib/worker/main.ts", {
        execArgv: ["--import", "tsx"],
        env: {
          ...process.env,
          ...PACE,
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
    async stop() {
      for (const worker of workers) await killed(worker);
      await simulator.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
type Both = Awaited<ReturnType<typeof startBoth>>;

/** Each issue of one side beside its twin, field by field, as people see them over REST. */
async function compared({ jira, redmine, project }: Both) {
  const ada = jira.as("admin-token");
  const { issues: here } = await ada.search("project = PROD ORDER BY id ASC", {
    maxResults: "500",
  });
  const listed = await redmine.list({ project_id: project, status_id: "*", limit: "100" });
  const there = await Promise.all(listed.issues.map(({ id }) => redmine.get(id)));
  const seen = (text: string | null) => text?.replaceAll("\r\n", "\n") || null;
  const jiraSide = await Promise.all(
    here.map(async ({ key, fields }) => ({
      summary: fields.summary,
      description: seen(fields.description),
      status: STATUSES[fields.status.name as keyof typeof STATUSES],
      priority: PRIORITIES[fields.priority.name as keyof typeof PRIORITIES],
      due: (fields.duedate as string | null) ?? null,
      assignee: (fields.assignee as { name: string } | null)?.name ?? null,
      comments: (await ada.comments(key)).map(({ body }) => said(body)).sort(),
    })),
  );
  const redmineSide = there.map((issue) => ({
    summary: issue.subject,
    description: seen(issue.description),
    status: issue.status.name,
    priority: issue.priority.name,
    due: issue.due_date,
    assignee: issue.assigned_to ? "ada" : null,
    comments: notesOf(issue).sort(),
  }));
  const bySummary = (one: { summary: string }, other: { summary: string }) =>
    one.summary.localeCompare(other.summary);
  return { jira: jiraSide.sort(bySummary), redmine: redmineSide.sort(bySummary) };
}

function notesOf({ journals }: SeenIssue): string[] {
  return journals.flatMap(({ notes }) => (notes ? said(notes) : []));
}

/** What somebody said, without the line that names the author at a mirror, and without a marker. */
function said(text: string): string {
  return text
    .replace(/\u2063[\ufe00-\ufe0f]*/, "")
    .replaceAll("\r\n", "\n")
    .replace(/^\*.*\* wrote:\n\n/, "")
    .trim();
}

test("Jira and a real Redmine converge in both directions, although the workers are killed in the middle", async ({
  db,
  pool,
  url,
}) => {
  const both = await startBoth(db, url);
  try {
    const { jira, redmine, project } = both;
    const workers = await Promise.all([both.startWorker(), both.startWorker()]);
    const ada = jira.as("ada-token");
    for (let number = 1; number <= 6; number++) {
      const issue = await ada.createIssue({
        project: "PROD",
        summary: `From Jira ${number}`,
        description: `one\r\n* two ${number}\r\n* three`,
        priority: { name: number % 2 ? "High" : "Low" },
        duedate: "2026-12-24",
        ...(number % 3 === 0 ? { assignee: { name: "ada" } } : {}),
      });
      if (number % 2 === 0) await ada.transition(issue.key, "In Progress");
      await ada.comment(issue.key, `said in Jira, ${number}`);
      const there = await redmine.create(`From Redmine ${number}`, {
        project_id: project,
        description: `one\n* two ${number}`,
        priority_id: number % 2 ? 3 : 1,
        due_date: "2026-12-31",
      });
      await redmine.note(there.id, `said in Redmine, ${number}`);
    }
    await until("all twelve wait, planned", async () => {
      const counts = await queueCounts(pool);
      return counts.all === 12 && counts.planned === 12;
    });
    await both.activate();
    await until("some is written", async () => (await queueCounts(pool)).writes > 5);
    await Promise.all(workers.map(killed));

    await Promise.all([both.startWorker(), both.startWorker()]);
    await until("the dead's writes are settled", async () => {
      return (await readGate(db)).state === "inactive";
    });
    await both.activate();
    await untilDrained(pool);
    const created = await compared(both);
    expect(created.jira).toHaveLength(12);
    expect(created.redmine).toEqual(created.jira);

    const listed = await redmine.list({ project_id: project, status_id: "*", limit: "100" });
    for (const { id, subject } of listed.issues.filter(({ subject: of }) => of.endsWith("1"))) {
      await redmine.edit(id, { subject: `${subject}, edited`, status_id: 2, due_date: "" });
      await redmine.note(id, "and once more");
    }
    const { issues } = await ada.search("project = PROD", { maxResults: "500" });
    for (const { key, fields } of issues.filter(({ fields: of }) => of.summary.endsWith("2")))
      await ada.editIssue(key, {
        description: `${fields.description}\r\n\r\nedited`,
        priority: { name: "Medium" },
      });
    await until("the edits have arrived, and nothing waits", async () => {
      const { all } = await queueCounts(pool);
      if (all > 0) return false;
      const now = await compared(both);
      const edits = now.jira.filter(({ summary }) => summary.endsWith("edited")).length;
      return edits === 2 && JSON.stringify(now.jira) === JSON.stringify(now.redmine);
    });
    const edited = await compared(both);
    expect(edited.redmine).toEqual(edited.jira);
    expect(edited.jira.filter(({ comments }) => comments.includes("and once more"))).toHaveLength(
      2,
    );
    expect(edited.jira).toHaveLength(12);
    expect(await db.permit.count({ where: { outcome: "open" } })).toBe(0);
  } finally {
    await both.stop();
  }
});
