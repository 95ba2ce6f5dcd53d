import type { Db } from "@/lib/db/database";
import type { Cases, StartJira } from "@/lib/testing/api-cases";
import { jiraWithIssue } from "@/lib/testing/api-cases-of-pairs";
import { seedQueue } from "@/lib/testing/queue";

const MAPPING = {
  version: 2,
  fields: [{ local: "summary", remote: "summary", kind: "text", direction: "both" }],
};

/** Of setting connections up and changing them: see `api-cases.ts`. */
export const CASES_OF_CONNECTIONS: Cases = {
  tryInstance: async (db, startJira) => {
    const { baseUrl } = await startJira("production");
    await jiraWithIssue(db, { baseUrl }, "PROD");
    return {
      body: { kind: "jira-data-center", name: "Production", baseUrl, token: "exalate-token" },
    };
  },
  listProjects: async (db, startJira) => ({
    params: { id: (await places(db, startJira)).local.instance },
  }),
  listTypes: async (db, startJira) => ({
    params: { id: (await places(db, startJira)).local.instance },
    query: { project: "PROD" },
  }),
  compareSides: async (db, startJira) => ({ body: await places(db, startJira) }),
  tryTrigger: async (db, startJira) => ({
    body: { places: await places(db, startJira), side: "local" },
  }),
  countExisting: async (db, startJira) => ({
    params: { id: await connectionOf(db, startJira) },
    query: { side: "local" },
  }),
  lookUpIssue: async (db, startJira) => ({
    params: { id: await connectionOf(db, startJira) },
    query: { side: "local", key: "PROD-1" },
  }),
  bringInExisting: async (db, startJira) => ({
    params: { id: await connectionOf(db, startJira) },
    body: { side: "local", reason: "all of them belong to the partner" },
  }),
  findLeavingPairs: async (db, startJira) => {
    const id = await connectionOf(db, startJira);
    await db.pair.create({
      data: {
        connectionId: id,
        localIssueId: "10000",
        localKey: "PROD-1",
        remoteIssueId: "10000",
        remoteKey: "ACME-1",
      },
    });
    return { params: { id }, body: { side: "local", trigger: "labels = nothing" } };
  },
  planFirst: async (db, startJira) => ({
    body: {
      places: await places(db, startJira),
      mapping: MAPPING,
      policy: "hold",
      firstMeeting: "hold",
    },
  }),
  readConnection: async (db) => {
    const { connectionId: id } = await seedQueue(db);
    await db.connection.update({
      where: { id },
      data: {
        pausedAt: new Date(),
        pausedBy: "ada",
        errorCode: "rate_limited",
        errorMessage: "429",
      },
    });
    return { params: { id } };
  },
  changeConnection: async (db) => ({
    params: { id: (await seedQueue(db)).connectionId },
    body: {
      mapping: MAPPING,
      policy: "local",
      firstMeeting: "remote",
      concurrency: 2,
      triggers: { local: "labels = sync", remote: null },
      reason: "agreed on Monday",
    },
  }),
  deleteConnection: async (db) => {
    const { connectionId: id } = await seedQueue(db);
    const { name } = await db.connection.findUniqueOrThrow({ where: { id } });
    return { params: { id }, query: { typedName: name, reason: "it is over" } };
  },
  readWebhooks: async (db) => {
    const { connectionId: id } = await seedQueue(db);
    const address = `https://sync.example.com/api/webhooks/${id}?side=local`;
    const found = { id: "1", name: "by hand", address, events: [], lacks: "events" };
    await db.webhook.updateMany({
      data: {
        wish: "register",
        wishedAt: new Date(),
        wishedBy: "ada",
        identity: (await db.node.findFirstOrThrow()).identity,
        found: [{ ...found, whose: "elsewhere", since: new Date().toISOString(), failed: 2 }],
        failureCode: "instance_failing",
        failure: "503",
        failureAt: new Date(),
        heardAt: new Date(),
        doubtedAt: new Date(),
        doubt: "its signature is wrong",
      },
    });
    return { params: { id } };
  },
  wantWebhook: async (db) => ({
    params: { id: (await seedQueue(db)).connectionId, side: "local" },
    body: { want: "register", reason: "faster than asking" },
  }),
  pauseConnection: async (db) => ({
    params: { id: (await seedQueue(db)).connectionId },
    body: { forMinutes: 30, reason: "a migration there" },
  }),
  resumeConnection: async (db) => {
    const { connectionId: id } = await seedQueue(db);
    await db.connection.update({ where: { id }, data: { pausedAt: new Date(), pausedBy: "ada" } });
    return { params: { id }, body: {} };
  },
};

async function connectionOf(db: Db, startJira: StartJira): Promise<number> {
  const { local, remote } = await places(db, startJira);
  const { id } = await db.connection.create({
    data: {
      name: "Acme partner",
      localInstanceId: local.instance,
      remoteInstanceId: remote.instance,
      localSettings: { project: "PROD", issueType: "Task", trigger: "project = PROD" },
      remoteSettings: { project: "ACME", issueType: "Task" },
      mapping: {},
      webhookSecret: "sealed",
      watermarks: { create: { side: "local", at: new Date() } },
    },
  });
  return id;
}

/** Two instances with one issue each, and where a connection between them would stand. */
async function places(db: Db, startJira: StartJira) {
  const place = async (project: string) => ({
    instance: await jiraWithIssue(db, await startJira(project), project),
    project,
    issueType: "Task",
    trigger: `project = ${project}`,
  });
  return { local: await place("PROD"), remote: await place("ACME") };
}
