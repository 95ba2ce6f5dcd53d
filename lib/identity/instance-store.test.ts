import type pg from "pg";
import { describe, expect } from "vitest";
import { simulatorClient } from "@/e2e/simulators/jira-data-center/client";
import { startJiraSimulator } from "@/e2e/simulators/jira-data-center/server";
import type { Db } from "@/lib/db/database";
import { readGate } from "@/lib/gate/gate-store";
import { readActivation } from "@/lib/identity/activation-store";
import { fromParts, toParts } from "@/lib/identity/address";
import { confirmedSchema } from "@/lib/identity/instance-identity";
import { confirmInstance, noteProbe } from "@/lib/identity/instance-store";
import { claimEntries } from "@/lib/sync-queue/worker-store";
import { type Connected, test } from "@/lib/testing/connected";
import { activeGate, seedWorker } from "@/lib/testing/queue";
import { keepClaims } from "@/lib/worker/claims";

const PROXY = "https://jira.example.com/jira";

const instanceOf = (db: Db) => db.instance.findFirstOrThrow({ where: { name: "PROD" } });

/** What stopped the connection, or null. */
async function trouble(db: Db): Promise<{ code: string; message: string } | null> {
  const { errorCode, errorMessage } = await db.connection.findFirstOrThrow();
  return errorCode === null ? null : { code: errorCode, message: errorMessage ?? "" };
}

/** What the Activation page would send for an instance that it shows. */
async function confirmAsShown(db: Db): Promise<void> {
  const { unconfirmed } = await readActivation(db, 15_000);
  for (const { id, reported, applicationId } of unconfirmed)
    await confirmInstance(db, { id, reported, applicationId, by: "ada" });
}

/** Replaces the address of the settings, as over a dump; what is kept in parts is not found. */
async function searchAndReplace(pool: pg.Pool, from: string, to: string): Promise<void> {
  await pool.query(
    `update instance set base_url = replace(base_url, $1, $2),
            confirmed = replace(confirmed::text, $1, $2)::jsonb, seen = replace(seen::text, $1, $2)::jsonb`,
    [from, to],
  );
}

/** One round over the claims of an open gate, by hand. */
async function look(db: Db, pool: pg.Pool, connected: Connected, workerId: string) {
  const gate = await readGate(db);
  await pool.query("update claim set due_at = sync_now(), lent_until = null");
  await keepClaims({
    db,
    pool,
    network: connected.network,
    env: { CLAIM_PERIOD_MS: 1, WRITE_TIMEOUT_MS: 2_000 },
    workerId,
    incarnation: gate.fence.incarnation,
    gate,
    console: null,
  });
}

describe("an instance that a poll looks at", () => {
  test("is confirmed by its first look when it calls itself what we call it", async ({
    connected,
    db,
  }) => {
    await connected.poll();
    expect(await trouble(db)).toBeNull();
    const instance = await instanceOf(db);
    const confirmed = confirmedSchema.parse(instance.confirmed);
    expect(fromParts(confirmed.address)).toBe(instance.baseUrl);
    expect(fromParts(confirmed.reported)).toBe(instance.baseUrl);
    expect(confirmed.applicationId).toEqual(expect.any(String));
    expect((await readActivation(db, 15_000)).unconfirmed).toEqual([]);
  });

  test("behind a proxy stops its connection with both addresses, and is confirmed once", async ({
    connected,
    db,
  }) => {
    await connected.production.settings({ baseUrl: PROXY });
    await connected.poll();
    const { baseUrl } = await instanceOf(db);
    const stopped = await trouble(db);
    expect(stopped?.code).toBe("another_instance");
    expect(stopped?.message).toContain(baseUrl);
    expect(stopped?.message).toContain(PROXY);
    expect((await db.connection.findFirstOrThrow()).retryAt).toBeNull();
    expect((await instanceOf(db)).confirmed).toBeNull();
    expect((await readActivation(db, 15_000)).unconfirmed).toMatchObject([
      { name: "PROD", address: baseUrl, reported: PROXY, confirmed: null },
    ]);

    await confirmAsShown(db);
    expect(await trouble(db)).toBeNull();
    for (let look = 0; look < 2; look++) {
      await connected.poll();
      expect(await trouble(db)).toBeNull();
    }
    expect((await readActivation(db, 15_000)).unconfirmed).toEqual([]);
    const told = await db.audit.findFirstOrThrow({ where: { action: "instance.confirmed" } });
    expect(told).toMatchObject({ actor: "ada", subject: "PROD" });
  });

  test("stops its connection when it calls itself something else than it did", async ({
    connected,
    db,
    pool,
  }) => {
    await connected.poll();
    const { baseUrl } = await instanceOf(db);
    const before = await db.watermark.findFirstOrThrow({ where: { side: "local" } });
    await connected.production.settings({ baseUrl: "https://jira-test.example.com" });
    await connected.poll();
    const stopped = await trouble(db);
    expect(stopped?.code).toBe("another_instance");
    expect(stopped?.message).toContain(`called itself ${baseUrl} when it was confirmed`);
    expect(stopped?.message).toContain("https://jira-test.example.com now");
    expect((await db.watermark.findFirstOrThrow({ where: { side: "local" } })).at).toEqual(
      before.at,
    );
    const { rows } = await pool.query(
      "select count(*)::int from audit where action = 'connection.stopped'",
    );
    expect(rows).toEqual([{ count: 1 }]);
    await confirmAsShown(db);
    await connected.poll();
    expect(await trouble(db)).toBeNull();
  });

  test("stops its connection when another application answers there", async ({ connected, db }) => {
    await connected.poll();
    await connected.production.settings({ serverId: "AAAA-BBBB-CCCC-DDDD" });
    await connected.poll();
    expect(await trouble(db)).toMatchObject({
      code: "another_instance",
      message: expect.stringContaining("another application"),
    });
  });

  test("is noticed after a search-and-replace of its address in the database, though the clone calls itself so", async ({
    connected,
    db,
    pool,
  }) => {
    await connected.poll();
    const original = await instanceOf(db);
    const clone = await startJiraSimulator({
      name: "production clone",
      contextPath: "/jira",
      from: await connected.production.snapshot(),
    });
    try {
      await simulatorClient(clone.baseUrl).settings({ baseUrl: clone.baseUrl });
      await searchAndReplace(pool, original.baseUrl, clone.baseUrl);
      expect((await instanceOf(db)).baseUrl).toBe(clone.baseUrl);
      await connected.poll();
      const stopped = await trouble(db);
      expect(stopped?.code).toBe("another_instance");
      expect(stopped?.message).toContain(`was confirmed at ${original.baseUrl}`);
      expect(stopped?.message).toContain(clone.baseUrl);
      await confirmAsShown(db);
      await connected.poll();
      expect(await trouble(db)).toBeNull();
      const confirmed = confirmedSchema.parse((await instanceOf(db)).confirmed);
      expect(fromParts(confirmed.address)).toBe(clone.baseUrl);
    } finally {
      await clone.stop();
    }
  });

  test("is noticed when its fresh clone still calls itself by the original's address", async ({
    connected,
    db,
    pool,
  }) => {
    await connected.poll();
    const original = await instanceOf(db);
    const clone = await startJiraSimulator({
      name: "production clone",
      contextPath: "/jira",
      from: await connected.production.snapshot(),
    });
    try {
      await searchAndReplace(pool, original.baseUrl, clone.baseUrl);
      await connected.poll();
      expect(await trouble(db)).toMatchObject({ code: "another_instance" });
    } finally {
      await clone.stop();
    }
  });
});

describe("a confirmation", () => {
  test("is refused when the instance says something else than was shown", async ({
    connected,
    db,
  }) => {
    await connected.production.settings({ baseUrl: PROXY });
    await connected.poll();
    const { id, seen } = await instanceOf(db);
    const { applicationId } = confirmedSchema.parse(seen);
    const shown = { id, reported: PROXY, applicationId, by: "ada" };
    for (const changed of [
      { reported: "https://jira-test.example.com" },
      { applicationId: "another" },
      { applicationId: null },
    ])
      await expect(confirmInstance(db, { ...shown, ...changed })).rejects.toMatchObject({
        reason: "conflict",
      });
    expect((await instanceOf(db)).confirmed).toBeNull();
    expect(await trouble(db)).toMatchObject({ code: "another_instance" });
    // However it is written, it is what was shown.
    await confirmInstance(db, { ...shown, reported: `${PROXY}/` });
    expect(await trouble(db)).toBeNull();
  });

  test("is refused when its address was changed since it was looked at", async ({
    connected,
    db,
    pool,
  }) => {
    await connected.production.settings({ baseUrl: PROXY });
    await connected.poll();
    const { baseUrl } = await instanceOf(db);
    await searchAndReplace(pool, baseUrl, "http://127.0.0.1:9");
    await expect(confirmAsShown(db)).rejects.toMatchObject({ reason: "conflict" });
    expect((await instanceOf(db)).confirmed).toBeNull();
  });

  test("of an instance that is not there, or was never looked at, is refused", async ({
    connected,
    db,
  }) => {
    expect(connected.connectionId).toBeGreaterThan(0);
    const { id } = await instanceOf(db);
    const shown = { reported: PROXY, applicationId: null, by: "ada" };
    await expect(confirmInstance(db, { id: 999, ...shown })).rejects.toMatchObject({
      reason: "not_found",
    });
    await expect(confirmInstance(db, { id, ...shown })).rejects.toMatchObject({
      reason: "conflict",
    });
  });

  test("lets nothing else go on: a connection that stopped for its token stays stopped", async ({
    connected,
    db,
  }) => {
    await connected.production.settings({ baseUrl: PROXY });
    await connected.poll();
    await db.connection.updateMany({ data: { errorCode: "credentials_rejected" } });
    await confirmAsShown(db);
    expect(await trouble(db)).toMatchObject({ code: "credentials_rejected" });
  });
});

test("what an instance says the same again is not written again", async ({ connected, db }) => {
  await connected.poll();
  const instance = await instanceOf(db);
  const { reported, applicationId } = confirmedSchema.parse(instance.confirmed);
  const probe = {
    account: { key: "k", name: "n", timeZone: "UTC" },
    clockOffsetMs: 0,
    product: "Jira",
    reportedUrl: `${fromParts(reported)}/`,
    applicationId,
  };
  // From here on a write would fail.
  await db.$executeRaw`create function refuse() returns trigger language plpgsql as $$ begin raise exception 'written'; end $$`;
  await db.$executeRaw`create trigger refuse before update on instance for each row execute function refuse()`;
  await noteProbe(db, instance, probe);
  await noteProbe(db, instance, { ...probe, reportedUrl: null });
  expect(confirmedSchema.parse(instance.seen).address).toEqual(toParts(instance.baseUrl));
});

describe("at an instance that was never confirmed", () => {
  test("nothing is claimed, sent or written", async ({ connected, db, pool }) => {
    await connected.partner.settings({ baseUrl: PROXY });
    const mia = connected.production.as("mia-token");
    await mia.createIssue({ project: "PROD", summary: "One", labels: ["sync"] });
    const fence = await activeGate(db);
    const workerId = await seedWorker(db, fence);
    // The claims are looked at before the first poll, and after it.
    for (let round = 0; round < 3; round++) {
      await look(db, pool, connected, workerId);
      expect(await claimEntries(pool, workerId, fence, 10)).toEqual([]);
      if (round === 0) await connected.poll();
    }
    const { id } = await db.instance.findFirstOrThrow({ where: { name: "ACME" } });
    const there = await db.claim.findFirstOrThrow({ where: { instanceId: id } });
    expect(there).toMatchObject({ state: "listening", stillSince: null, lastNonce: null });
    expect(there.trouble).toContain(PROXY);
    expect(await trouble(db)).toMatchObject({ code: "another_instance" });
    expect(await connected.partner.writes()).toEqual([]);
    expect(await db.permit.count({ where: { side: "remote" } })).toBe(0);

    await confirmAsShown(db);
    await expect
      .poll(async () => {
        await look(db, pool, connected, workerId);
        return (await db.claim.findFirstOrThrow({ where: { instanceId: id } })).state;
      })
      .toBe("held");
    expect(await connected.partner.writes()).toMatchObject([{ method: "PUT" }]);
  });
});
