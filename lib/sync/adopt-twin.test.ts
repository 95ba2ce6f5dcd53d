import { expect } from "vitest";
import { adoptTwin } from "@/lib/sync/pair-store";
import { test } from "@/lib/testing/database";
import { seedQueue } from "@/lib/testing/queue";

test("a twin that a poll takes for somebody's new issue in that very moment belongs to its own pair", async ({
  db,
  pool,
}) => {
  const { connectionId, pairIds } = await seedQueue(db);
  const [pairId = 0] = pairIds;
  await db.pair.update({ where: { id: pairId }, data: { remoteIssueId: null, remoteKey: null } });
  const poll = await pool.connect();
  await poll.query("begin");
  await poll.query(
    `insert into pair (connection_id, remote_issue_id, remote_key, summary, created_at)
     values ($1, '77', '#77', 'Made by us', sync_now())`,
    [connectionId],
  );
  const adopted = adoptTwin(pool, pairId, { twin: { side: "remote", id: "77", key: "#77" } });
  // It waits for the poll.
  const waiting = `select from pg_stat_activity
                    where datname = current_database() and wait_event_type = 'Lock'`;
  await expect.poll(async () => (await pool.query(waiting)).rowCount, { timeout: 10_000 }).toBe(1);
  await poll.query("commit");
  poll.release();
  await adopted;
  expect(await db.pair.findMany({ select: { id: true, remoteIssueId: true } })).toEqual([
    { id: pairId, remoteIssueId: "77" },
  ]);
});
