import { expect } from "vitest";
import { readOverview } from "@/lib/gate/overview-store";
import { test } from "@/lib/testing/database";
import { seedQueue } from "@/lib/testing/queue";

test("what waits is counted by connection, direction, age and trouble, and what is under sync beside it", async ({
  db,
}) => {
  const first = await seedQueue(db, { pairs: 4 });
  const second = await seedQueue(db, { pairs: 2 });
  const [a = 0, b = 0, c = 0] = first.entryIds;
  const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000);
  const change = (id: number, data: object) => db.queueEntry.update({ where: { id }, data });
  await change(a, { direction: "to_remote", createdAt: ago(30) });
  await change(b, { direction: "to_remote", createdAt: ago(3_000), state: "failed" });
  await change(c, { direction: "both", createdAt: ago(120) });
  await db.pair.update({ where: { id: second.pairIds[1] ?? 0 }, data: { stoppedAt: new Date() } });

  const { backlog, ages, connections } = await readOverview(db);
  expect(
    backlog.map(({ connection, direction, waiting }) => [connection.id, direction, waiting]),
  ).toEqual([
    [first.connectionId, "both", 1],
    [first.connectionId, "to_remote", 2],
    [first.connectionId, null, 1],
    [second.connectionId, null, 2],
  ]);
  expect(ages).toEqual([
    { bucket: "5 min", waiting: 3 },
    { bucket: "1 h", waiting: 1 },
    { bucket: "1 day", waiting: 1 },
    { bucket: "older", waiting: 1 },
  ]);
  expect(connections.map(({ pairs, waiting, failed }) => [pairs, waiting, failed])).toEqual([
    [4, 4, 1],
    [1, 2, 0],
  ]);
});
