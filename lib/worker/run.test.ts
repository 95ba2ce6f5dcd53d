import { describe, expect } from "vitest";
import type { Db } from "@/lib/db/database";
import { release } from "@/lib/sync-queue/queue-store";
import { rescueEntries } from "@/lib/sync-queue/worker-store";
import { type Connected, test } from "@/lib/testing/connected";
import { activeGate } from "@/lib/testing/queue";
import { runner } from "@/lib/testing/runner";

/** A linked pair in step, with the label "seed", whose two sides then each get a label of their own. */
async function twoLabels(db: Db, connected: Connected) {
  const mia = {
    local: connected.production.as("mia-token"),
    remote: connected.partner.as("mia-token"),
  };
  const issue = { summary: "Same", labels: ["seed"] };
  const local = await mia.local.createIssue({ project: "PROD", ...issue });
  const remote = await mia.remote.createIssue({ project: "ACME", ...issue });
  const pairId = await connected.link(local.key, remote.key);
  await db.claim.updateMany({ data: { state: "no_place" } });
  await db.connection.updateMany({
    data: { mapping: { fields: { status: "none", priority: "none" } } },
  });
  const edit = async () => {
    await mia.local.editIssue(local.key, { labels: ["seed", "ours"] });
    await mia.remote.editIssue(remote.key, { labels: ["seed", "theirs"] });
    await connected.poll();
  };
  const labels = async () =>
    [
      (await mia.local.getIssue(local.key)).fields,
      (await mia.remote.getIssue(remote.key)).fields,
    ].map((fields) => fields.labels.toSorted());
  const summary = {
    async set(text: string) {
      await mia.local.editIssue(local.key, { summary: text });
      await connected.poll();
    },
    here: async () => (await mia.local.getIssue(local.key)).fields.summary,
    there: async () => (await mia.remote.getIssue(remote.key)).fields.summary,
  };
  return { localKey: local.key, remoteKey: remote.key, pairId, edit, labels, summary };
}

describe("a write whose answer was lost", () => {
  test("is not forgotten: who puts the source back to what it was changes the other side back as well", async ({
    db,
    pool,
    connected,
  }) => {
    const env = { WRITE_TIMEOUT_MS: 500, INDEX_LAG_MS: 0, LOOP_ANSWER_MS: 5_000 } as never;
    const { summary } = await twoLabels(db, connected);
    const fence = await activeGate(db);
    const once = runner(db, pool, connected, fence, env);
    await once();
    await summary.set("Changed");
    await connected.partner.setFaults({
      landThenBreak: { next: 1, match: "PUT /rest/api/2/issue/*" },
    });
    await once();
    await connected.partner.setFaults({});
    expect(await summary.there()).toBe("Changed");
    await summary.set("Same");
    await pool.query("update permit set deadline_at = sync_now() - interval '1 minute'");
    await pool.query("update queue_entry set ready_at = sync_now(), state = 'queued'");
    while (await once()) await pool.query("update queue_entry set ready_at = sync_now()");
    expect(await summary.there()).toBe("Same");
  });
});

describe("a merge that writes both sides", () => {
  test.for(["confirmed", "unanswered"])(
    "is finished by whoever goes on when its worker dies after the first write, and the first was %s",
    async (first, { db, pool, connected }) => {
      const env = { WRITE_TIMEOUT_MS: 500, INDEX_LAG_MS: 0, LOOP_ANSWER_MS: 5_000 } as never;
      const { edit, labels } = await twoLabels(db, connected);
      const fence = await activeGate(db);
      const once = runner(db, pool, connected, fence, env);
      await once(() => false);
      await edit();
      let writes = 0;
      if (first === "unanswered") {
        // It lands on one side or the other, whichever is first; nobody hears of it.
        for (const side of [connected.production, connected.partner])
          await side.setFaults({ landThenBreak: { next: 1, match: "PUT /rest/api/2/issue/*" } });
      }
      await once(() => writes++ > 0);
      for (const side of [connected.production, connected.partner]) await side.setFaults({});
      expect(new Set((await labels()).map(String)).size).toBe(2);
      // Its worker is gone; what it may have sent has had its time.
      await pool.query("update worker set stopped_at = sync_now()");
      await rescueEntries(pool, 0);
      await pool.query("update permit set deadline_at = sync_now() - interval '1 minute'");
      await pool.query("update queue_entry set ready_at = sync_now(), state = 'queued'");
      while (await once(() => false))
        await pool.query("update queue_entry set ready_at = sync_now()");
      expect(await labels()).toEqual([
        ["ours", "seed", "theirs"],
        ["ours", "seed", "theirs"],
      ]);
    },
  );
});

describe("an edit made between our reading and our writing", () => {
  test("is found in the history, held as a conflict, and told with its author", async ({
    db,
    pool,
    connected,
  }) => {
    const env = { WRITE_TIMEOUT_MS: 3_000, INDEX_LAG_MS: 0, LOOP_ANSWER_MS: 5_000 } as never;
    const { summary, remoteKey } = await twoLabels(db, connected);
    const fence = await activeGate(db);
    let isFirst = true;
    const once = runner(db, pool, connected, fence, env, ({ sides: { remote } }) => {
      const { updateIssue } = remote;
      remote.updateIssue = async (...write) => {
        if (isFirst) {
          isFirst = false;
          await connected.partner.as("mia-token").editIssue(remoteKey, { summary: "Mia's" });
        }
        return updateIssue(...write);
      };
    });
    await once();
    await summary.set("Ada's");
    await once();
    expect(await summary.there()).toBe("Ada's");
    const entry = await db.queueEntry.findFirstOrThrow();
    expect(entry).toMatchObject({ state: "failed", errorCode: "conflict" });
    expect(entry.plan).toMatchObject({
      conflicts: [{ field: "summary", local: "Ada's", remote: "Mia's" }],
      notes: [{ text: expect.stringContaining("mia changed summary") }],
    });
    // Where a side wins, the lost edit comes back on both.
    await db.connection.updateMany({ data: { policy: "remote" } });
    await pool.query("update queue_entry set state = 'queued', ready_at = sync_now()");
    while (await once()) await pool.query("update queue_entry set ready_at = sync_now()");
    expect(await summary.there()).toBe("Mia's");
    expect(await summary.here()).toBe("Mia's");
    expect((await db.run.findFirstOrThrow({ orderBy: { id: "desc" } })).words).toContain(
      'mia changed summary to "Mia\'s" after we had read it',
    );
  });
});

describe("automations that answer each other through a pair", () => {
  test("are stopped at the sixth write, with both histories named, until a person lets go", async ({
    db,
    pool,
    connected,
  }) => {
    const env = { WRITE_TIMEOUT_MS: 3_000, INDEX_LAG_MS: 0, LOOP_ANSWER_MS: 5_000 } as never;
    const { summary, localKey, remoteKey } = await twoLabels(db, connected);
    const fence = await activeGate(db);
    const once = runner(db, pool, connected, fence, env);
    await once();
    for (const side of [connected.production, connected.partner])
      await side.createUser({ name: "robot" });
    await summary.set("Begun by a person");
    let turn = 0;
    const robots = async () => {
      turn += 1;
      const [side, key] =
        turn % 2 ? [connected.partner, remoteKey] : [connected.production, localKey];
      await side.as("robot-token").editIssue(key, { summary: `Turn ${turn}` });
      await connected.poll();
    };
    while (turn < 10 && (await once()) && (await db.queueEntry.count()) === 0) await robots();
    expect(await db.permit.count({ where: { kind: "update_issue", outcome: "applied" } })).toBe(5);
    expect(await db.queueEntry.findFirstOrThrow()).toMatchObject({
      state: "held",
      errorCode: "loop",
      heldBy: "loop breaker",
      errorMessage: expect.stringMatching(
        /PROD-1: .*summary by robot.* ACME-1: .*summary by robot/is,
      ),
    });
    const entry = await db.queueEntry.findFirstOrThrow();
    await release(db, [entry.id], { by: "ada" });
    expect(await once()).toBe(true);
    expect(await summary.there()).toBe(await summary.here());
  });
});

describe("a workflow of several steps", () => {
  test("is learnt from the issues that are read, and taken step by step with what its screens require", async ({
    db,
    pool,
    connected,
  }) => {
    const env = { WRITE_TIMEOUT_MS: 3_000, INDEX_LAG_MS: 0, LOOP_ANSWER_MS: 5_000 } as never;
    await connected.partner.createProject({
      key: "ACME",
      transitions: [
        { name: "Start", from: ["Open"], to: "In Progress" },
        { name: "Review", from: ["In Progress"], to: "In Review" },
        {
          name: "Close",
          from: ["In Review"],
          to: "Done",
          screen: [{ field: "resolution", required: true }],
        },
      ],
    });
    await connected.production.createProject({
      key: "PROD",
      transitions: [
        { name: "Solve", to: "Done", screen: [{ field: "resolution", required: true }] },
        ...["In Progress", "In Review"].map((to) => ({ name: to, to })),
      ],
    });
    const fields = ["summary", "status", "resolution"].map((field) => ({
      local: field,
      remote: field,
      kind: field === "summary" ? "text" : "option",
    }));
    await db.connection.updateMany({ data: { mapping: { version: 2, fields } } });
    await db.claim.updateMany({ data: { state: "no_place" } });
    const mia = connected.production.as("mia-token");
    for (const status of ["In Progress", "In Review"]) {
      const local = await mia.createIssue({ project: "PROD", summary: status });
      const remote = await connected.partner
        .as("mia-token")
        .createIssue({ project: "ACME", summary: status });
      for (const way of ["In Progress", "In Review"].slice(0, status === "In Review" ? 2 : 1))
        await connected.partner.as("mia-token").transition(remote.key, way);
      await mia.transition(local.key, status);
      await connected.link(local.key, remote.key);
    }
    const local = await mia.createIssue({ project: "PROD", summary: "Far away" });
    const remote = await connected.partner
      .as("mia-token")
      .createIssue({ project: "ACME", summary: "Far away" });
    await connected.link(local.key, remote.key);
    const once = runner(db, pool, connected, await activeGate(db), env);
    while (await once()) await pool.query("update queue_entry set ready_at = sync_now()");

    await mia.call("POST", `/api/2/issue/${local.key}/transitions`, {
      transition: { id: "11" },
      fields: { resolution: { name: "Won't Do" } },
    });
    await connected.poll();
    while (await once()) await pool.query("update queue_entry set ready_at = sync_now()");
    const there = await connected.partner.as("mia-token").getIssue(remote.key);
    expect(there.fields).toMatchObject({
      status: { name: "Done" },
      resolution: { name: "Won't Do" },
    });
    expect(
      (
        await db.permit.findMany({ where: { kind: "transition" }, orderBy: { grantedAt: "asc" } })
      ).map(({ intended }) => (intended as { fields: object }).fields),
    ).toEqual([
      { status: "In Progress" },
      { status: "In Review" },
      { status: "Done", resolution: "Won't Do" },
    ]);
  });
});

describe("a private comment that comes into scope", () => {
  test("stays at home, and the history of its pair says whose it is", async ({
    db,
    pool,
    connected,
  }) => {
    const env = { WRITE_TIMEOUT_MS: 3_000, INDEX_LAG_MS: 0, LOOP_ANSWER_MS: 5_000 } as never;
    await twoLabels(db, connected);
    const once = runner(db, pool, connected, await activeGate(db), env);
    await once();
    await connected.production.createUser({ name: "exalate", roles: ["Staff"] });
    await connected.production.as("mia-token").call("POST", "/api/2/issue/PROD-1/comment", {
      body: "for us only",
      visibility: { type: "role", value: "Staff" },
    });
    await connected.poll();
    await once();
    expect(await connected.partner.as("admin-token").comments("ACME-1")).toEqual([]);
    expect(await db.run.findFirstOrThrow({ orderBy: { id: "desc" } })).toMatchObject({
      outcome: "nothing_to_send",
      words: "nothing to send; a comment by mia is for role:Staff alone: it is not sent",
    });
  });
});
