import { randomUUID } from "node:crypto";
import { describe, expect } from "vitest";
import type { Db } from "@/lib/db/database";
import { activate, deactivate, readGate } from "@/lib/gate/gate-store";
import { type Membership, start } from "@/lib/gate/start-store";
import { claimEntries } from "@/lib/sync-queue/worker-store";
import { test } from "@/lib/testing/database";
import { lookAlike } from "@/lib/testing/evidence";
import { activeGate, newLife, seedQueue, seedWorker } from "@/lib/testing/queue";
import { live, type MemberReport } from "@/lib/worker/member";

const ASK_MS = 600;

function starter(
  url: string,
  onJoined: (membership: Membership) => Promise<void> = async () => {},
) {
  return start({
    url,
    askMs: ASK_MS,
    worker: { id: randomUUID(), host: "test", pid: 1 },
    look: lookAlike(),
    told: { console: null, label: null },
    onJoined,
  });
}

/** Starts a worker that answers for itself until its life is over. */
async function member(
  url: string,
): Promise<{ membership: Membership; life: Promise<void>; reports: MemberReport[] }> {
  const reports: MemberReport[] = [];
  let life: Promise<void> = Promise.resolve();
  const membership = await starter(url, (joined) => {
    return new Promise((answering) => {
      life = live(url, joined, (report) => {
        reports.push(report);
        if (report.kind === "answering") answering();
      });
    });
  });
  return { membership, life, reports };
}

/** Ends a life for good: the gate belongs to nobody who lives. */
async function endLife(db: Db, life: Promise<void>) {
  await newLife(db);
  await life;
}

describe("the start protocol", () => {
  test("the first start begins a life with the gate shut", async ({ url, db }) => {
    const { fence } = await starter(url);
    expect(await readGate(db)).toEqual({ state: "inactive", fence });
    expect((await db.gate.findFirstOrThrow()).reason).toBe("This node started for the first time.");
  });

  test("an active gate shuts when nobody is left to answer, whatever the database says of workers", async ({
    url,
    db,
  }) => {
    const before = await activeGate(db);
    await seedWorker(db, before); // its row still looks alive, as in a copy taken a second ago
    const { fence } = await starter(url);
    expect(fence.incarnation).not.toBe(before.incarnation);
    expect(fence.epoch).toBe(before.epoch + 1);
    expect((await readGate(db)).state).toBe("inactive");
  });

  test("one more worker joins a living node, and the gate stays open", async ({ url, db }) => {
    const first = await member(url);
    await activate(db, { fence: first.membership.fence, by: "ada" });
    const second = await starter(url);
    expect(second.fence).toEqual({
      ...first.membership.fence,
      epoch: first.membership.fence.epoch + 1,
    });
    expect((await readGate(db)).state).toBe("active");
    await endLife(db, first.life);
  });

  test("of two that start at once, one begins the life and the other joins it", async ({
    url,
    db,
  }) => {
    const [a, b] = await Promise.all([member(url), member(url)]);
    expect(a.membership.fence).toEqual(b.membership.fence);
    expect(await db.gateChange.count({ where: { kind: "new_incarnation" } })).toBe(1);
    await endLife(
      db,
      Promise.all([a.life, b.life]).then(() => undefined),
    );
  });

  test("an answer at an older epoch is not enough: the question is asked again", async ({
    url,
    db,
    pool,
  }) => {
    const first = await member(url);
    // Every first answer is made to look older than it is.
    await pool.query(`create function age_first() returns trigger language plpgsql as $$ begin
      if (select count(*) from question where answered_at is not null) = 0 then new.answer_epoch := new.answer_epoch - 1; end if;
      return new; end $$;
      create trigger age_first before update on question for each row execute function age_first()`);
    const second = await starter(url);
    expect(second.fence).toEqual(first.membership.fence);
    expect(await db.question.count({ where: { askedBy: second.workerId } })).toBe(2);
    await endLife(db, first.life);
  });

  test("a member whose database went back in time ends its life", async ({ url, db }) => {
    const { reports, life } = await member(url);
    await expect.poll(() => reports.some((report) => report.kind === "gate")).toBe(true);
    await db.gate.update({ where: { id: 1 }, data: { beat: -5 } });
    await life;
    expect(reports.at(-1)).toEqual({ kind: "ended", why: "the database was rewound" });
  });

  test("a new life takes claims back, and waits for writes that may be on the wire", async ({
    url,
    db,
    pool,
  }) => {
    const fence = await activeGate(db);
    await seedQueue(db);
    const workerId = await seedWorker(db, fence);
    const [entry] = await claimEntries(pool, workerId, fence, 1);
    await pool.query(
      "select grant_permit(gen_random_uuid(),$1,$2,$3,$4,$5,'remote','update_issue','PUT','/x',null,null,'{}','{}',60000)",
      [workerId, fence.incarnation, fence.epoch, entry?.id, entry?.attempt],
    );
    const fresh = await starter(url);
    expect((await readGate(db)).state).toBe("closing");
    expect((await db.queueEntry.findFirstOrThrow()).state).toBe("queued");
    await db.$executeRaw`update permit set deadline_at = sync_now() - interval '3 seconds'`;
    await db.$queryRaw`select settle_closing()`;
    expect(await readGate(db)).toEqual({ state: "inactive", fence: fresh.fence });
  });

  test("deactivating a gate that is not open changes nothing", async ({ db }) => {
    const before = await readGate(db);
    expect(await deactivate(db, { by: "ada" })).toEqual(before);
    expect(await db.gateChange.count()).toBe(0);
  });
});
