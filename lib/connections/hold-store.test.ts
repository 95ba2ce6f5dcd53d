import type pg from "pg";
import { describe, expect } from "vitest";
import { type SimulatorClient, simulatorClient } from "@/e2e/simulators/jira-data-center/client";
import { type Simulator, startJiraSimulator } from "@/e2e/simulators/jira-data-center/server";
import { type Repointing, releaseConnection, repointSide } from "@/lib/connections/hold-store";
import { lendSide } from "@/lib/connections/watermark-store";
import type { Db } from "@/lib/db/database";
import { env } from "@/lib/env";
import type { LentEntry } from "@/lib/sync-queue/worker-store";
import { claimEntries, lendForPlanning } from "@/lib/sync-queue/worker-store";
import { type Connected, test as connectedTest } from "@/lib/testing/connected";
import { test } from "@/lib/testing/database";
import { activeGate, newLife, seedQueue, seedWorker, updateTicket } from "@/lib/testing/queue";
import { connectionContexts } from "@/lib/worker/contexts";
import { planAhead } from "@/lib/worker/plan-ahead";
import { run } from "@/lib/worker/run";

const CLONE = { name: "Test Jira", baseUrl: "http://127.0.0.1:9/test", token: "exalate-token" };

async function holdAll(db: Db): Promise<void> {
  await db.connection.updateMany({
    data: { heldSides: ["local", "remote"], heldAt: new Date() },
  });
}

/** Nobody runs who could put a sign of life at an instance. */
const withoutClaims = (db: Db) => db.claim.updateMany({ data: { state: "no_place" } });

const repoint = (db: Db, id: number, more: Partial<Repointing> = {}) =>
  repointSide(db, { id, side: "remote", instance: CLONE, project: "ACME", by: "ada", ...more });

describe("a held connection", () => {
  test("is neither sent from, polled nor planned, and goes on when it is released", async ({
    db,
    pool,
  }) => {
    const fence = await activeGate(db);
    const worker = await seedWorker(db, fence);
    const { connectionId, entryIds } = await seedQueue(db, { pairs: 2 });
    await db.queueEntry.update({ where: { id: entryIds[1] ?? 0 }, data: { state: "held" } });
    await pool.query(
      "insert into watermark (connection_id, side, at) select $1, side, sync_now() from unnest(array['local', 'remote']) side",
      [connectionId],
    );
    await holdAll(db);
    expect(await claimEntries(pool, worker, fence, 10)).toEqual([]);
    expect(await lendSide(pool, 0)).toBeNull();
    expect(await lendForPlanning(pool, 10)).toEqual([]);

    const { name } = await db.connection.findFirstOrThrow();
    await releaseConnection(db, { id: connectionId, typedName: name, by: "ada" });
    expect(await claimEntries(pool, worker, fence, 10)).toHaveLength(1);
    expect(await lendForPlanning(pool, 10)).toHaveLength(1);
    expect(await lendSide(pool, 0)).not.toBeNull();
  });

  test("is not planned while the gate is shut either", async ({ db, pool }) => {
    await seedQueue(db, { pairs: 2 });
    await holdAll(db);
    expect(await lendForPlanning(pool, 10)).toEqual([]);
  });

  test.for(["local", "remote"])("is held with one side too: %s", async (side, { db, pool }) => {
    const fence = await activeGate(db);
    const worker = await seedWorker(db, fence);
    await seedQueue(db);
    await db.connection.updateMany({ data: { heldSides: [side] } });
    expect(await claimEntries(pool, worker, fence, 10)).toEqual([]);
    expect(await lendForPlanning(pool, 10)).toEqual([]);
  });

  test("sends nothing more of what was claimed before it was held", async ({ db, pool }) => {
    const fence = await activeGate(db);
    const workerId = await seedWorker(db, fence);
    await seedQueue(db);
    const [entry] = await claimEntries(pool, workerId, fence, 1);
    const claim = { entryId: entry?.id ?? 0, attempt: entry?.attempt ?? 0, workerId, fence };
    await holdAll(db);
    expect(await updateTicket(pool, claim).request("PUT", "/x", 2_000)).toEqual({
      refused: "connection_held",
    });
  });

  test("still records what webhooks tell", async ({ db, pool }) => {
    const { connectionId } = await seedQueue(db);
    await holdAll(db);
    const { rows } = await pool.query(
      "select record_change($1, 'local', '10001', 'updated', 'webhook', 'Mia', null, 'new', 0) as result",
      [connectionId],
    );
    expect(rows).toEqual([{ result: "recorded" }]);
    expect(await db.queueEntry.findFirstOrThrow()).toMatchObject({ version: 2, changes: 2 });
  });

  test("is released by its name as it is written, and by nothing like it", async ({ db }) => {
    const { connectionId: id } = await seedQueue(db);
    await db.connection.update({ where: { id }, data: { name: "Acme partner" } });
    await holdAll(db);
    for (const typedName of ["", "acme partner", "Acme", "Acme  partner", String(id)])
      await expect(releaseConnection(db, { id, typedName, by: "ada" })).rejects.toMatchObject({
        reason: "invalid",
        message: expect.stringContaining("Acme partner"),
      });
    expect((await db.connection.findFirstOrThrow()).heldSides).toEqual(["local", "remote"]);

    await releaseConnection(db, { id, typedName: " Acme partner ", by: "ada" });
    expect(await db.connection.findFirstOrThrow()).toMatchObject({ heldSides: [], heldAt: null });
    expect(await db.audit.findFirstOrThrow({ orderBy: { id: "desc" } })).toMatchObject({
      actor: "ada",
      action: "connection.released",
      subject: "Acme partner",
    });
  });

  test("that is not held, or not there, cannot be released", async ({ db }) => {
    const { connectionId: id } = await seedQueue(db);
    const { name } = await db.connection.findFirstOrThrow();
    await expect(releaseConnection(db, { id, typedName: name, by: "ada" })).rejects.toMatchObject({
      reason: "conflict",
    });
    await expect(
      releaseConnection(db, { id: 999, typedName: name, by: "ada" }),
    ).rejects.toMatchObject({ reason: "not_found" });
  });
});

describe("pointing a side elsewhere", () => {
  test("ends the hold of that side only; the connection goes on when both are seen to", async ({
    db,
    pool,
  }) => {
    const { connectionId } = await seedQueue(db);
    await holdAll(db);
    await repoint(db, connectionId);
    expect(await db.connection.findFirstOrThrow()).toMatchObject({
      heldSides: ["local"],
      heldAt: expect.any(Date),
    });
    expect(await lendForPlanning(pool, 10)).toEqual([]);
    const instance = { ...CLONE, name: "Test Jira of ours" };
    await repoint(db, connectionId, { side: "local", instance, project: "PROD" });
    expect(await db.connection.findFirstOrThrow()).toMatchObject({ heldSides: [], heldAt: null });
    expect(await lendForPlanning(pool, 10)).toHaveLength(1);
  });

  test("makes every pair unverified there, and no permit is granted until its marker is found", async ({
    db,
    pool,
  }) => {
    const { connectionId } = await seedQueue(db, { pairs: 3 });
    const other = await seedQueue(db);
    const fence = await newLife(db);
    await repoint(db, connectionId);
    const pairs = await db.pair.findMany({ orderBy: { id: "asc" } });
    expect(pairs.map((pair) => [pair.localUnverified, pair.remoteUnverified])).toEqual([
      [false, true],
      [false, true],
      [false, true],
      [false, false],
    ]);

    await withoutClaims(db);
    await pool.query("select open_gate($1, $2, 'ada', null, '{}')", [
      fence.incarnation,
      fence.epoch,
    ]);
    const open = { ...fence, epoch: fence.epoch + 1 };
    const workerId = await seedWorker(db, open);
    const answers: unknown[] = [];
    for (const entry of await claimEntries(pool, workerId, open, 10)) {
      const claim = { entryId: entry.id, attempt: entry.attempt, workerId, fence: open };
      const answer = await updateTicket(pool, claim).request("PUT", "/x", 2_000);
      answers.push(entry.connectionId === other.connectionId ? "other" : answer);
    }
    expect(answers.sort()).toEqual([
      { refused: "unverified" },
      { refused: "unverified" },
      { refused: "unverified" },
      "other",
    ]);
    expect(await db.permit.count()).toBe(1);
  });

  test("begins detection there anew, forgets plans and what stopped the connection, and is audited", async ({
    db,
    pool,
  }) => {
    const { connectionId } = await seedQueue(db);
    await pool.query(
      `insert into watermark (connection_id, side, at, polled_at)
       select $1, side, now() - interval '3 days', now() from unnest(array['local', 'remote']) side`,
      [connectionId],
    );
    await db.connection.updateMany({
      data: { errorCode: "another_instance", errorMessage: "x", errorCount: 3 },
    });
    await db.queueEntry.updateMany({ data: { plannedVersion: 1 } });
    const before = await db.connection.findFirstOrThrow();
    await repoint(db, connectionId, { project: "TEST" });
    const { rows } = await pool.query(
      "select side, polled_at is null as due, sync_now() - at < interval '10 s' as anew from watermark order by side",
    );
    expect(rows).toEqual([
      { side: "local", due: false, anew: false },
      { side: "remote", due: true, anew: true },
    ]);
    expect(await db.queueEntry.findFirstOrThrow()).toMatchObject({ plannedVersion: null });
    const connection = await db.connection.findFirstOrThrow({ include: { remoteInstance: true } });
    expect(connection).toMatchObject({
      errorCode: null,
      localInstanceId: before.localInstanceId,
      remoteSettings: { project: "TEST", issueType: "Task" },
      remoteInstance: { name: CLONE.name, baseUrl: CLONE.baseUrl, confirmed: null },
    });
    const told = await db.audit.findFirstOrThrow({ where: { action: "connection.repointed" } });
    expect(told).toMatchObject({ actor: "ada", subject: connection.name });
    expect(JSON.stringify(told.detail)).not.toContain(CLONE.token);
    // The claim at the new place is not taken over from the old one.
    expect(
      await db.claim.findFirstOrThrow({ where: { instanceId: connection.remoteInstanceId } }),
    ).toMatchObject({ project: "TEST", state: "listening", lastNonce: null });
  });

  test.for(["active", "closing"])(
    "is refused while the gate is %s",
    async (state, { db, pool }) => {
      const fence = await activeGate(db);
      const workerId = await seedWorker(db, fence);
      const { connectionId } = await seedQueue(db);
      if (state === "closing") {
        const [entry] = await claimEntries(pool, workerId, fence, 1);
        const claim = { entryId: entry?.id ?? 0, attempt: entry?.attempt ?? 0, workerId, fence };
        await updateTicket(pool, claim).request("PUT", "/x", 2_000);
        await pool.query("select close_gate('ada', null)");
      }
      expect((await db.gate.findFirstOrThrow()).state).toBe(state);
      const before = await db.connection.findMany();
      await expect(repoint(db, connectionId)).rejects.toMatchObject({
        reason: "conflict",
        message: expect.stringContaining("deactivate first"),
      });
      expect(await db.connection.findMany()).toEqual(before);
      expect(await db.instance.count({ where: { name: CLONE.name } })).toBe(0);
    },
  );

  test.for(["", "1X", "two words", "A-B", "PROD; drop"])(
    "is refused, and changes nothing, for what can be no project: %j",
    async (project, { db }) => {
      const { connectionId } = await seedQueue(db);
      const before = await db.connection.findMany();
      await expect(repoint(db, connectionId, { project })).rejects.toMatchObject({
        reason: "invalid",
      });
      expect(await db.connection.findMany()).toEqual(before);
      expect(await db.instance.count({ where: { name: CLONE.name } })).toBe(0);
      expect(await db.pair.count({ where: { remoteUnverified: true } })).toBe(0);
    },
  );

  test("at the place of its other side is refused", async ({ db }) => {
    const { connectionId } = await seedQueue(db);
    await repoint(db, connectionId, { side: "local", project: "PROD" });
    await expect(repoint(db, connectionId, { project: "PROD" })).rejects.toMatchObject({
      reason: "invalid",
      message: expect.stringContaining("same project"),
    });
    await repoint(db, connectionId, { project: "ACME" });
  });

  test("under the name of an instance with another address is refused", async ({ db }) => {
    const { connectionId } = await seedQueue(db);
    await repoint(db, connectionId);
    const instance = { ...CLONE, baseUrl: "http://127.0.0.1:9/else" };
    await expect(repoint(db, connectionId, { instance })).rejects.toMatchObject({
      reason: "conflict",
      message: expect.stringContaining("another address"),
    });
  });
});

type Cloned = {
  clone: SimulatorClient;
  /** Points the remote side at the clone while the gate is shut, then opens it. */
  repointToClone(): Promise<void>;
  /** Polls both sides, then sends what the queue holds, as a worker does. */
  sync(): Promise<void>;
  /** Plans what the queue holds, as a worker does while the gate is shut. */
  planAll(): Promise<void>;
};

/** A worker by hand, at a partner that can be cloned. */
const cloning = connectedTest.extend<{ cloned: Cloned }>({
  cloned: async ({ db, pool, connected }, use) => {
    const started: Simulator[] = [];
    let client: SimulatorClient | null = null;
    await use({
      get clone() {
        if (!client) throw new Error("there is no clone yet");
        return client;
      },
      sync: () => sync(db, pool, connected),
      planAll: () => planAll(db, pool, connected),
      async repointToClone() {
        await newLife(db);
        const simulator = await startJiraSimulator({
          name: "partner test",
          from: await connected.partner.snapshot(),
        });
        started.push(simulator);
        client = simulatorClient(simulator.baseUrl);
        // As an administrator of a clone does first of all.
        await client.settings({ baseUrl: simulator.baseUrl });
        await repoint(db, connected.connectionId, {
          instance: { ...CLONE, baseUrl: simulator.baseUrl },
        });
        await connected.partner.clearWrites();
      },
    });
    for (const simulator of started) await simulator.stop();
  },
});

function contextOf(db: Db, pool: pg.Pool, { network, connectionId }: Connected) {
  const settings = { ...env(), WRITE_TIMEOUT_MS: 3_000, INDEX_LAG_MS: 0 };
  return connectionContexts(db, pool, network, settings).get(connectionId);
}

async function sync(db: Db, pool: pg.Pool, connected: Connected): Promise<void> {
  await connected.poll();
  const fence = await activeGate(db);
  await withoutClaims(db);
  const workerId = await seedWorker(db, fence);
  const context = await contextOf(db, pool, connected);
  const send = async (entry: LentEntry) => {
    const claim = { entryId: entry.id, attempt: entry.attempt, workerId, fence };
    await run({ context, entry, claim, shouldStop: () => false, random: () => 0 });
  };
  for (const entry of await claimEntries(pool, workerId, fence, 20)) await send(entry);
}

async function planAll(db: Db, pool: pg.Pool, connected: Connected): Promise<void> {
  await connected.poll();
  const context = await contextOf(db, pool, connected);
  for (const entry of await lendForPlanning(pool, 20)) await planAhead(context, entry);
}

const ids = (db: Db) =>
  db.pair.findMany({
    select: { localKey: true, remoteKey: true, remoteUnverified: true },
    orderBy: { id: "asc" },
  });

const unlinked = (db: Db) =>
  db.unlinkedPair.findMany({ select: { localKey: true, remoteKey: true, reason: true } });

describe("a pair after its connection was pointed at a clone of the partner", () => {
  cloning(
    "is found there by its marker, and its change goes to the clone and not to the original",
    async ({ connected, cloned, db }) => {
      const mia = connected.production.as("mia-token");
      await mia.createIssue({ project: "PROD", summary: "One", labels: ["sync"] });
      await cloned.sync();
      expect(await ids(db)).toEqual([
        { localKey: "PROD-1", remoteKey: "ACME-1", remoteUnverified: false },
      ]);
      await cloned.repointToClone();
      expect(await ids(db)).toMatchObject([{ remoteUnverified: true }]);

      await mia.editIssue("PROD-1", { summary: "One, after the clone" });
      await cloned.sync();
      expect(await ids(db)).toEqual([
        { localKey: "PROD-1", remoteKey: "ACME-1", remoteUnverified: false },
      ]);
      expect(await connected.partner.writes()).toEqual([]);
      expect(await cloned.clone.writes()).toMatchObject([
        { method: "PUT", outcome: expect.any(String), status: 204 },
      ]);
      const there = await cloned.clone.as("mia-token").getIssue("ACME-1");
      expect(there.fields.summary).toBe("One, after the clone");
      const original = await connected.partner.as("mia-token").getIssue("ACME-1");
      expect(original.fields.summary).toBe("One");
      expect(await unlinked(db)).toEqual([]);
    },
  );

  cloning(
    "is verified by planning alone while the gate is shut, and nothing is written",
    async ({ connected, cloned, db }) => {
      const mia = connected.production.as("mia-token");
      await mia.createIssue({ project: "PROD", summary: "One", labels: ["sync"] });
      await cloned.sync();
      await cloned.repointToClone();
      await mia.editIssue("PROD-1", { summary: "Edited" });
      await cloned.planAll();
      expect(await ids(db)).toMatchObject([{ remoteUnverified: false }]);
      expect(await db.queueEntry.findFirstOrThrow()).toMatchObject({
        state: "queued",
        direction: "to_remote",
        plan: expect.anything(),
      });
      expect(await cloned.clone.writes()).toEqual([]);
      expect(await connected.partner.writes()).toEqual([]);
    },
  );

  cloning(
    "ends when the issue there does not carry its marker, and is listed with the reason",
    async ({ connected, cloned, db }) => {
      const mia = connected.production.as("mia-token");
      await connected.partner.as("mia-token").createIssue({ project: "ACME", summary: "Theirs" });
      await mia.createIssue({ project: "PROD", summary: "Ours" });
      await connected.link("PROD-1", "ACME-1");
      await cloned.repointToClone();
      await cloned.sync();
      expect(await db.pair.count()).toBe(0);
      expect(await db.queueEntry.count()).toBe(0);
      expect(await unlinked(db)).toEqual([
        {
          localKey: "PROD-1",
          remoteKey: "ACME-1",
          reason: expect.stringMatching(
            /^ACME-1 at the remote side does not carry this pair's marker/,
          ),
        },
      ]);
      expect(await cloned.clone.writes()).toEqual([]);
      expect(await connected.partner.writes()).toEqual([]);
      expect((await db.run.findFirstOrThrow()).outcome).toBe("discarded");
    },
  );

  cloning("ends when another issue has its number there", async ({ connected, cloned, db }) => {
    const mia = connected.production.as("mia-token");
    const before = await connected.partner.snapshot();
    await mia.createIssue({ project: "PROD", summary: "One", labels: ["sync"] });
    await cloned.sync();
    const { remoteIssueId } = await db.pair.findFirstOrThrow();
    await cloned.repointToClone();
    // The clone comes from a backup of before; there the number went to somebody else's issue.
    await cloned.clone.restoreFrom({ ...before, baseUrl: (await cloned.clone.snapshot()).baseUrl });
    const theirs = await cloned.clone
      .as("mia-token")
      .createIssue({ project: "ACME", summary: "Not ours" });
    expect(theirs.id).toBe(remoteIssueId);
    await cloned.clone.clearWrites();
    await mia.editIssue("PROD-1", { summary: "Edited" });
    await cloned.sync();
    expect(await unlinked(db)).toMatchObject([
      { reason: expect.stringContaining("another issue") },
    ]);
    expect(await cloned.clone.writes()).toEqual([]);
    expect((await cloned.clone.as("mia-token").getIssue("ACME-1")).fields.summary).toBe("Not ours");
  });

  cloning(
    "ends when the issue is not there, also while the gate is shut",
    async ({ connected, cloned, db }) => {
      const mia = connected.production.as("mia-token");
      for (const summary of ["One", "Two"])
        await mia.createIssue({ project: "PROD", summary, labels: ["sync"] });
      await cloned.sync();
      const [first] = await ids(db);
      await cloned.repointToClone();
      await cloned.clone.as("mia-token").deleteIssue(first?.remoteKey ?? "");
      await cloned.clone.clearWrites();
      for (const key of ["PROD-1", "PROD-2"]) await mia.editIssue(key, { summary: "Edited" });
      await cloned.planAll();
      expect(await unlinked(db)).toMatchObject([
        {
          remoteKey: first?.remoteKey,
          reason: expect.stringMatching(/^there is no ACME-\d at the/),
        },
      ]);
      expect(await ids(db)).toMatchObject([{ remoteUnverified: false }]);
      expect(await cloned.clone.writes()).toEqual([]);
      expect(await connected.partner.writes()).toEqual([]);
    },
  );

  cloning(
    "that had no issue at the partner yet gets one at the clone",
    async ({ connected, cloned, db }) => {
      const mia = connected.production.as("mia-token");
      await mia.createIssue({ project: "PROD", summary: "New", labels: ["sync"] });
      await connected.poll();
      await cloned.repointToClone();
      await cloned.sync();
      expect(await unlinked(db)).toEqual([]);
      expect(await ids(db)).toEqual([
        { localKey: "PROD-1", remoteKey: "ACME-1", remoteUnverified: false },
      ]);
      expect((await cloned.clone.as("mia-token").getIssue("ACME-1")).fields.summary).toBe("New");
      expect(await connected.partner.writes()).toEqual([]);
    },
  );
});
