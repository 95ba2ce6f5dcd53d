import { expect } from "vitest";
import { noteSteps } from "@/lib/sync/workflow-store";
import { test } from "@/lib/testing/database";
import { seedQueue } from "@/lib/testing/queue";

const START = { id: "11", name: "Start", to: "In Progress", fields: [] };
const FINISH = { id: "21", name: "Finish", to: "Done", fields: [] };

test("a step that was not known yet has what failed for want of one tried again, at that instance, once", async ({
  db,
  pool,
}) => {
  const { connectionId, entryIds } = await seedQueue(db, { pairs: 3 });
  const elsewhere = await seedQueue(db);
  const [unreachable, rejected, held] = entryIds;
  const fail = async (id: number | undefined, errorCode: string, state = "failed") =>
    db.queueEntry.update({
      where: { id: id ?? 0 },
      data: { state, errorCode, errorMessage: "said by a test", failures: 1, plannedVersion: 1 },
    });
  await fail(unreachable, "no_transition");
  await fail(rejected, "field_rejected");
  await fail(held, "no_transition", "held");
  await fail(elsewhere.entryIds[0], "no_transition");
  const { remoteInstanceId } = await db.connection.findUniqueOrThrow({
    where: { id: connectionId },
  });
  const states = async () =>
    (await db.queueEntry.findMany({ orderBy: { id: "asc" } })).map(({ state }) => state);

  await noteSteps(pool, remoteInstanceId, "Bug", "Open", [START]);
  expect(await states()).toEqual(["queued", "failed", "held", "failed"]);
  expect(await db.queueEntry.findUnique({ where: { id: unreachable ?? 0 } })).toMatchObject({
    errorCode: null,
    errorMessage: null,
    failures: 0,
    plannedVersion: null,
  });
  expect(
    await db.errorEpisode.findFirst({ where: { pairId: { not: null }, clearedAt: { not: null } } }),
  ).toMatchObject({ code: "no_transition", clearedHow: "mended", clearedBy: null });

  // Still not reachable: what is known already is no reason to try again.
  await fail(unreachable, "no_transition");
  await noteSteps(pool, remoteInstanceId, "Bug", "Open", [START]);
  await noteSteps(pool, remoteInstanceId, "Bug", "Open", []);
  expect((await states())[0]).toBe("failed");
  await noteSteps(pool, remoteInstanceId, "Bug", "In Progress", [FINISH]);
  expect((await states())[0]).toBe("queued");
});
