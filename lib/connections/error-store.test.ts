import type pg from "pg";
import { describe, expect } from "vitest";
import { retryConnection } from "@/lib/connections/connection-store";
import { clearConnectionError, stopConnection } from "@/lib/connections/error-store";
import { SyncError } from "@/lib/errors";
import { test } from "@/lib/testing/database";
import { seedQueue } from "@/lib/testing/queue";

const unreachable = new SyncError("instance_unreachable", "no answer from Acme");
const rejected = new SyncError("credentials_rejected", "a wrong token");

/** How long until the next try, in whole seconds; null when it waits for a person. */
async function retryInS(pool: pg.Pool): Promise<number | null> {
  const { rows } = await pool.query<{ s: string | null }>(
    "select ceil(extract(epoch from retry_at - sync_now())) as s from connection",
  );
  return rows[0]?.s ? Number(rows[0].s) : null;
}
const letTimePass = (pool: pg.Pool) => pool.query("update connection set retry_at = sync_now()");

describe("a connection that stops", () => {
  test("is tried again later and later, up to five minutes", async ({ db, pool }) => {
    const { connectionId } = await seedQueue(db);
    const delays: (number | null)[] = [];
    for (let failures = 0; failures < 8; failures++) {
      await stopConnection(db, connectionId, unreachable);
      delays.push(await retryInS(pool));
      await letTimePass(pool);
    }
    expect(delays).toEqual([5, 10, 20, 40, 80, 160, 300, 300]);
  });

  test("counts workers that failed together as one failure", async ({ db, pool }) => {
    const { connectionId } = await seedQueue(db);
    await Promise.all([1, 2, 3, 4, 5].map(() => stopConnection(db, connectionId, unreachable)));
    expect(await retryInS(pool)).toBe(5);
    expect(await db.connection.findFirstOrThrow()).toMatchObject({ errorCount: 1 });
    expect(await db.audit.count({ where: { action: "connection.stopped" } })).toBe(1);
  });

  test("obeys the instance's own word on when to come back", async ({ db, pool }) => {
    const { connectionId } = await seedQueue(db);
    const failing = new SyncError("instance_failing", "503", { retryAfterMs: 90_000 });
    await stopConnection(db, connectionId, failing);
    expect(await retryInS(pool)).toBe(90);
  });

  test("for a wrong token waits for a person, whatever else comes in meanwhile", async ({
    db,
    pool,
  }) => {
    const { connectionId } = await seedQueue(db);
    await stopConnection(db, connectionId, rejected);
    await stopConnection(db, connectionId, unreachable);
    expect(await retryInS(pool)).toBeNull();
    expect(await db.connection.findFirstOrThrow()).toMatchObject({
      errorCode: "credentials_rejected",
      errorMessage: "a wrong token",
    });
  });

  test("goes on at once when a person says so, and only then", async ({ db, pool }) => {
    const { connectionId } = await seedQueue(db);
    expect(await retryConnection(db, connectionId, "ada")).toBe(false);
    await stopConnection(db, connectionId, rejected);
    expect(await retryConnection(db, connectionId, "ada")).toBe(true);
    expect(await db.connection.findFirstOrThrow()).toMatchObject({
      errorCode: null,
      errorMessage: null,
      retryAt: null,
      errorCount: 0,
    });
    const { rows } = await pool.query(
      "select actor from audit where action = 'connection.retried'",
    );
    expect(rows).toEqual([{ actor: "ada" }]);
  });

  test("begins anew once it worked", async ({ db, pool }) => {
    const { connectionId } = await seedQueue(db);
    await stopConnection(db, connectionId, unreachable);
    await letTimePass(pool);
    await stopConnection(db, connectionId, unreachable);
    expect(await clearConnectionError(db, connectionId)).toBe(true);
    expect(await clearConnectionError(db, connectionId)).toBe(false);
    await stopConnection(db, connectionId, unreachable);
    expect(await retryInS(pool)).toBe(5);
  });
});

describe("a rate limit", () => {
  const limited = new SyncError("rate_limited", "429", { retryAfterMs: 60_000 });

  test("pauses the instance that asked for it", async ({ db }) => {
    const { connectionId } = await seedQueue(db);
    await stopConnection(db, connectionId, limited, "remote");
    const { localInstance, remoteInstance, errorCode } = await db.connection.findFirstOrThrow({
      include: { localInstance: true, remoteInstance: true },
    });
    expect([localInstance.pausedUntil, remoteInstance.pausedUntil, errorCode]).toEqual([
      null,
      expect.any(Date),
      null,
    ]);
  });

  test("never shortens a longer pause", async ({ db }) => {
    const { connectionId } = await seedQueue(db);
    await stopConnection(db, connectionId, limited);
    const before = await db.instance.findMany({ select: { pausedUntil: true } });
    const short = new SyncError("rate_limited", "429", { retryAfterMs: 1_000 });
    await stopConnection(db, connectionId, short);
    expect(await db.instance.findMany({ select: { pausedUntil: true } })).toEqual(before);
  });
});
