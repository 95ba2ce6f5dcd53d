import pg from "pg";
import { describe, expect } from "vitest";
import { activate, deactivate, readGate, settleClosing } from "@/lib/gate/gate-store";
import { claimEntries } from "@/lib/sync-queue/worker-store";
import { test } from "@/lib/testing/database";
import {
  activeGate,
  newLife,
  seedQueue,
  seedWorker,
  TAKEN,
  updateTicket,
} from "@/lib/testing/queue";

describe("promise 1: no write begins while the gate is closed", () => {
  test("a node that has never been activated permits and claims nothing", async ({ db, pool }) => {
    const { entryIds } = await seedQueue(db);
    const fence = await newLife(db);
    const workerId = await seedWorker(db, fence);
    expect(await claimEntries(pool, workerId, fence, 10)).toEqual([]);
    const claim = { entryId: entryIds[0] ?? 0, attempt: 0, workerId, fence };
    expect(await updateTicket(pool, claim).request("PUT", "/x", 1_000)).toEqual({
      refused: "inactive",
    });
    expect(await db.permit.count()).toBe(0);
  });

  test("an activation names the fence that was shown, or opens nothing", async ({ db }) => {
    const shown = await newLife(db, "life");
    const stale = { ...shown, epoch: shown.epoch - 1 };
    expect(await activate(db, { fence: stale, by: "ada" })).toHaveProperty("refused");
    expect((await readGate(db)).state).toBe("inactive");
    expect(await activate(db, { fence: shown, by: "ada", reason: "patched" })).toEqual({
      opened: { incarnation: "life", epoch: 2 },
    });
    const [audit] = await db.audit.findMany();
    expect(audit).toMatchObject({ actor: "ada", action: "gate.activated", reason: "patched" });
  });

  test("a node whose workers never started cannot be activated", async ({ db }) => {
    expect(await activate(db, { fence: { incarnation: "", epoch: 0 }, by: "ada" })).toEqual({
      refused: "No worker has started on this node yet. Start one, then activate.",
    });
  });

  test("closing lists the write on the wire, permits nothing more, and ends with its answer", async ({
    db,
    pool,
  }) => {
    const fence = await activeGate(db);
    await seedQueue(db);
    const workerId = await seedWorker(db, fence);
    const [entry] = await claimEntries(pool, workerId, fence, 1);
    const claim = { entryId: entry?.id ?? 0, attempt: entry?.attempt ?? 0, workerId, fence };
    const ticket = updateTicket(pool, claim);
    const permit = await ticket.request("PUT", "/issue/1", 60_000);
    if (!("granted" in permit)) throw new Error("the permit was refused");

    expect((await deactivate(db, { by: "ada" })).state).toBe("closing");
    expect(await ticket.request("PUT", "/issue/1", 60_000)).toEqual({ refused: "closing" });
    expect((await settleClosing(db)).state).toBe("closing");
    await ticket.settle(permit.granted, TAKEN);
    expect((await readGate(db)).state).toBe("inactive");
  });

  test("closing gives up on a write that nobody will answer for, once it can land no more", async ({
    db,
    pool,
  }) => {
    const fence = await activeGate(db);
    await seedQueue(db);
    const workerId = await seedWorker(db, fence);
    const [entry] = await claimEntries(pool, workerId, fence, 1);
    const claim = { entryId: entry?.id ?? 0, attempt: entry?.attempt ?? 0, workerId, fence };
    await updateTicket(pool, claim).request("PUT", "/issue/1", 60_000);
    expect((await deactivate(db, { by: "ada" })).state).toBe("closing");
    await db.$executeRaw`update permit set deadline_at = sync_now() - interval '3 seconds'`;
    expect((await settleClosing(db)).state).toBe("inactive");
    expect((await db.permit.findFirstOrThrow()).outcome).toBe("unknown");
  });

  test("no permit is granted after a closing has returned, however hard ten workers try", async ({
    db,
    pool,
    url,
  }) => {
    const fence = await activeGate(db);
    const { entryIds } = await seedQueue(db, { pairs: 10, concurrency: 10 });
    const workerId = await seedWorker(db, fence);
    const claimed = await claimEntries(pool, workerId, fence, 10);
    expect(claimed).toHaveLength(entryIds.length);
    let isClosed = false;
    let late = 0;
    let granted = 0;
    const busy = new pg.Pool({ connectionString: url, max: 10 });
    const workers = claimed.map(async (entry) => {
      const ticket = updateTicket(busy, {
        entryId: entry.id,
        attempt: entry.attempt,
        workerId,
        fence,
      });
      for (;;) {
        const startedAfterClosing = isClosed;
        const permit = await ticket.request("PUT", "/issue", 60_000);
        if ("refused" in permit) return permit.refused;
        granted += 1;
        if (startedAfterClosing) late += 1;
        await ticket.settle(permit.granted, TAKEN);
      }
    });
    await expect.poll(() => granted).toBeGreaterThan(20);
    await deactivate(db, { by: "ada" });
    isClosed = true;
    for (const refused of await Promise.all(workers))
      expect(["closing", "inactive"]).toContain(refused);
    expect(late).toBe(0);
    await busy.end();
  });

  test("a permit being granted on one connection and a closing on another take turns", async ({
    db,
    pool,
    url,
  }) => {
    const fence = await activeGate(db);
    await seedQueue(db);
    const workerId = await seedWorker(db, fence);
    const [entry] = await claimEntries(pool, workerId, fence, 1);
    const grant = new pg.Client({ connectionString: url });
    await grant.connect();
    await grant.query("begin");
    const { rows } = await grant.query(
      "select grant_permit(gen_random_uuid(),$1,$2,$3,$4,$5,'remote','update_issue','PUT','/x',null,null,'{}','{}',60000) as answer",
      [workerId, fence.incarnation, fence.epoch, entry?.id, entry?.attempt],
    );
    expect(rows[0].answer).toBe("granted");
    // The closing must wait for the grant's commit, and then see its permit as a write on the wire.
    const closing = deactivate(db, { by: "ada" });
    await expect
      .poll(async () => {
        const waiting = await pool.query(
          "select from pg_locks where locktype = 'advisory' and not granted",
        );
        return waiting.rowCount;
      })
      .toBe(1);
    await grant.query("commit");
    expect((await closing).state).toBe("closing");
    expect(await db.permit.count({ where: { outcome: "open" } })).toBe(1);
    await grant.end();
  });

  test("a worker that has not noticed yet that its database is another one claims and writes nothing", async ({
    db,
    pool,
  }) => {
    const fence = await activeGate(db);
    await seedQueue(db, { pairs: 2 });
    const workerId = await seedWorker(db, fence);
    const [entry] = await claimEntries(pool, workerId, fence, 1);
    // As in a replica that was promoted, or a restarted server: the row came along, the server did not.
    await db.worker.update({
      where: { id: workerId },
      data: { serverStarted: "an earlier start" },
    });
    const claim = { entryId: entry?.id ?? 0, attempt: entry?.attempt ?? 0, workerId, fence };
    const answer = await updateTicket(pool, claim).request("PUT", "/x", 1_000);
    expect(answer).toEqual({ refused: "another_server" });
    expect(await claimEntries(pool, workerId, fence, 8)).toEqual([]);
  });
});
