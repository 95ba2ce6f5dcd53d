import { randomUUID } from "node:crypto";
import { simulatorClient } from "@/e2e/simulators/jira-data-center/client";
import type { Simulator } from "@/e2e/simulators/jira-data-center/server";
import { createConnection, createInstance } from "@/lib/connections/connection-store";
import { connectionInput, instanceInput } from "@/lib/connections/schema";
import type { Db } from "@/lib/db/database";
import { stopPair } from "@/lib/pairs/act-store";
import { decideConflicts } from "@/lib/pairs/choice-store";
import { choiceDigest } from "@/lib/sync/choice";
import type { Cases } from "@/lib/testing/api-cases";
import { seedQueue } from "@/lib/testing/queue";

/** Of pairs and of errors: see `api-cases.ts`. */
export const CASES_OF_PAIRS: Cases = {
  listPairs: async (db) => {
    const { connectionId } = await seedQueue(db, { pairs: 2 });
    const query = { standing: "waiting", q: "PROD-", limit: "1" };
    return { query: { ...query, connection: String(connectionId) } };
  },
  findPairs: async (db) => {
    await seedQueue(db);
    return { query: { key: "PROD-1" } };
  },
  linkPair: async (db, startJira) => {
    for (const key of ["PROD", "ACME"]) await jiraWithIssue(db, await startJira(key), key);
    const between = {
      name: "Acme partner",
      local: { instance: "PROD", project: "PROD" },
      remote: { instance: "ACME", project: "ACME" },
    };
    await createConnection(db, connectionInput.parse(between), "ada");
    return { body: { connection: "Acme partner", localKey: "PROD-1", remoteKey: "ACME-1" } };
  },
  readPair: async (db) => {
    const { id, choices } = await pairInConflict(db);
    await decideConflicts(db, { pairId: id, choices: choices.slice(0, 1), by: "ada" });
    return { params: { id } };
  },
  readPairNow: async (db) => {
    const { id } = await pairWithPast(db);
    await db.connection.updateMany({ data: { heldSides: ["local"], heldAt: new Date() } });
    await db.pair.update({ where: { id }, data: { remoteIssueId: null } });
    return { params: { id } };
  },
  readPairPermits: async (db) => ({
    params: { id: (await pairWithPast(db)).id },
    query: { before: `${new Date(Date.now() + 60_000).toISOString()}_${randomUUID()}` },
  }),
  readPairChanges: past,
  readPairRuns: past,
  readPairErrors: past,
  askForSync: async (db) => ({
    params: { id: (await pairWithPast(db)).id },
    body: { reason: "a doubt" },
  }),
  stopPair: async (db) => ({ params: { id: (await pairWithPast(db)).id }, body: {} }),
  startPair: async (db) => {
    const { id } = await pairWithPast(db);
    await stopPair(db, { id, by: "ada" });
    return { params: { id }, body: {} };
  },
  decideConflicts: async (db) => {
    const { id, choices } = await pairInConflict(db);
    return { params: { id }, body: { choices, reason: "ours is newer" } };
  },
  undoDecision: async (db) => {
    const { id, choices } = await pairInConflict(db);
    await decideConflicts(db, { pairId: id, choices, by: "ada" });
    return { params: { id }, body: {} };
  },
  readErrors: async (db) => {
    const { connectionId } = await pairWithPast(db);
    await db.connection.update({
      where: { id: connectionId },
      data: { errorCode: "rate_limited", errorMessage: "429", errorAt: new Date() },
    });
    await db.instance.updateMany({ data: { pausedUntil: new Date(Date.now() + 60_000) } });
    return {};
  },
  listErrorHistory: async (db) => {
    const { id, connectionId } = await pairWithPast(db);
    const query = { code: "field_rejected", before: "100", pair: String(id) };
    return { query: { ...query, connection: String(connectionId) } };
  },
  retryErrors: async (db) => {
    await pairWithPast(db);
    const [found] = await db.$queryRaw<[{ cause: string }]>`
      select error_cause(error_message) as cause from queue_entry`;
    return { body: { code: "field_rejected", cause: found.cause, reason: "mended" } };
  },
  retryAllErrors: async (db) => {
    await pairWithPast(db);
    return { body: { reason: "mended" } };
  },
};

async function past(db: Db) {
  return { params: { id: (await pairWithPast(db)).id }, query: { before: "1000" } };
}

/** A pair that failed, with a write, a run and a change. */
async function pairWithPast(db: Db): Promise<{ id: number; connectionId: number }> {
  const { connectionId, entryIds, pairIds } = await seedQueue(db);
  const [entryId = 0] = entryIds;
  const [id = 0] = pairIds;
  const of = { connectionId, pairId: id, entryId, attempt: 1 };
  const error = { errorCode: "field_rejected", errorMessage: 'PROD-1: priority "P9" is unknown' };
  await db.queueEntry.update({ where: { id: entryId }, data: { state: "failed", ...error } });
  await db.run.create({
    data: { ...of, endedAt: new Date(), outcome: "failed", errorCode: "field_rejected" },
  });
  await db.permit.create({
    data: {
      ...of,
      id: randomUUID(),
      incarnation: "today",
      epoch: 1,
      workerId: randomUUID(),
      side: "remote",
      kind: "update_issue",
      method: "PUT",
      path: "/issue/1",
      intended: { fields: { priority: "P9" } },
      before: { priority: "P1" },
      grantedAt: new Date(),
      deadlineAt: new Date(),
      answeredAt: new Date(),
      outcome: "rejected",
      status: 400,
      answer: { errors: { priority: "unknown" } },
    },
  });
  return { id, connectionId };
}

/** A pair whose summary and description both sides changed, and the choices that settle it. */
async function pairInConflict(db: Db) {
  const { id } = await pairWithPast(db);
  const conflicts = ["summary", "description"].map((field) => ({
    field,
    name: field,
    base: { local: "Same", remote: "Same" },
    local: "ours",
    remote: "theirs",
    resolution: "hold" as const,
  }));
  await db.queueEntry.updateMany({ data: { plan: { writes: [], notes: [], conflicts } } });
  const choices = conflicts.map(({ field, local, remote }) => ({
    field,
    side: "local" as const,
    digest: choiceDigest({ local, remote }),
  }));
  return { id, choices };
}

/** An instance under the name of its project, with one issue in it. */
export async function jiraWithIssue(
  db: Db,
  { baseUrl }: Pick<Simulator, "baseUrl">,
  key: string,
): Promise<number> {
  const client = simulatorClient(baseUrl);
  await client.createUser({ name: "exalate" });
  await client.createProject({ key });
  await client.as("exalate-token").createIssue({ project: key, summary: "One" });
  const token = "exalate-token";
  return (await createInstance(db, instanceInput.parse({ name: key, baseUrl, token }), "ada")).id;
}
