import type pg from "pg";
import { describe, expect } from "vitest";
import { openSides } from "@/lib/connections/connection-opener";
import type { OpenSide } from "@/lib/connectors/connector";
import type { Db } from "@/lib/db/database";
import { type Connected, test } from "@/lib/testing/connected";
import { pollDueSides } from "@/lib/worker/poll";

/** What stands in the queue, as a person would read it. */
async function queued(pool: pg.Pool): Promise<unknown[]> {
  const { rows } = await pool.query(
    `select p.local_key, p.remote_key, string_agg(c.kind || ' by ' || c.via, ', ' order by c.id) as what
       from queue_entry e join pair p on p.id = e.pair_id join change c on c.entry_id = e.id
      group by p.id, e.id order by p.id`,
  );
  return rows.map((row) => [row.local_key, row.remote_key, row.what]);
}

/** Reads both issues of all pairs and takes them off the queue, as when they are in step. */
async function settleAll(pool: pg.Pool, { connectionId, ...connected }: Connected, db: Db) {
  const connection = await db.connection.findUniqueOrThrow({
    where: { id: connectionId },
    include: { localInstance: true, remoteInstance: true },
  });
  const sides = openSides(connection, connected.network, { writeTimeoutMs: 1_000 });
  const seen = async (side: OpenSide, id: string | null) =>
    id === null ? null : ((await side.readIssue(id))?.updatedAt ?? null);
  for (const pair of await db.pair.findMany())
    await db.pair.update({
      where: { id: pair.id },
      data: {
        localSeenAt: await seen(sides.local, pair.localIssueId),
        remoteSeenAt: await seen(sides.remote, pair.remoteIssueId),
      },
    });
  await pool.query("delete from queue_entry");
}

describe("detection by polling", () => {
  test("brings an issue that the trigger names under sync once, however often it is found", async ({
    connected,
    pool,
  }) => {
    const mia = connected.production.as("mia-token");
    await mia.createIssue({ project: "PROD", summary: "In", labels: ["sync"] });
    await mia.createIssue({ project: "PROD", summary: "Out" });
    await connected.poll();
    await connected.poll();
    expect(await queued(pool)).toEqual([["PROD-1", null, "created by trigger"]]);
    const { rows } = await pool.query("select summary from pair");
    expect(rows).toEqual([{ summary: "In" }]);
  });

  test("does not bring in what the trigger named before the connection was made", async ({
    connected,
    pool,
  }) => {
    const createdAt = Date.now() - 60_000;
    await connected.production.seed({
      project: "PROD",
      issues: [{ summary: "Old", labels: ["sync"], createdAt }],
    });
    await connected.poll();
    expect(await queued(pool)).toEqual([]);
  });

  test("leaves an issue alone that is a twin on its side already", async ({
    connected,
    pool,
    db,
  }) => {
    await connected.partner.as("mia-token").createIssue({ project: "ACME", summary: "Theirs" });
    const twin = await connected.production
      .as("mia-token")
      .createIssue({ project: "PROD", summary: "Ours", labels: ["sync"] });
    await connected.link("PROD-1", "ACME-1");
    await settleAll(pool, connected, db);
    await connected.poll();
    expect(await queued(pool)).toEqual([]);
    expect(await db.pair.findMany({ select: { localIssueId: true } })).toEqual([
      { localIssueId: twin.id },
    ]);
  });

  test("finds edits of both sides of a pair, and forgets what was read since", async ({
    connected,
    pool,
    db,
  }) => {
    const ours = connected.production.as("mia-token");
    const theirs = connected.partner.as("mia-token");
    await ours.createIssue({ project: "PROD", summary: "Ours" });
    await theirs.createIssue({ project: "ACME", summary: "Theirs" });
    await connected.link("PROD-1", "ACME-1");
    await settleAll(pool, connected, db);
    await connected.poll();
    expect(await queued(pool)).toEqual([]);

    await ours.editIssue("PROD-1", { summary: "Ours, edited" });
    await theirs.comment("ACME-1", "A comment");
    await connected.poll();
    await connected.poll();
    expect(await queued(pool)).toEqual([
      ["PROD-1", "ACME-1", expect.stringMatching(/^updated by poll, updated by poll$/)],
    ]);
    await settleAll(pool, connected, db);
    await connected.poll();
    expect(await queued(pool)).toEqual([]);
  });

  test("finds everything that changed while this node was down", async ({
    connected,
    pool,
    db,
  }) => {
    const ours = connected.production.as("mia-token");
    await connected.partner.as("mia-token").createIssue({ project: "ACME", summary: "Theirs" });
    await ours.createIssue({ project: "PROD", summary: "Ours" });
    await connected.link("PROD-1", "ACME-1");
    await settleAll(pool, connected, db);
    await ours.editIssue("PROD-1", { summary: "Edited while we were down" });
    // We were away for two days; the watermark is where we left it.
    await pool.query("update watermark set at = at - interval '2 days'");
    await connected.poll();
    expect(await queued(pool)).toEqual([["PROD-1", "ACME-1", "updated by poll"]]);
    const { rows } = await pool.query(
      "select sync_now() - min(at) < '10 s' as is_fresh from watermark",
    );
    expect(rows).toEqual([{ is_fresh: true }]);
  });

  test("finds all of 620 issues that changed within one minute", async ({ connected, db }) => {
    const minute = Math.floor(Date.now() / 60_000) * 60_000;
    await db.connection.updateMany({ data: { createdAt: new Date(minute - 60_000) } });
    await connected.production.seed({
      project: "PROD",
      issues: Array.from({ length: 620 }, (_, index) => ({
        summary: `issue ${index}`,
        labels: ["sync"],
        createdAt: minute + (index % 100),
      })),
    });
    await connected.poll();
    expect(await db.pair.count()).toBe(620);
    expect(await db.queueEntry.count()).toBe(620);
    expect(await db.change.count()).toBe(620);
  });

  test("by two workers at once makes one pair of an issue", async ({ connected, pool, db }) => {
    const mia = connected.production.as("mia-token");
    for (let number = 1; number <= 5; number++)
      await mia.createIssue({ project: "PROD", summary: `issue ${number}`, labels: ["sync"] });
    const env = { POLL_INTERVAL_MS: 1, WRITE_TIMEOUT_MS: 1_000 };
    let looks = 0;
    const worker = () =>
      pollDueSides({ db, pool, network: connected.network, env, isOver: () => ++looks > 60 });
    await Promise.all([worker(), worker()]);
    expect(await db.pair.count()).toBe(5);
    expect(await db.change.count()).toBe(5);
  });

  test("writes nothing to any instance", async ({ connected }) => {
    const mia = connected.production.as("mia-token");
    await mia.createIssue({ project: "PROD", summary: "In", labels: ["sync"] });
    await connected.production.clearWrites();
    await connected.poll();
    expect(await connected.production.writes()).toEqual([]);
    expect(await connected.partner.writes()).toEqual([]);
  });

  test("asks again what changed just before, for an index that lags behind", async ({
    connected,
    pool,
  }) => {
    await connected.production.setFaults({ indexLagMs: 60_000 });
    const mia = connected.production.as("mia-token");
    await mia.createIssue({ project: "PROD", summary: "Not in the index", labels: ["sync"] });
    await connected.poll();
    expect(await queued(pool)).toEqual([]);
    await connected.production.setFaults({});
    await connected.poll();
    expect(await queued(pool)).toEqual([["PROD-1", null, "created by trigger"]]);
  });
});

describe("a side that cannot be polled", () => {
  test("with a wrong token stops its connection until a person acts, and its watermark stays", async ({
    connected,
    pool,
    db,
  }) => {
    await connected.production.createUser({ name: "exalate", token: "another one" });
    const before = await db.watermark.findFirstOrThrow({ where: { side: "local" } });
    await connected.poll();
    const connection = await db.connection.findFirstOrThrow();
    expect(connection).toMatchObject({ errorCode: "credentials_rejected", retryAt: null });
    expect(connection.errorMessage).toContain("token");
    const after = await db.watermark.findFirstOrThrow({ where: { side: "local" } });
    expect(after.at).toEqual(before.at);
    const { rows } = await pool.query("select action, subject from audit order by id desc limit 1");
    expect(rows).toEqual([{ action: "connection.stopped", subject: "Acme partner" }]);
  });

  test("comes back by itself when its instance does", async ({ connected, pool, db }) => {
    await connected.production.setFaults({ unavailable: true });
    await connected.poll();
    expect(await db.connection.findFirstOrThrow()).toMatchObject({
      errorCode: "instance_unreachable",
      errorCount: 1,
      retryAt: expect.any(Date),
    });
    await connected.production.setFaults({});
    await pool.query("update connection set retry_at = sync_now()");
    await connected.poll();
    await connected.poll();
    expect(await db.connection.findFirstOrThrow()).toMatchObject({ errorCode: null });
  });

  test("for its rate limit pauses its instance, and is no error", async ({ connected, db }) => {
    await connected.production.setFaults({ status: { next: 1, code: 429, retryAfter: 40 } });
    await connected.poll();
    expect(await db.connection.findFirstOrThrow()).toMatchObject({ errorCode: null });
    const [ours, theirs] = await db.instance.findMany({ orderBy: { id: "asc" } });
    const pausedFor = (ours?.pausedUntil?.getTime() ?? 0) - Date.now();
    expect(pausedFor).toBeGreaterThan(30_000);
    expect(theirs?.pausedUntil).toBeNull();
  });
});
