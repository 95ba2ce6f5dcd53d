import { describe, expect } from "vitest";
import {
  changeConnection,
  deleteConnection,
  pauseConnection,
  resumeConnection,
} from "@/lib/connections/change-store";
import { mappingSchema } from "@/lib/sync/mapping-schema";
import { claimEntries } from "@/lib/sync-queue/worker-store";
import { test } from "@/lib/testing/database";
import { activeGate, seedQueue, seedWorker, updateTicket } from "@/lib/testing/queue";

const by = "ada@example.com";

describe("a paused connection", () => {
  test("is not claimed from, while the others go on; resumed it is", async ({ db, pool }) => {
    const paused = await seedQueue(db);
    const other = await seedQueue(db);
    const fence = await activeGate(db);
    const worker = await seedWorker(db, fence);
    await pauseConnection(db, { id: paused.connectionId, by, reason: "their upgrade" });
    const claimed = await claimEntries(pool, worker, fence, 10);
    expect(claimed.map(({ id }) => id)).toEqual(other.entryIds);
    await resumeConnection(db, { id: paused.connectionId, by });
    expect((await claimEntries(pool, worker, fence, 10)).map(({ id }) => id)).toEqual(
      paused.entryIds,
    );
  });

  test("gets no permit for an entry that was claimed before: the rest of a plan is not sent", async ({
    db,
    pool,
  }) => {
    const { connectionId } = await seedQueue(db);
    const fence = await activeGate(db);
    const worker = await seedWorker(db, fence);
    const [entry] = await claimEntries(pool, worker, fence, 1);
    const claimed = {
      entryId: entry?.id ?? 0,
      attempt: entry?.attempt ?? 0,
      workerId: worker,
      fence,
    };
    await pauseConnection(db, { id: connectionId, by });
    const ticket = updateTicket(pool, claimed);
    expect(await ticket.request("PUT", "/x", 1_000)).toEqual({ refused: "connection_paused" });
  });

  test("for a time goes on by itself when it is over", async ({ db, pool }) => {
    const { connectionId, entryIds } = await seedQueue(db);
    const fence = await activeGate(db);
    const worker = await seedWorker(db, fence);
    await pauseConnection(db, { id: connectionId, by, forMinutes: 30 });
    expect(await claimEntries(pool, worker, fence, 1)).toEqual([]);
    await pool.query("update connection set paused_until = sync_now() - interval '1 second'");
    expect((await claimEntries(pool, worker, fence, 1)).map(({ id }) => id)).toEqual(entryIds);
  });
});

describe("changing what was agreed", () => {
  const agreed = {
    mapping: mappingSchema.parse({ version: 2, fields: [] }),
    policy: "local" as const,
    firstMeeting: "hold" as const,
    concurrency: 2,
    triggers: { local: "project = PROD", remote: null },
  };

  test("plans everything that waits anew", async ({ db }) => {
    const { connectionId } = await seedQueue(db, { pairs: 2 });
    await db.queueEntry.updateMany({ data: { plannedVersion: 1 } });
    await changeConnection(db, { id: connectionId, by, ...agreed });
    expect(await db.queueEntry.count({ where: { plannedVersion: null } })).toBe(2);
    expect(await db.connection.findUniqueOrThrow({ where: { id: connectionId } })).toMatchObject({
      policy: "local",
      concurrency: 2,
      localSettings: { project: "PROD", issueType: "Task", trigger: "project = PROD" },
      remoteSettings: { project: "ACME", issueType: "Task" },
    });
    expect(await db.audit.findFirst({ orderBy: { id: "desc" } })).toMatchObject({
      action: "connection.changed",
      actor: by,
      detail: {
        policy: "hold → local",
        concurrency: "4 → 2",
        localTrigger: "none → project = PROD",
      },
    });
  });

  test("leaves plans alone that it cannot alter", async ({ db }) => {
    const { connectionId } = await seedQueue(db);
    const { policy, firstMeeting } = { policy: "hold", firstMeeting: "hold" } as const;
    await db.queueEntry.updateMany({ data: { plannedVersion: 1 } });
    const mapping = mappingSchema.parse({});
    await changeConnection(db, {
      ...{ id: connectionId, by, ...agreed },
      ...{ mapping, policy, firstMeeting },
    });
    expect(await db.queueEntry.count({ where: { plannedVersion: 1 } })).toBe(1);
  });

  test("a narrowed trigger ends nothing: its pairs stay under sync", async ({ db }) => {
    const { connectionId } = await seedQueue(db, { pairs: 2 });
    const triggers = { local: "labels = nothing", remote: null };
    await changeConnection(db, { id: connectionId, by, ...agreed, triggers });
    expect(await db.pair.count({ where: { stoppedAt: null } })).toBe(2);
    expect(await db.queueEntry.count()).toBe(2);
  });

  test("what waited for a person's decision asks again by the new terms", async ({ db }) => {
    const { connectionId, entryIds } = await seedQueue(db, { pairs: 2 });
    const [conflict = 0, rejected = 0] = entryIds;
    const fail = (id: number, errorCode: string) =>
      db.queueEntry.update({ where: { id }, data: { state: "failed", errorCode, failures: 1 } });
    await fail(conflict, "conflict");
    await fail(rejected, "field_rejected");
    await changeConnection(db, { id: connectionId, by, ...agreed });
    expect(await db.queueEntry.findUnique({ where: { id: conflict } })).toMatchObject({
      state: "queued",
      errorCode: null,
    });
    expect(await db.queueEntry.findUnique({ where: { id: rejected } })).toMatchObject({
      state: "failed",
      errorCode: "field_rejected",
    });
  });

  test("two who change it at once do not overwrite each other", async ({ db }) => {
    const { connectionId: id } = await seedQueue(db);
    const change = (concurrency: number) =>
      changeConnection(db, { id, by, ...agreed, concurrency, agreedVersion: 1 });
    const ends = await Promise.allSettled([change(5), change(6)]);
    expect(ends.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    const won = ends[0].status === "fulfilled" ? 5 : 6;
    expect(await db.connection.findUnique({ where: { id } })).toMatchObject({
      concurrency: won,
      agreedVersion: 2,
    });
    await expect(change(7)).rejects.toThrow("changed by somebody else");
  });
});

describe("deleting a connection", () => {
  test("needs its name typed, and takes its pairs and queue along, but not the history", async ({
    db,
  }) => {
    const { connectionId } = await seedQueue(db, { pairs: 3 });
    const { name } = await db.connection.findUniqueOrThrow({ where: { id: connectionId } });
    await expect(
      deleteConnection(db, { id: connectionId, by, typedName: "another" }),
    ).rejects.toThrow(name);
    await deleteConnection(db, { id: connectionId, by, typedName: name });
    expect([
      await db.connection.count(),
      await db.pair.count(),
      await db.queueEntry.count(),
    ]).toEqual([0, 0, 0]);
    expect(await db.audit.findFirst({ orderBy: { id: "desc" } })).toMatchObject({
      action: "connection.deleted",
      subject: name,
      detail: { id: connectionId, pairs: 3 },
    });
  });

  test("waits for a write that is on the wire", async ({ db, pool }) => {
    const { connectionId } = await seedQueue(db);
    const { name } = await db.connection.findUniqueOrThrow({ where: { id: connectionId } });
    const fence = await activeGate(db);
    const worker = await seedWorker(db, fence);
    const [entry] = await claimEntries(pool, worker, fence, 1);
    const claimed = {
      entryId: entry?.id ?? 0,
      attempt: entry?.attempt ?? 0,
      workerId: worker,
      fence,
    };
    await updateTicket(pool, claimed).request("PUT", "/x", 1_000);
    await expect(deleteConnection(db, { id: connectionId, by, typedName: name })).rejects.toThrow(
      "on the wire",
    );
    expect(await db.connection.count()).toBe(1);
  });
});
