import type pg from "pg";
import { Agent } from "undici";
import { describe, expect, inject } from "vitest";
import { type Both, startBoth } from "@/e2e/trackers/both";
import type { Db } from "@/lib/db/database";
import type { Fence } from "@/lib/gate/gate";
import { test as base } from "@/lib/testing/database";
import { type Asked, buryWorkers, Died, dyingAt, endPermits, MOMENTS } from "@/lib/testing/deaths";
import { activeGate } from "@/lib/testing/queue";
import { drain, runner } from "@/lib/testing/runner";
import { pollDueSides } from "@/lib/worker/poll";

// Workers are killed one after the other, each at the next write of a run that brings an issue with one of each to
// a real Redmine. Whoever is left must end with one of each: both trackers are compared as people see them.

const PATIENT_MS = 5_000;
const IMPATIENT_MS = 1_000;
const POLLS = { POLL_INTERVAL_MS: 3_600_000, WRITE_TIMEOUT_MS: PATIENT_MS };

/** What such a run asks for, in its order. A file is uploaded, and then taken by the issue. */
const WRITES = [
  "create_issue POST",
  "add_comment PUT",
  "add_attachment POST",
  "add_attachment PUT",
  "add_worklog POST",
  "add_link POST",
  "stamp PUT",
];

type Bench = {
  both: Both;
  db: Db;
  pool: pg.Pool;
  fence: Fence;
  network: Agent;
  /** Asks both trackers once for what changed. */
  poll(): Promise<void>;
  /** A worker that does what waits, with this pool, and waits so long for an answer. */
  work(withPool?: pg.Pool, writeTimeoutMs?: number): Promise<void>;
  /** An issue of Jira's with one of each; its key. */
  full(summary: string): Promise<string>;
};

const test = base.extend<{ bench: Bench }>({
  bench: async ({ db, pool, url }, use) => {
    const both = await startBoth({ db, pool, url, redmineUrl: inject("redmineUrl") });
    const network = new Agent();
    const connected = { network, connectionId: both.connectionId };
    await db.claim.updateMany({ data: { state: "no_place" } });
    const fence = await activeGate(db);
    const ada = both.jira.as("ada-token");
    const poll = async () => {
      await pool.query("update watermark set polled_at = null, claimed_until = null");
      await pollDueSides({ db, pool, network, env: POLLS, isOver: () => false });
    };
    const work = (withPool = pool, writeTimeoutMs = PATIENT_MS) => {
      const env = { WRITE_TIMEOUT_MS: writeTimeoutMs, INDEX_LAG_MS: 0 } as never;
      return drain(pool, runner(db, withPool, connected, fence, env));
    };
    const target = await ada.createIssue({ project: "PROD", summary: "Target" });
    await poll();
    await work();
    const full = async (summary: string) => {
      const { key } = await ada.createIssue({ project: "PROD", summary });
      await ada.comment(key, `on ${summary}`);
      await ada.attach(key, "notes.txt", Buffer.from(`in ${summary}`));
      const started = "2026-11-25T09:00:00.000+0000";
      await ada.logWork(key, { timeSpent: "2h", started, comment: `for ${summary}` });
      await ada.link(key, "Relates", target.key);
      await poll();
      return key;
    };
    await use({ both, db, pool, fence, network, poll, work, full });
    await network.destroy();
    await both.stop();
  },
});

/** The answer to the write that comes next gets lost; the write does not. */
async function loseAnswer({ both }: Bench, { side }: Asked): Promise<void> {
  if (side === "remote") both.way.loseAnswerTo(/^(POST|PUT) /);
  else await both.jira.setFaults({ landThenBreak: { next: 1, user: "exalate" } });
}

/** Nothing is missing, nothing is there twice, and nothing waits. */
async function expectEqual({ both, db }: Bench): Promise<void> {
  expect((await both.compare()).differences).toEqual([]);
  expect(await db.queueEntry.count()).toBe(0);
}

describe("a worker that is killed while it writes to a real Redmine", () => {
  for (const moment of MOMENTS)
    test(`${moment}, and the next one too at the next write, leave one of each to whoever is left`, async ({
      bench,
    }) => {
      const { both, pool, poll, work, full } = bench;
      const asked = new Set<string>();
      const killedAt = async (write: string) => {
        const isIt = ({ kind, method }: Asked) => {
          asked.add(`${kind} ${method}`);
          return `${kind} ${method}` === write;
        };
        const dying = dyingAt(pool, moment, isIt, (granted) =>
          moment === "before the answer" ? loseAnswer(bench, granted) : Promise.resolve(),
        );
        await expect(work(dying), write).rejects.toThrow(Died);
        await buryWorkers(pool);
        await endPermits(pool);
      };
      const key = await full("Whole");
      for (const write of WRITES) await killedAt(write);
      await work();
      await expectEqual(bench);
      await both.jira.as("ada-token").editIssue(key, { summary: "Edited" });
      await poll();
      await killedAt("update_issue PUT");
      await work();
      await expectEqual(bench);
      expect([...asked]).toEqual([...WRITES, "update_issue PUT"]);
    });

  test("while a slow Redmine still has its write: nobody takes over before that can no longer land", async ({
    bench,
  }) => {
    const { both, db, pool, work, full } = bench;
    await full("Slow");
    const release = both.way.hold(/^POST \/issues\.json/);
    const dying = dyingAt(pool, "before the answer", ({ kind }) => kind === "create_issue");
    await expect(work(dying, IMPATIENT_MS)).rejects.toThrow(Died);
    await buryWorkers(pool);
    // The entry is free, and still nobody gets it.
    await work();
    expect(await db.queueEntry.count({ where: { state: "queued" } })).toBe(1);
    release();
    await expect
      .poll(async () => (await both.redmine.list({ project_id: both.there.project })).issues, {
        timeout: 10_000,
      })
      .toHaveLength(2);
    await endPermits(pool);
    await work();
    await expectEqual(bench);
  });
});
