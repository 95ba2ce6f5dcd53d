import { describe, expect } from "vitest";
import type { Db } from "@/lib/db/database";
import { listQueue, readEntry } from "@/lib/sync-queue/browse-store";
import { BadCursor } from "@/lib/sync-queue/cursor";
import type { QueueFilter } from "@/lib/sync-queue/row";
import { test } from "@/lib/testing/database";
import { seedQueue } from "@/lib/testing/queue";

const OLDEST: QueueFilter = { sort: "oldest" };

/** Every page forward, then every page back, as ids. */
async function walk(db: Db, filter: QueueFilter, limit: number) {
  const forward: number[][] = [];
  let page = await listQueue(db, filter, undefined, limit);
  forward.push(page.rows.map((row) => row.id));
  while (page.nextCursor) {
    page = await listQueue(db, filter, page.nextCursor, limit);
    forward.push(page.rows.map((row) => row.id));
  }
  const backward = [forward.at(-1) ?? []];
  while (page.previousCursor) {
    page = await listQueue(db, filter, page.previousCursor, limit);
    backward.unshift(page.rows.map((row) => row.id));
  }
  return { forward, backward };
}

describe("browsing the Sync Queue", () => {
  test.for(["oldest", "newest", "changes"] as const)(
    "pages by %s neither skip nor repeat a row, forward and back, even where all rows are equal",
    async (sort, { db }) => {
      const { entryIds } = await seedQueue(db, { pairs: 23 });
      await db.$executeRaw`update queue_entry set created_at = (select min(created_at) from queue_entry), changes = id % 2`;
      const { forward, backward } = await walk(db, { sort }, 5);
      expect(forward.flat().toSorted((a, b) => a - b)).toEqual(entryIds);
      expect(backward).toEqual(forward);
      expect(forward.map((page) => page.length)).toEqual([5, 5, 5, 5, 3]);
    },
  );

  test("a row is found by either key, in any case, and by a part of its summary", async ({
    db,
  }) => {
    const { pairIds } = await seedQueue(db, { pairs: 12 });
    await db.pair.update({
      where: { id: pairIds[4] ?? 0 },
      data: { summary: "100% of logins_fail" },
    });
    const keys = async (q: string) =>
      (await listQueue(db, { ...OLDEST, q })).rows.map((row) => row.issueKey);
    expect(await keys("acme-12")).toEqual(["PROD-12"]);
    expect(await keys("PROD-5")).toEqual(["PROD-5"]);
    expect(await keys("logins_f")).toEqual(["PROD-5"]);
    // A wildcard of SQL is an ordinary character to a person.
    expect(await keys("100% OF")).toEqual(["PROD-5"]);
    expect(await keys("_")).toEqual(["PROD-5"]);
  });

  test("state, direction and connection narrow the list and its count", async ({ db }) => {
    const first = await seedQueue(db, { pairs: 3 });
    await seedQueue(db, { pairs: 2 });
    await db.queueEntry.update({
      where: { id: first.entryIds[0] ?? 0 },
      data: { state: "held", direction: "to_remote" },
    });
    expect((await listQueue(db, OLDEST)).total).toBe(5);
    expect((await listQueue(db, { ...OLDEST, connection: first.connectionId })).total).toBe(3);
    expect((await listQueue(db, { ...OLDEST, state: "held" })).rows.map((row) => row.id)).toEqual([
      first.entryIds[0],
    ]);
    expect((await listQueue(db, { ...OLDEST, direction: "to_local" })).rows).toEqual([]);
  });

  test("a place in the list is refused under another filter, and when it is damaged", async ({
    db,
  }) => {
    await seedQueue(db, { pairs: 3 });
    const { nextCursor } = await listQueue(db, OLDEST, undefined, 1);
    await expect(listQueue(db, { ...OLDEST, state: "held" }, nextCursor ?? "")).rejects.toThrow(
      BadCursor,
    );
    await expect(listQueue(db, OLDEST, "nonsense")).rejects.toThrow(BadCursor);
  });

  test("an opened entry tells its changes and says when its plan is older than they are", async ({
    db,
    pool,
  }) => {
    const { connectionId, entryIds } = await seedQueue(db);
    const id = entryIds[0] ?? 0;
    await pool.query(
      "select save_plan($1, 1, '{\"writes\":[],\"conflicts\":[],\"notes\":[]}', 'd', 'to_remote', 'summary', 's', null)",
      [id],
    );
    expect((await readEntry(db, id))?.plan).toMatchObject({ digest: "d", isStale: false });
    await pool.query(
      "select record_change($1,'local','10001','updated','webhook','bob',null,'w9',0)",
      [connectionId],
    );
    const detail = await readEntry(db, id);
    expect(detail?.plan?.isStale).toBe(true);
    expect(detail?.changes.map((change) => change.actor)).toEqual(["bob", null]);
    expect(await readEntry(db, 999)).toBeNull();
  });
});
