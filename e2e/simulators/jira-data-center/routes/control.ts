import { z } from "zod";
import {
  type Call,
  created,
  noContent,
  ok,
  param,
  type Route,
  route,
} from "@/e2e/simulators/jira-data-center/call";
import {
  applyFaults,
  restoreBackup,
  shownBackup,
  solveCaptcha,
  takeBackup,
} from "@/e2e/simulators/jira-data-center/deeds";
import { faultsBody } from "@/e2e/simulators/jira-data-center/faults";
import { moveIssue } from "@/e2e/simulators/jira-data-center/issues";
import { refusal } from "@/e2e/simulators/jira-data-center/jira-error";
import { PERSONALITIES, VERSIONS } from "@/e2e/simulators/jira-data-center/personality";
import type { Issue } from "@/e2e/simulators/jira-data-center/records";
import {
  projectBody,
  putProject,
  putUser,
  seedBody,
  seedIssues,
  userBody,
} from "@/e2e/simulators/jira-data-center/seeding";
import {
  restore,
  type Snapshot,
  snapshotBody,
  takeSnapshot,
} from "@/e2e/simulators/jira-data-center/snapshot";
import { findIssue, findProject, findUser } from "@/e2e/simulators/jira-data-center/state";
import { clearWriteLog, writesSince } from "@/e2e/simulators/jira-data-center/write-log";
import { isTimeZone } from "@/e2e/simulators/jira-data-center/zones";

/** Below /__simulator: what a test or the demo does to the simulator. No part of Jira; no login. */
export const controlRoutes: Route[] = [
  route("GET", "/writes", ({ jira, query }) =>
    ok(writesSince(jira.writes, Number(query.get("since") ?? 0))),
  ),
  route("DELETE", "/writes", ({ jira }) => {
    clearWriteLog(jira.writes);
    return noContent();
  }),
  route("GET", "/faults", ({ jira }) => ok(jira.faults)),
  route("PUT", "/faults", (call) => setFaults(call, read(call, faultsBody))),
  route("PATCH", "/faults", (call) =>
    setFaults(call, { ...call.jira.faults, ...read(call, faultsBody) }),
  ),
  route("POST", "/users", (call) => {
    const { key, name } = putUser(call.jira.state, read(call, userBody));
    return created({ key, name });
  }),
  route("POST", "/projects", (call) => {
    const { id, key, name } = putProject(call.jira.state, read(call, projectBody));
    return created({ id, key, name });
  }),
  route("POST", "/seed", (call) =>
    created(seedIssues(call.jira.state, read(call, seedBody)).map(shortly)),
  ),
  route("POST", "/move", (call) => {
    const { state } = call.jira;
    const body = read(
      call,
      z.object({ issue: z.string(), project: z.string(), by: z.string().default("admin") }),
    );
    const issue = findIssue(state, body.issue);
    const project = findProject(state, body.project);
    const by = findUser(state, body.by);
    if (!issue || !project || !by) throw refusal(400, "no such issue, project or user");
    return ok(shortly(moveIssue(state, by, issue, project)));
  }),
  route("PUT", "/settings", (call) => {
    const { version, ...settings } = read(call, settingsBody);
    Object.assign(call.jira.state, settings);
    if (version) call.jira.state.personality = PERSONALITIES[version];
    call.jira.state.changed();
    return ok({ ...settings, ...(version ? { version } : {}) });
  }),
  route("GET", "/snapshot", ({ jira }) => ok(takeSnapshot(jira.state))),
  route("PUT", "/snapshot", (call) => {
    const { state } = call.jira;
    restore(state, read<Snapshot>(call, snapshotBody));
    state.changed();
    return noContent();
  }),
  route("GET", "/backups", ({ jira }) => ok(jira.backups.map(shownBackup))),
  route("POST", "/backups", ({ jira }) => created(shownBackup(takeBackup(jira)))),
  route("POST", "/backups/:backup/restore", (call) => {
    restoreBackup(call.jira, param(call, "backup"));
    return noContent();
  }),
  route("GET", "/clones", ({ jira }) => ok(jira.clones)),
  route("POST", "/clones", async ({ jira }) => created(await jira.startClone())),
  route("DELETE", "/captchas/:user", (call) => {
    solveCaptcha(call.jira, param(call, "user"));
    return noContent();
  }),
  route("POST", "/restart", async (call) => {
    await call.jira.restart(read(call, restartBody));
    return noContent();
  }),
  route("POST", "/reset", ({ jira }) => {
    jira.reset();
    return noContent();
  }),
  route("POST", "/save", async ({ jira }) => {
    await jira.save();
    return noContent();
  }),
];

/** A base URL that is not where the simulator runs is what a clone shows. */
const settingsBody = z.strictObject({
  /** Another line of Jira on the same data, as after an upgrade. */
  version: z.enum(VERSIONS).optional(),
  baseUrl: z.url().optional(),
  serverTimeZone: z.string().refine(isTimeZone, "unknown time zone").optional(),
  /** In bytes, for one file. */
  attachmentLimit: z.int().min(1).optional(),
  serverId: z
    .string()
    .regex(/^[A-Z0-9]{4}(-[A-Z0-9]{4}){3}$/)
    .optional(),
});

/** First it is not there, then it starts; at the end of both it runs. */
const restartBody = z.strictObject({
  downMs: z.number().min(0).default(0),
  startingMs: z.number().min(0).default(0),
});

/** PUT replaces all faults, so that `{}` ends them; PATCH changes those it names. */
function setFaults({ jira }: Call, faults: Call["jira"]["faults"]) {
  applyFaults(jira, faults);
  return ok(faults);
}

function read<T>({ body }: Call, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(body);
  if (!parsed.success) throw refusal(400, z.prettifyError(parsed.error));
  return parsed.data;
}

const shortly = ({ id, key }: Issue) => ({ id, key });
