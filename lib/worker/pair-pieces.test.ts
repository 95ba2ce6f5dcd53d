import { describe, expect } from "vitest";
import { type Connected, test } from "@/lib/testing/connected";
import { activeGate } from "@/lib/testing/queue";
import { drain, runner } from "@/lib/testing/runner";

const ENV = { WRITE_TIMEOUT_MS: 1_000, INDEX_LAG_MS: 0, LOOP_ANSWER_MS: 5_000 } as never;
const MAPPING = {
  version: 2,
  fields: [{ local: "summary", remote: "summary", kind: "text" }],
  attachments: "both",
  worklogs: "both",
  links: "both",
  subtasks: "both",
};
const WORK = {
  started: "2026-11-25T09:00:00.000+0000",
  comment: "Looked at it",
};

type Seen = {
  attachment: { id: string; filename: string; size: number; author: { name: string } }[];
  worklog: { worklogs: { comment: string; timeSpentSeconds: number }[] };
  issuelinks: { type: { name: string }; outwardIssue?: { key: string } }[];
};

/** Two issues under sync, their twins made by us; the first has a file, work and a link to the second. */
async function twoIssues({ production }: Connected) {
  const mia = production.as("mia-token");
  const first = await mia.createIssue({ project: "PROD", summary: "First", labels: ["sync"] });
  const second = await mia.createIssue({ project: "PROD", summary: "Second", labels: ["sync"] });
  return {
    first,
    second,
    async fill() {
      await mia.attach(first.key, "Übersicht (1).txt", Buffer.from("all of it"));
      await mia.logWork(first.key, { ...WORK, timeSpent: "1h 30m" });
      await mia.link(first.key, "Blocks", second.key);
    },
  };
}

async function seenAt({ partner }: Connected, key: string): Promise<Seen> {
  const { fields } = await partner.as("mia-token").getIssue(key);
  return fields as unknown as Seen;
}

describe("what an issue has beside its fields", () => {
  test("arrives at its twin once, and nothing comes back", async ({ db, pool, connected }) => {
    await db.connection.updateMany({ data: { mapping: MAPPING } });
    await db.claim.updateMany({ data: { state: "no_place" } });
    const { fill } = await twoIssues(connected);
    const once = runner(db, pool, connected, await activeGate(db), ENV);
    await connected.poll();
    await drain(pool, once);
    await fill();
    await connected.poll();
    await drain(pool, once);

    const there = await seenAt(connected, "ACME-1");
    expect(there.attachment).toMatchObject([
      { filename: "Übersicht (1).txt", size: 9, author: { name: "exalate" } },
    ]);
    expect(there.worklog.worklogs).toMatchObject([
      { timeSpentSeconds: 5_400, comment: "*mia* wrote:\n\nLooked at it" },
    ]);
    expect(there.issuelinks).toMatchObject([
      { type: { name: "Blocks" }, outwardIssue: { key: "ACME-2" } },
    ]);
    const permits = await db.permit.count();
    // Everything is looked at again, also by a node whose database never heard of the writes.
    for (const forget of [false, true]) {
      if (forget) await db.pieceLink.deleteMany({});
      await pool.query("update pair set swept_at = null");
      for (const pair of await db.pair.findMany())
        await pool.query("select record_change($1,'local',$2,'updated','sweep',null,null,$3,0)", [
          pair.connectionId,
          pair.localIssueId,
          `again ${forget} ${pair.id}`,
        ]);
      await drain(pool, once);
      expect(await db.permit.count()).toBe(permits);
    }
    expect(await db.pieceLink.count()).toBe(3);
  });

  test.for([
    ["a file", "POST /rest/api/2/issue/*/attachments"],
    ["work", "POST /rest/api/2/issue/*/worklog*"],
    ["a link", "POST /rest/api/2/issueLink"],
  ] as const)(
    "stands once when %s arrived and its answer did not",
    async ([_what, match], { db, pool, connected }) => {
      await db.connection.updateMany({ data: { mapping: MAPPING } });
      await db.claim.updateMany({ data: { state: "no_place" } });
      const { fill } = await twoIssues(connected);
      const once = runner(db, pool, connected, await activeGate(db), ENV);
      await connected.poll();
      await drain(pool, once);
      await fill();
      await connected.poll();
      await connected.partner.setFaults({ landThenBreak: { next: 1, match } });
      await once();
      expect(await db.permit.count({ where: { outcome: "unknown" } })).toBe(1);
      await pool.query("update permit set deadline_at = sync_now() - interval '1 minute'");
      await pool.query("update queue_entry set ready_at = sync_now(), state = 'queued'");
      await drain(pool, once);
      const there = await seenAt(connected, "ACME-1");
      expect(there.attachment).toHaveLength(1);
      expect(there.worklog.worklogs).toHaveLength(1);
      expect(there.issuelinks).toHaveLength(1);
      expect(await db.queueEntry.count()).toBe(0);
    },
  );

  test("is told apart from what an instance refuses: a file that is too large there", async ({
    db,
    pool,
    connected,
  }) => {
    await db.connection.updateMany({ data: { mapping: MAPPING } });
    await db.claim.updateMany({ data: { state: "no_place" } });
    const { first } = await twoIssues(connected);
    const once = runner(db, pool, connected, await activeGate(db), ENV);
    await connected.poll();
    await drain(pool, once);
    await connected.partner.settings({ attachmentLimit: 1_000 });
    await connected.production
      .as("mia-token")
      .attach(first.key, "film.mp4", Buffer.alloc(5_000, "x"));
    await connected.poll();
    await once();
    expect(await db.queueEntry.findFirstOrThrow()).toMatchObject({
      state: "failed",
      errorCode: "field_rejected",
      errorMessage: expect.stringContaining("larger than that instance takes"),
    });
  });
});

describe("issues that belong together", () => {
  test("are linked when the second one comes under sync, though the link was there before", async ({
    db,
    pool,
    connected,
  }) => {
    await db.connection.updateMany({ data: { mapping: MAPPING } });
    await db.claim.updateMany({ data: { state: "no_place" } });
    const mia = connected.production.as("mia-token");
    const first = await mia.createIssue({ project: "PROD", summary: "First", labels: ["sync"] });
    const second = await mia.createIssue({ project: "PROD", summary: "Second" });
    await mia.link(first.key, "Blocks", second.key);
    const once = runner(db, pool, connected, await activeGate(db), ENV);
    await connected.poll();
    await drain(pool, once);
    expect((await seenAt(connected, "ACME-1")).issuelinks).toEqual([]);
    await mia.editIssue(second.key, { labels: ["sync"] });
    await connected.poll();
    await drain(pool, once);
    expect((await seenAt(connected, "ACME-1")).issuelinks).toMatchObject([
      { type: { name: "Blocks" }, outwardIssue: { key: "ACME-2" } },
    ]);
  });

  test("stay a whole and its part when the part's turn comes first", async ({
    db,
    pool,
    connected,
  }) => {
    const type = { local: "type", remote: "type", kind: "option" };
    const mapping = { ...MAPPING, fields: [...MAPPING.fields, type] };
    await db.connection.updateMany({ data: { mapping } });
    await db.claim.updateMany({ data: { state: "no_place" } });
    for (const [side, key] of [
      [connected.production, "PROD"],
      [connected.partner, "ACME"],
    ] as const)
      await side.createProject({ key, issueTypes: ["Task", "Sub-task"] });
    const mia = connected.production.as("mia-token");
    const whole = await mia.createIssue({ project: "PROD", summary: "Whole", labels: ["sync"] });
    await mia.createIssue({
      project: "PROD",
      summary: "Part",
      labels: ["sync"],
      issuetype: { name: "Sub-task" },
      parent: { key: whole.key },
    });
    const once = runner(db, pool, connected, await activeGate(db), ENV);
    await connected.poll();
    const entries = await db.queueEntry.findMany({ include: { pair: true } });
    const later = entries.find((entry) => entry.pair.localKey === whole.key);
    await db.queueEntry.update({ where: { id: later?.id }, data: { state: "held" } });
    await once();
    expect(await db.permit.count()).toBe(0);
    expect(await db.queueEntry.findFirst({ where: { state: "queued" } })).toMatchObject({
      errorMessage: `Waits for the twin of ${whole.key}.`,
    });
    await pool.query("update queue_entry set state = 'queued', ready_at = sync_now()");
    await drain(pool, once);
    await pool.query("update queue_entry set ready_at = sync_now()");
    await drain(pool, once);
    const parts = (
      await connected.partner.as("mia-token").search("project = ACME ORDER BY id ASC")
    ).issues.map(({ fields }) => [
      fields.summary,
      (fields.parent as { key: string } | undefined)?.key,
    ]);
    expect(parts).toEqual([
      ["Whole", undefined],
      ["Part", "ACME-1"],
    ]);
  });
});
