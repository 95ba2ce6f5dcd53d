import type pg from "pg";
import { describe, expect } from "vitest";
import type { Db } from "@/lib/db/database";
import { type Connected, test } from "@/lib/testing/connected";
import { buryWorkers, Died, dyingAt, endPermits } from "@/lib/testing/deaths";
import { activeGate } from "@/lib/testing/queue";
import { drain, runner } from "@/lib/testing/runner";

// A worker is killed at every call of a run that creates one of each: an issue, a comment, a note of the twin,
// an attachment, a worklog and a link. Whoever takes over must end with one of each.

const ENV = { WRITE_TIMEOUT_MS: 1_000, INDEX_LAG_MS: 0 } as never;
const MAPPING = {
  version: 2,
  fields: [{ local: "summary", remote: "summary", kind: "text" }],
  attachments: "both",
  worklogs: "both",
  links: "both",
};
const WRITES = [
  "create_issue",
  "add_comment",
  "add_attachment",
  "add_worklog",
  "add_link",
  "stamp",
];

type Bench = { db: Db; pool: pg.Pool; connected: Connected };

async function prepared({ db, pool, connected }: Bench) {
  await db.connection.updateMany({ data: { mapping: MAPPING } });
  await db.claim.updateMany({ data: { state: "no_place" } });
  const fence = await activeGate(db);
  const mia = connected.production.as("mia-token");
  const target = await mia.createIssue({ project: "PROD", summary: "Target", labels: ["sync"] });
  await connected.poll();
  await drain(pool, runner(db, pool, connected, fence, ENV));
  return {
    fence,
    async full(summary: string) {
      const issue = await mia.createIssue({ project: "PROD", summary });
      await mia.comment(issue.key, `on ${summary}`);
      await mia.attach(issue.key, "notes.txt", Buffer.from(`in ${summary}`));
      await mia.logWork(issue.key, { timeSpent: "2h", comment: `for ${summary}` });
      await mia.link(issue.key, "Blocks", target.key);
      await mia.editIssue(issue.key, { labels: ["sync"] });
      await connected.poll();
    },
  };
}

/** The dead worker's entry is taken back once its write can no longer land. */
async function takenOver({ db, pool, connected }: Bench, fence: Parameters<typeof runner>[3]) {
  await buryWorkers(pool);
  await endPermits(pool);
  await drain(pool, runner(db, pool, connected, fence, ENV));
}

/** How many issues of that summary the partner has, and how much each has. */
async function there({ partner }: Connected, summary: string) {
  const mia = partner.as("mia-token");
  const { issues } = await mia.search("project = ACME", { fields: "summary", maxResults: "100" });
  const found = issues.filter((each) => each.fields.summary === summary);
  return Promise.all(
    found.map(async ({ key }) => {
      const { fields } = await mia.getIssue(key);
      const { attachment, worklog, issuelinks, comment } = fields as unknown as {
        attachment: unknown[];
        worklog: { worklogs: unknown[] };
        issuelinks: unknown[];
        comment: { comments: unknown[] };
      };
      return [
        comment.comments.length,
        attachment.length,
        worklog.worklogs.length,
        issuelinks.length,
      ];
    }),
  );
}

describe("a worker that is killed", () => {
  test.for(["before the permit", "after the permit", "before the record"] as const)(
    "%s of any write leaves one of each to whoever takes over",
    async (moment, { db, pool, connected }) => {
      const bench = { db, pool, connected };
      const { fence, full } = await prepared(bench);
      for (const kind of WRITES) {
        await full(kind);
        const at = dyingAt(pool, moment, (asked) => asked.kind === kind);
        const dying = runner(db, at, connected, fence, ENV);
        await expect(drain(pool, dying), kind).rejects.toThrow(Died);
        await takenOver(bench, fence);
        expect(await there(connected, kind), kind).toEqual([[1, 1, 1, 1]]);
        expect(await db.queueEntry.count(), kind).toBe(0);
      }
    },
  );

  test("while a slow instance still has its write: nobody takes over before that can no longer land", async ({
    db,
    pool,
    connected,
  }) => {
    const bench = { db, pool, connected };
    const { fence, full } = await prepared(bench);
    const paths: Record<string, string> = {
      create_issue: "POST /rest/api/2/issue",
      add_comment: "POST /rest/api/2/issue/*/comment",
      add_attachment: "POST /rest/api/2/issue/*/attachments",
      add_worklog: "POST /rest/api/2/issue/*/worklog*",
      add_link: "POST /rest/api/2/issueLink",
    };
    for (const [kind, match] of Object.entries(paths)) {
      await full(kind);
      const before = (await connected.partner.writes()).length;
      await connected.partner.setFaults({ landAfterBreak: { next: 1, match, afterMs: 300 } });
      const at = dyingAt(pool, "before the record", (asked) => asked.kind === kind);
      const dying = runner(db, at, connected, fence, ENV);
      await expect(drain(pool, dying), kind).rejects.toThrow(Died);
      await buryWorkers(pool);
      // The entry is free, and still nobody gets it.
      await drain(pool, runner(db, pool, connected, fence, ENV));
      expect(await db.queueEntry.count({ where: { state: "queued" } }), kind).toBe(1);
      await expect
        .poll(async () =>
          (await connected.partner.writes())
            .slice(before)
            .filter(({ landedAt }) => landedAt !== null)
            .filter(({ method, path }) => matches(match, `${method} ${path}`)),
        )
        .toHaveLength(1);
      await takenOver(bench, fence);
      expect(await there(connected, kind), kind).toEqual([[1, 1, 1, 1]]);
    }
  });
});

function matches(pattern: string, call: string): boolean {
  const parts = pattern.split("*").map((part) => part.replace(/[.?()]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`).test(call.replace(/\?.*$/, ""));
}
