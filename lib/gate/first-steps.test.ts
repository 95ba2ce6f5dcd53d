import { expect } from "vitest";
import { isUnderWay } from "@/lib/gate/first-steps";
import { readFirstSteps } from "@/lib/gate/first-steps-store";
import { test } from "@/lib/testing/database";
import { activeGate, seedQueue, seedWorker } from "@/lib/testing/queue";

test("the first steps tick themselves as the node shows them done", async ({ db }) => {
  const done = async () =>
    (await readFirstSteps(db)).flatMap(({ step, isDone }) => (isDone ? [step] : []));
  expect(await done()).toEqual([]);
  const { connectionId, pairIds, entryIds } = await seedQueue(db);
  expect(await done()).toEqual(["instances", "connection", "pairs"]);
  const fence = await activeGate(db);
  await seedWorker(db, fence);
  expect(await done()).toEqual(["worker", "instances", "connection", "pairs", "activation"]);
  expect(isUnderWay(await readFirstSteps(db))).toBe(false);
  await db.$executeRaw`
    insert into run (connection_id, pair_id, entry_id, attempt, ended_at, outcome)
    values (${connectionId}::int, ${pairIds[0]}::int, ${entryIds[0]}::int, 1, sync_now(), 'applied')`;
  expect(isUnderWay(await readFirstSteps(db))).toBe(true);
});
