import { describe, expect } from "vitest";
import { retryConnection } from "@/lib/connections/connection-store";
import { stopConnection } from "@/lib/connections/error-store";
import type { Db } from "@/lib/db/database";
import { retryEverything, retryGroup } from "@/lib/error-log/act-store";
import { listEpisodes, readCurrentErrors } from "@/lib/error-log/browse-store";
import { SYNC_ERRORS } from "@/lib/errors";
import * as queue from "@/lib/sync-queue/queue-store";
import { claimEntries, completeEntry, returnEntry } from "@/lib/sync-queue/worker-store";
import { test } from "@/lib/testing/database";
import { activeGate, seedQueue, seedWorker } from "@/lib/testing/queue";

const REFUSED = 'PROD-1: priority "P9" is not one of 5';

async function failWith(db: Db, ids: number[], code: string, message: string) {
  for (const id of ids)
    await db.queueEntry.update({
      where: { id },
      data: { state: "failed", errorCode: code, errorMessage: message, failures: 1 },
    });
}

describe("errors that stand", () => {
  test("are grouped by their cause: the same sentence about other issues is one", async ({
    db,
  }) => {
    const { entryIds, connectionId } = await seedQueue(db, { pairs: 4 });
    const [a = 0, b = 0, c = 0] = entryIds;
    await failWith(db, [a], "field_rejected", REFUSED);
    await failWith(db, [b], "field_rejected", 'PROD-2: priority "P8" is not one of 5');
    await failWith(db, [c], "issue_gone", "ACME-3 cannot be read");
    const { groups } = await readCurrentErrors(db);
    expect(groups).toMatchObject([
      {
        code: "field_rejected",
        count: 2,
        retryable: 2,
        connections: [{ id: connectionId, count: 2 }],
        issues: [{ key: "PROD-1" }, { key: "PROD-2" }],
      },
      { code: "issue_gone", count: 1, message: "ACME-3 cannot be read" },
    ]);
  });

  test("include a plan that waits for a person's choice before any worker failed with it", async ({
    db,
  }) => {
    const { entryIds } = await seedQueue(db);
    await db.queueEntry.update({
      where: { id: entryIds[0] ?? 0 },
      data: {
        words: "conflict in status",
        plan: { writes: [], notes: [], conflicts: [{ field: "status", resolution: "hold" }] },
      },
    });
    expect((await readCurrentErrors(db)).groups).toMatchObject([
      { code: "conflict", count: 1, retryable: 0, message: "conflict in status" },
    ]);
  });

  test("of a whole connection stand there once, not at each of its issues", async ({ db }) => {
    const { entryIds, connectionId } = await seedQueue(db, { pairs: 3 });
    const error = {
      code: "credentials_rejected",
      message: "401",
      retryAfterMs: undefined,
    } as const;
    await stopConnection(db, connectionId, error);
    for (const id of entryIds)
      await db.queueEntry.update({
        where: { id },
        data: { errorCode: "credentials_rejected", errorMessage: "401" },
      });
    const errors = await readCurrentErrors(db);
    expect(errors.groups).toEqual([]);
    expect(errors.connections).toMatchObject([
      { id: connectionId, code: "credentials_rejected", waiting: 3, retryAt: null },
    ]);
    expect((await listEpisodes(db, {})).rows).toMatchObject([{ level: "connection", count: 1 }]);
  });

  test("the database and the code agree which errors stop a connection", async ({ db }) => {
    for (const [code, { stops }] of Object.entries(SYNC_ERRORS)) {
      const [row] = await db.$queryRaw<
        [{ stops: boolean }]
      >`select stops_connection(${code}) as stops`;
      expect({ code, stops: row.stops }).toEqual({ code, stops: stops === "connection" });
    }
  });
});

describe("trying errors again", () => {
  test("one cause is retried as a whole; others, and what is held, stay", async ({ db }) => {
    const { entryIds } = await seedQueue(db, { pairs: 3 });
    const [a = 0, b = 0, c = 0] = entryIds;
    await failWith(db, [a, b], "field_rejected", REFUSED);
    await failWith(db, [c], "issue_gone", "gone");
    await queue.hold(db, [b], { by: "ada" });
    const [group] = (await readCurrentErrors(db)).groups;
    expect(group).toMatchObject({ code: "field_rejected", count: 2, retryable: 1 });
    expect(
      await retryGroup(db, { code: "field_rejected", cause: group?.cause ?? "", by: "ada" }),
    ).toBe(2);
    const states = await db.queueEntry.findMany({ orderBy: { id: "asc" } });
    expect(states.map(({ state, errorCode }) => [state, errorCode])).toEqual([
      ["queued", null],
      ["held", null],
      ["failed", "issue_gone"],
    ]);
    expect(await db.audit.findMany({ where: { action: "errors.retried" } })).toMatchObject([
      { actor: "ada", detail: { code: "field_rejected", entries: 2 } },
    ]);
  });

  test("what the loop breaker holds goes on at its own word only", async ({ db }) => {
    const { entryIds } = await seedQueue(db);
    const message = "labels, again and again";
    await failWith(db, entryIds, "loop", message);
    await db.queueEntry.updateMany({ data: { state: "held" } });
    expect(await retryEverything(db, { by: "ada" })).toBe(0);
    expect(await retryGroup(db, { code: "loop", cause: message, by: "ada" })).toBe(1);
    expect(await db.queueEntry.findMany()).toMatchObject([{ state: "queued", errorCode: null }]);
  });

  test("everything is retried, stopped connections as well", async ({ db }) => {
    const { entryIds, connectionId } = await seedQueue(db);
    await failWith(db, entryIds, "field_rejected", REFUSED);
    const error = {
      code: "credentials_rejected",
      message: "401",
      retryAfterMs: undefined,
    } as const;
    await stopConnection(db, connectionId, error);
    expect(await retryEverything(db, { by: "ada" })).toBe(2);
    expect(await readCurrentErrors(db)).toMatchObject({ groups: [], connections: [] });
  });
});

describe("the history of errors", () => {
  test("an error that ends by itself leaves by itself, and stays in the history", async ({
    db,
    pool,
  }) => {
    const { entryIds } = await seedQueue(db);
    const fence = await activeGate(db);
    const workerId = await seedWorker(db, fence);
    const [entry] = await claimEntries(pool, workerId, fence, 1);
    const claim = { entryId: entryIds[0] ?? 0, attempt: entry?.attempt ?? 0, workerId, fence };
    await returnEntry(pool, claim, {
      state: "retrying",
      delayMs: 0,
      writes: 0,
      code: "write_unanswered",
      message: "no answer",
    });
    expect((await listEpisodes(db, {})).rows).toMatchObject([
      { code: "write_unanswered", count: 1, clearedAt: null },
    ]);
    const [again] = await claimEntries(pool, workerId, fence, 1);
    await completeEntry(
      pool,
      { ...claim, attempt: again?.attempt ?? 0 },
      { outcome: "applied", writes: 1, words: "summary", reading: null },
    );
    expect((await readCurrentErrors(db)).groups).toEqual([]);
    expect((await listEpisodes(db, {})).rows).toMatchObject([
      { code: "write_unanswered", clearedHow: "mended", clearedBy: null, pair: { key: "PROD-1" } },
    ]);
  });

  test("who retried or discarded is named, and a retry that did not help is the same episode", async ({
    db,
  }) => {
    const { entryIds } = await seedQueue(db);
    await failWith(db, entryIds, "field_rejected", REFUSED);
    await queue.retry(db, entryIds, { by: "ada" });
    expect((await listEpisodes(db, {})).rows).toMatchObject([
      { clearedHow: "retried", clearedBy: "ada", count: 1 },
    ]);
    await failWith(db, entryIds, "field_rejected", REFUSED);
    expect((await listEpisodes(db, {})).rows).toMatchObject([{ clearedAt: null, count: 2 }]);
    await queue.discard(db, entryIds, { by: "bob" });
    expect((await listEpisodes(db, {})).rows).toMatchObject([
      { clearedHow: "discarded", clearedBy: "bob" },
    ]);
  });

  test("an issue that changes takes its error with it", async ({ db }) => {
    const { entryIds, connectionId } = await seedQueue(db);
    await failWith(db, entryIds, "field_rejected", REFUSED);
    await db.$queryRaw`select record_change(${connectionId}::int, 'local', '10001', 'updated', 'webhook',
      'mia', null, 'edit', 0)`;
    expect((await listEpisodes(db, {})).rows).toMatchObject([
      { clearedHow: "changed", clearedBy: null },
    ]);
  });

  test("a connection's failures are one episode until it works again", async ({ db }) => {
    const { connectionId } = await seedQueue(db);
    const error = { code: "instance_unreachable", message: "no answer", retryAfterMs: 0 } as const;
    for (let failures = 0; failures < 3; failures++) await stopConnection(db, connectionId, error);
    await retryConnection(db, connectionId, "ada");
    expect((await listEpisodes(db, { connection: connectionId })).rows).toMatchObject([
      { level: "connection", count: 3, clearedHow: "retried", clearedBy: "ada", pair: null },
    ]);
  });

  test("pages neither skip nor repeat", async ({ db }) => {
    const { connectionId } = await seedQueue(db);
    await db.errorEpisode.createMany({
      data: Array.from({ length: 120 }, (_, index) => ({
        connectionId,
        code: "conflict",
        message: `${index}`,
        openedAt: new Date(index),
        lastAt: new Date(index),
        clearedAt: new Date(index + 1),
      })),
    });
    const seen: number[] = [];
    let next: number | null | undefined;
    do {
      const page = await listEpisodes(db, { code: "conflict" }, next ?? undefined);
      seen.push(...page.rows.map(({ id }) => id));
      next = page.next;
    } while (next !== null);
    expect(seen).toHaveLength(120);
    expect(new Set(seen).size).toBe(120);
  });
});
