import { describe, expect } from "vitest";
import type { Prisma } from "@/lib/db/generated/client";
import { start } from "@/lib/gate/start-store";
import { readActivation } from "@/lib/identity/activation-store";
import type { Plan } from "@/lib/sync/plan-types";
import { test } from "@/lib/testing/database";
import { lookAlike } from "@/lib/testing/evidence";
import { seedQueue } from "@/lib/testing/queue";

const PERIOD_MS = 15_000;

const update = (to: string | null): Plan["writes"][number] => ({
  kind: "update_issue",
  side: "remote",
  changes: [{ field: "description", source: "description", from: "was", to }],
});
const PLAN: Plan = {
  writes: [update("will be")],
  conflicts: [],
  notes: [],
  mails: [{ side: "remote", people: 3, writes: 2 }],
};
const EMPTYING: Plan = { ...PLAN, mails: [], writes: [update(null)] };
const CREATING: Plan = {
  ...PLAN,
  mails: [{ side: "remote", unknown: "new_issue" }],
  writes: [
    {
      kind: "create_issue",
      side: "remote",
      marker: "m",
      values: { summary: "New" },
      sources: {},
      thenStatus: null,
    },
  ],
};
const OVERWRITING: Plan = {
  ...PLAN,
  mails: [],
  conflicts: [
    {
      field: "summary",
      base: { local: "a", remote: "a" },
      local: "b",
      remote: "c",
      resolution: "local",
    },
  ],
};
const HOLDING: Plan = {
  ...PLAN,
  mails: [],
  writes: [],
  conflicts: OVERWRITING.conflicts.map((conflict) => ({ ...conflict, resolution: "hold" })),
};

describe("what the Activation page shows", () => {
  test("counts the writes of everything that may be sent, and shows the riskiest first", async ({
    db,
  }) => {
    const plans = [PLAN, CREATING, EMPTYING, HOLDING, OVERWRITING, null];
    const { connectionId, entryIds } = await seedQueue(db, { pairs: plans.length });
    for (const [index, id] of entryIds.entries()) {
      const plan = plans[index];
      if (plan)
        await db.queueEntry.update({
          where: { id },
          data: {
            plan: plan as unknown as Prisma.InputJsonValue,
            plannedVersion: 1,
            direction: "to_remote",
          },
        });
    }
    const { plans: shown } = await readActivation(db, PERIOD_MS);
    expect(shown).toHaveLength(1);
    expect(shown[0]?.totals).toEqual({
      entries: 6,
      creates: 1,
      updates: 3,
      transitions: 0,
      comments: 0,
      attachments: 0,
      worklogs: 0,
      links: 0,
      overwrites: 1,
      empties: 1,
      notPlanned: 1,
      mails: 6,
      mailsUnknown: 1,
    });
    const order = shown[0]?.entries.map(({ entryId }) => entryIds.indexOf(entryId));
    expect(order?.slice(0, 3)).toEqual([4, 2, 1]);

    await db.queueEntry.updateMany({ where: { connectionId }, data: { state: "held" } });
    const { plans: held, waiting } = await readActivation(db, PERIOD_MS);
    expect(held[0]).toMatchObject({ ready: 0, entries: [] });
    expect(waiting[0]).toMatchObject({ held: 6, toRemote: 5, unplanned: 1 });
  });

  test("of a thousand entries the plans of fifty, and the totals of all", async ({ db }) => {
    await seedQueue(db, { pairs: 1 });
    const pair = await db.pair.findFirstOrThrow();
    await db.$executeRaw`
      insert into pair (connection_id, local_issue_id, local_key)
      select ${pair.connectionId}::int, n::text, 'PROD-' || n from generate_series(50001, 50999) n`;
    await db.$executeRaw`
      insert into queue_entry (connection_id, pair_id, created_at, updated_at, ready_at, born_in, plan)
      select connection_id, id, sync_now(), sync_now(), sync_now(), '', ${JSON.stringify(PLAN)}::jsonb
        from pair where id <> ${pair.id}::int`;
    const { plans } = await readActivation(db, PERIOD_MS);
    expect(plans[0]?.ready).toBe(1_000);
    expect(plans[0]?.entries).toHaveLength(50);
    expect(plans[0]?.totals).toMatchObject({ entries: 1_000, updates: 999, notPlanned: 1 });
  });

  test("names in words what keeps the gate shut", async ({ url, db }) => {
    await seedQueue(db);
    expect((await readActivation(db, PERIOD_MS)).obstacles).toEqual([
      "No worker has started on this node yet.",
    ]);
    const begin = (look: Parameters<typeof lookAlike>[0]) =>
      start({
        url,
        askMs: 90,
        worker: { id: crypto.randomUUID(), host: "test", pid: 1 },
        look: lookAlike(look),
        told: { console: null, label: null },
        onJoined: async () => {},
      });
    await begin({});
    expect((await readActivation(db, PERIOD_MS)).obstacles).toEqual([]);
    await begin({ keyId: "another" });
    const view = await readActivation(db, PERIOD_MS);
    expect(view.verdict).toMatchObject({
      kind: "moved_or_copy",
      needsDecision: true,
      decision: null,
    });
    expect(view.obstacles).toEqual([
      "Decide first whether this is the same node, moved, or a copy.",
    ]);
    await db.claim.updateMany({ data: { state: "contested" } });
    expect((await readActivation(db, PERIOD_MS)).obstacles).toHaveLength(3);
  });
});
