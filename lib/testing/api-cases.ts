import type { Simulator } from "@/e2e/simulators/jira-data-center/server";
import { recordAudit } from "@/lib/audit/audit-store";
import type { Db } from "@/lib/db/database";
import { toParts } from "@/lib/identity/address";
import { decide } from "@/lib/identity/decision-store";
import { actOnFilter } from "@/lib/sync-queue/bulk-store";
import { CASES_OF_ACCESS } from "@/lib/testing/api-cases-of-access";
import { CASES_OF_CONNECTIONS } from "@/lib/testing/api-cases-of-connections";
import { CASES_OF_PAIRS } from "@/lib/testing/api-cases-of-pairs";
import { CASES_OF_SETTINGS } from "@/lib/testing/api-cases-of-settings";
import { heldConnection, undecided } from "@/lib/testing/copied";
import { activeGate, newLife, seedQueue } from "@/lib/testing/queue";

/** What a valid request says. Left out: nothing. */
export type Sent = {
  params?: Record<string, string | number>;
  query?: Record<string, string>;
  body?: unknown;
};

/** Starts a Jira that is stopped when the tests end. */
export type StartJira = (name: string) => Promise<Simulator>;
export type Cases = Record<string, (db: Db, startJira: StartJira) => Promise<Sent>>;

/**
 * For each operation, by its id: makes the node ready for one request that is carried out, and says it.
 * The contract test derives every forbidden request from it. Whoever adds an operation adds it here.
 */
export const CASES: Cases = {
  ...CASES_OF_PAIRS,
  ...CASES_OF_ACCESS,
  ...CASES_OF_CONNECTIONS,
  ...CASES_OF_SETTINGS,
  readGate: nothingMore,
  readOverview: queue,
  activate: async (db) => ({ body: { fence: await newLife(db), reason: "after the patch" } }),
  deactivate: async (db) => {
    await activeGate(db);
    return { body: { reason: "a restart" } };
  },
  readActivation: async (db) => {
    await undecided(db);
    await heldConnection(db);
    return {};
  },
  decide: async (db) => ({
    body: { verdictId: await undecided(db), decision: "same_node", reason: "moved" },
  }),
  revokeDecision: async (db) => {
    const id = await undecided(db);
    await decide(db, { verdictId: id, decision: "same_node", by: "ada" });
    return { params: { id }, body: { reason: "a slip" } };
  },
  takeOver: async (db) => {
    const { remoteInstance } = await heldConnection(db);
    const seen = { identity: "ours", incarnation: "theirs", nonce: "n-7", console: null };
    await db.claim.updateMany({ data: { state: "foreign", seen } });
    const { id, name } = remoteInstance;
    return { body: { instanceId: id, project: "ACME", typedName: name, reason: "it is stopped" } };
  },
  listQueue: async (db) => {
    const { connectionId } = await seedQueue(db, { pairs: 2 });
    const query = { sort: "newest", limit: "1", state: "queued", inherited: "false", q: "PROD" };
    return { query: { ...query, connection: String(connectionId) } };
  },
  readEntry: async (db) => ({ params: { id: await entry(db) } }),
  holdEntry: async (db) => ({ params: { id: await entry(db) }, body: { reason: "wait" } }),
  releaseEntry: async (db) => ({ params: { id: await entry(db, "held") }, body: {} }),
  retryEntry: async (db) => ({ params: { id: await entry(db, "failed") }, body: {} }),
  discardEntry: async (db) => ({ params: { id: await entry(db) }, body: { reason: "not needed" } }),
  actOnEntries: async (db) => {
    const { connectionId } = await seedQueue(db, { pairs: 2 });
    const filter = { connection: connectionId, state: "queued" };
    return { body: { act: "discard", filter, count: 2, reason: "a rehearsal" } };
  },
  undoAct: async (db) => {
    const { connectionId } = await seedQueue(db);
    const filter = { connection: connectionId };
    const { undoId } = await actOnFilter(db, { act: "discard", filter, count: 1, by: "ada" });
    return { params: { id: undoId }, body: {} };
  },
  listConnections: queue,
  createConnection: async (db) => {
    const { localInstance, remoteInstance } = await heldConnection(db);
    return {
      body: {
        name: "Acme partner",
        local: { instance: localInstance.id, project: "PROD", trigger: "project = PROD" },
        remote: { instance: remoteInstance.name, project: "ACME", issueType: "Task" },
        mapping: {
          version: 2,
          fields: [
            {
              local: "status",
              remote: "status",
              kind: "option",
              direction: "to_remote",
              values: { toRemote: { Open: "To Do" }, toLocal: {} },
              otherwise: { toRemote: "To Do" },
            },
          ],
          people: { table: [{ local: "ada", remote: "ada.l" }], by: ["email"] },
          comments: "both",
        },
        policy: "hold",
        firstMeeting: "local",
        concurrency: 2,
      },
    };
  },
  releaseConnection: async (db) => {
    const { id, name } = await heldConnection(db);
    return { params: { id }, body: { typedName: name } };
  },
  repointConnection: async (db) => {
    const { id } = await heldConnection(db);
    const instance = { name: "Test Jira", baseUrl: "http://127.0.0.1:9/test", token: "a-token" };
    return { params: { id }, body: { side: "remote", instance, project: "TEST" } };
  },
  retryConnection: async (db) => {
    const { id } = await heldConnection(db);
    await db.connection.update({ where: { id }, data: { errorCode: "credentials_rejected" } });
    return { params: { id }, body: {} };
  },
  renewWebhookSecret: async (db) => ({ params: { id: (await heldConnection(db)).id }, body: {} }),
  listInstances: queue,
  createInstance: async () => ({
    body: {
      kind: "jira-data-center",
      name: "Production",
      baseUrl: "http://127.0.0.1:9/",
      token: "a-token",
    },
  }),
  renewInstanceToken: async (db) => ({
    params: { id: (await heldConnection(db)).remoteInstanceId },
    body: { token: "another-token" },
  }),
  changeTextFormat: async (db) => {
    const { remoteInstanceId: id } = await heldConnection(db);
    await db.instance.update({ where: { id }, data: { kind: "redmine" } });
    return { params: { id }, body: { textFormat: "markdown", shown: "textile" } };
  },
  confirmInstance: async (db) => {
    const { remoteInstance } = await heldConnection(db);
    const { id, baseUrl } = remoteInstance;
    const shown = { reported: "https://jira.example.com", applicationId: "B-1" };
    const seen = { ...shown, address: toParts(baseUrl), reported: toParts(shown.reported) };
    await db.instance.update({ where: { id }, data: { seen } });
    return { params: { id }, body: shown };
  },
  listPermits: async () => ({ query: { since: "2026-01-01T00:00:00Z", limit: "10" } }),
  listAudit: async (db) => {
    await audited(db);
    const query = { actor: "ada", action: "gate", q: "patch", before: "100", limit: "10" };
    return { query: { ...query, from: "2020-01-01T00:00:00Z", to: "2200-01-01T00:00:00Z" } };
  },
  exportAudit: async (db) => {
    await audited(db);
    return { body: { format: "jsonl", actor: "ada", from: "2020-01-01T00:00:00Z" } };
  },
  verifyAudit: async (db) => {
    await audited(db);
    return {};
  },
  listActivations: async (db) => {
    await activeGate(db);
    await seedQueue(db);
    return { query: { before: "100", limit: "5" } };
  },
  readCharts: async (db) => {
    const { connectionId } = await seedQueue(db);
    return { query: { span: "6h", connection: String(connectionId) } };
  },
  readHealth: nothingMore,
  readDocument: nothingMore,
};

async function nothingMore(): Promise<Sent> {
  return {};
}

async function queue(db: Db): Promise<Sent> {
  await seedQueue(db);
  return {};
}

async function entry(db: Db, state = "queued"): Promise<number> {
  const { entryIds } = await seedQueue(db);
  await db.queueEntry.updateMany({ data: { state, ...(state === "held" && { heldBy: "ada" }) } });
  return entryIds[0] ?? 0;
}

async function audited(db: Db): Promise<void> {
  await recordAudit(db, { actor: "ada", action: "gate.activated", reason: "after the patch" });
}
