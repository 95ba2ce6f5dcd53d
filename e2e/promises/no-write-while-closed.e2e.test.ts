import { describe, expect } from "vitest";
import { killed, queueCounts, startLine, until, untilDrained, untilPlanned } from "@/e2e/line";
import { readGate } from "@/lib/gate/gate-store";
import { test } from "@/lib/testing/database";

/** A permit of that deadline, of three seconds, was granted in the last half second: it is answered in another half. */
const soon = () => new Date(Date.now() + 2_500);

describe("promise 1: no write begins while the gate is closed", () => {
  test("deactivated in the middle of a drain, what still arrives was listed as on the wire, and nothing comes after", async ({
    db,
    pool,
    url,
  }) => {
    const line = await startLine(db, url, { pairs: 60, concurrency: 12 });
    try {
      await Promise.all([line.startWorker(), line.startWorker()]);
      await untilDrained(pool);
      for (let number = 1; number <= 60; number++)
        await line.production
          .as("ada-token")
          .editIssue(`PROD-${number}`, { summary: `Edited ${number}` });
      await untilPlanned(pool, 60);
      await line.partner.setFaults({ writeLatencyMs: 300, answerLatencyMs: 700 });
      await line.activate();
      await until(
        "some are written and others are under way",
        async () =>
          (await queueCounts(pool)).writes > 5 &&
          (await db.permit.count({ where: { outcome: "open", deadlineAt: { gt: soon() } } })) > 2,
      );
      await line.deactivate();
      const [closing, onTheWire, received] = await Promise.all([
        readGate(db),
        db.permit.findMany({ where: { outcome: "open" }, select: { id: true } }),
        line.partner.writes(),
      ]);
      const written = received.filter((write) => write.user === "exalate");
      expect(closing.state).toBe("closing");
      expect(onTheWire.length).toBeGreaterThan(0);
      await until("nothing is on the wire", async () => (await readGate(db)).state === "inactive");

      const permits = new Map((await db.permit.findMany()).map((permit) => [permit.id, permit]));
      const since = written.at(-1)?.n ?? 0;
      const afterClosing = (await line.partner.writes(since)).filter(
        (write) => write.user === "exalate" && write.n > since,
      );
      for (const write of afterClosing)
        expect(onTheWire.map((permit) => permit.id)).toContain(write.headers["x-sync-permit"]);
      // Every write of ours there ever was has its own permit.
      const all = (await line.partner.writes()).filter((write) => write.user === "exalate");
      expect(new Set(all.map((write) => write.headers["x-sync-permit"])).size).toBe(all.length);
      expect(all.every((write) => permits.has(write.headers["x-sync-permit"] ?? ""))).toBe(true);

      const waiting = (await queueCounts(pool)).all;
      expect(waiting).toBeGreaterThan(0);
      // Detection and planning go on; three more rounds of polling bring no write.
      await line.production.as("bob-token").comment("PROD-60", "still listed");
      const polled = (await db.watermark.findFirstOrThrow()).polledAt?.getTime() ?? 0;
      await until(
        "three more polls",
        async () =>
          ((await db.watermark.findFirstOrThrow()).polledAt?.getTime() ?? 0) > polled + 1_500,
      );
      expect(
        (await line.partner.writes()).filter((write) => write.user === "exalate"),
      ).toHaveLength(all.length);
    } finally {
      await line.stop();
    }
  });

  test("a restart of all workers shuts the gate and keeps the queue; a node that was down finds what changed meanwhile", async ({
    db,
    pool,
    url,
  }) => {
    const line = await startLine(db, url, { pairs: 6 });
    try {
      const worker = await line.startWorker();
      await untilDrained(pool);
      await line.activate();
      await killed(worker);
      for (let number = 1; number <= 6; number++)
        await line.partner
          .as("eve-token")
          .editIssue(`ACME-${number}`, { labels: ["seed", "while-down"] });
      await line.startWorker();
      expect((await readGate(db)).state).toBe("inactive");
      await untilPlanned(pool, 6);
      expect((await line.production.writes()).filter((write) => write.user === "exalate")).toEqual(
        [],
      );
      await line.activate();
      await untilDrained(pool);
      const labels = (await line.production.as("admin-token").getIssue("PROD-6")).fields.labels;
      expect(labels).toContain("while-down");
    } finally {
      await line.stop();
    }
  });
});
