import { Agent } from "undici";
import { expect } from "vitest";
import { createConnection } from "@/lib/connections/connection-store";
import { bringInExisting, countExisting } from "@/lib/connections/existing-store";
import { readConnectionPage } from "@/lib/connections/page-store";
import { connectionInput } from "@/lib/connections/schema";
import { SetupError } from "@/lib/connections/setup-error";
import { type Connected, test } from "@/lib/testing/connected";
import { pollDueSides } from "@/lib/worker/poll";

/** Four issues that the trigger names, and one that it does not, all older than the connection. */
async function seedOld({ production }: Connected): Promise<void> {
  const createdAt = Date.now() - 3_600_000;
  const named = ["One", "Two", "Three", "Four"].map((summary) => ({
    summary,
    labels: ["sync"],
    createdAt,
  }));
  await production.seed({ project: "PROD", issues: [...named, { summary: "Out", createdAt }] });
}

const keys = { select: { localKey: true, remoteKey: true }, orderBy: { localKey: "asc" } } as const;

test("brings in what the trigger names, whatever its age, with the gate closed and nothing sent", async ({
  db,
  pool,
  connected,
}) => {
  await seedOld(connected);
  await connected.partner.as("mia-token").createIssue({ project: "ACME", summary: "One" });
  await connected.link("PROD-1", "ACME-1");
  const asked = { id: connected.connectionId, side: "local" } as const;
  expect(await countExisting(db, connected.network, asked)).toEqual({
    total: 4,
    lookedAt: 4,
    known: 1,
    examples: [
      { key: "PROD-4", summary: "Four" },
      { key: "PROD-3", summary: "Three" },
      { key: "PROD-2", summary: "Two" },
    ],
  });
  await connected.poll();
  expect(await db.pair.count()).toBe(1);

  await bringInExisting(db, { ...asked, by: "ada", reason: "all are theirs" });
  await bringInExisting(db, { ...asked, by: "bob" });
  const page = await readConnectionPage(db, connected.connectionId, "");
  expect(page?.local.bringingIn).toMatchObject({ by: "ada" });
  await connected.poll();
  const brought = [
    { localKey: "PROD-1", remoteKey: "ACME-1" },
    { localKey: "PROD-2", remoteKey: null },
    { localKey: "PROD-3", remoteKey: null },
    { localKey: "PROD-4", remoteKey: null },
  ];
  expect(await db.pair.findMany(keys)).toEqual(brought);
  expect((await readConnectionPage(db, connected.connectionId, ""))?.local.bringingIn).toBeNull();
  const told = await db.audit.findMany({ where: { action: "connection.existing_brought_in" } });
  expect(told).toMatchObject([{ actor: "ada", subject: "Acme partner", reason: "all are theirs" }]);
  expect(await db.permit.count()).toBe(0);
  // An edit of a person goes before all of them.
  const { rows } = await pool.query(
    "select distinct priority from queue_entry e join pair p on p.id = e.pair_id where remote_key is null",
  );
  expect(rows).toEqual([{ priority: 1 }]);

  await connected.poll();
  expect(await db.pair.findMany(keys)).toEqual(brought);
});

test("leaves a stopped pair stopped", async ({ db, connected }) => {
  await seedOld(connected);
  await connected.partner.as("mia-token").createIssue({ project: "ACME", summary: "One" });
  await connected.link("PROD-1", "ACME-1");
  await db.pair.updateMany({ data: { stoppedAt: new Date() } });
  await db.queueEntry.deleteMany();
  await bringInExisting(db, { id: connected.connectionId, side: "local", by: "ada" });
  await connected.poll();
  expect(await db.pair.count()).toBe(4);
  expect(await db.queueEntry.count({ where: { pair: { localKey: "PROD-1" } } })).toBe(0);
});

test("a worker that stops amid many leaves the wish, and the next poll goes on from there", async ({
  db,
  pool,
  connected,
}) => {
  const minutes = Array.from({ length: 250 }, (_, index) => Date.now() - (300 - index) * 60_000);
  const issues = minutes.map((createdAt) => ({ summary: "Old", labels: ["sync"], createdAt }));
  await connected.production.seed({ project: "PROD", issues });
  await bringInExisting(db, { id: connected.connectionId, side: "local", by: "ada" });
  await pool.query("update watermark set polled_at = null");
  const agent = new Agent();
  let hasBegun = false;
  const network = agent.compose((dispatch) => (options, handler) => {
    hasBegun ||= /19(69|70)/.test(options.path);
    return dispatch(options, handler);
  });
  const env = { POLL_INTERVAL_MS: 3_600_000, WRITE_TIMEOUT_MS: 3_000 };
  // Told to stop after the first page of what exists.
  await pollDueSides({ db, pool, network, env, isOver: () => hasBegun });
  await agent.destroy();
  expect(await db.pair.count()).toBe(100);
  const left = { where: { existingWishedAt: { not: null }, existingFrom: { not: null } } };
  expect(await db.watermark.count(left)).toBe(1);

  await connected.poll();
  expect(await db.pair.count()).toBe(250);
  expect(await db.watermark.count(left)).toBe(0);
});

test("a connection made with that wish brings them in at its first poll", async ({
  db,
  connected,
}) => {
  await seedOld(connected);
  const { id } = await createConnection(
    db,
    connectionInput.parse({
      name: "Second",
      local: { instance: "PROD", project: "PROD", trigger: "labels = sync" },
      remote: { instance: "ACME", project: "ACME" },
      bringInExisting: true,
    }),
    "ada",
  );
  await connected.poll();
  expect(await db.pair.count({ where: { connectionId: id } })).toBe(4);
  expect(await db.pair.count({ where: { connectionId: connected.connectionId } })).toBe(0);
});

test("says why nothing can be brought in: no trigger at that side, or a held connection", async ({
  db,
  connected,
}) => {
  const { connectionId: id } = connected;
  const bring = (side: "local" | "remote") => bringInExisting(db, { id, side, by: "ada" });
  await expect(bring("remote")).rejects.toThrow("no search brings issues of ACME in");
  await db.connection.update({ where: { id }, data: { heldSides: ["local"] } });
  await expect(bring("local")).rejects.toBeInstanceOf(SetupError);
  await expect(bring("local")).rejects.toThrow("is held");
  expect(await db.watermark.count({ where: { existingWishedAt: { not: null } } })).toBe(0);
});
