import pg from "pg";
import { describe, expect } from "vitest";
import { activate, readGate } from "@/lib/gate/gate-store";
import { test as base } from "@/lib/testing/database";
import { activeGate, newLife, seedQueue, seedWorker } from "@/lib/testing/queue";

// Each race is forced: what comes first is done in an open transaction on one connection, what comes
// second is begun on another and seen to wait for it; then the first commits. Both orders are tried.

type Races = {
  /** Runs `first`, then begins `second`, which must wait for it; returns both answers. */
  inTurn: (
    first: Statement,
    second: Statement,
  ) => Promise<{ first: pg.QueryResult; second: pg.QueryResult }>;
};
type Statement = { text: string; values?: unknown[] };

const test = base.extend<Races>({
  inTurn: async ({ url, pool }, use) => {
    const one = new pg.Client({ connectionString: url });
    const other = new pg.Client({ connectionString: url });
    await Promise.all([one.connect(), other.connect()]);
    await use(async (first, second) => {
      await one.query("begin");
      const answered = await one.query(first.text, first.values);
      const pending = other.query(second.text, second.values);
      await expect
        .poll(async () => {
          const { rows } = await pool.query(
            "select count(*)::int as n from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()",
          );
          return rows[0].n;
        })
        .toBe(1);
      await one.query("commit");
      return { first: answered, second: await pending };
    });
    await Promise.all([one.end(), other.end()]);
  },
});

/** An open gate with one entry that a worker of this life has claimed. */
async function claimed(db: Parameters<typeof activeGate>[0], pool: pg.Pool) {
  const fence = await activeGate(db);
  await seedQueue(db);
  const workerId = await seedWorker(db, fence);
  const { rows } = await pool.query("select id, attempt, pair_id from claim_entries($1,$2,$3,1)", [
    workerId,
    fence.incarnation,
    fence.epoch,
  ]);
  const entry = rows[0] as { id: number; attempt: number; pair_id: number };
  const grant: Statement = {
    text: "select grant_permit(gen_random_uuid(),$1,$2,$3,$4,$5,'remote','update_issue','PUT','/x',null,null,'{}','{}',60000) as answer",
    values: [workerId, fence.incarnation, fence.epoch, entry.id, entry.attempt],
  };
  const silence = () =>
    pool.query("update worker set seen_at = sync_now() - interval '1 hour' where id = $1", [
      workerId,
    ]);
  return { fence, workerId, entry, grant, silence };
}

const RESCUE: Statement = { text: "select rescue_entries(15000) as rescued" };

describe("two connections at the same moment", () => {
  test("a write that gets its permit before its entry is rescued is waited for by whoever takes over", async ({
    db,
    pool,
    inTurn,
  }) => {
    const { fence, grant, silence } = await claimed(db, pool);
    await silence();
    const { first, second } = await inTurn(grant, RESCUE);
    expect(first.rows[0].answer).toBe("granted");
    expect(second.rows[0].rescued).toBe(1);
    const next = await seedWorker(db, fence);
    const { rowCount } = await pool.query("select * from claim_entries($1,$2,$3,8)", [
      next,
      fence.incarnation,
      fence.epoch,
    ]);
    expect(rowCount).toBe(0);
  });

  test("a write that asks for its permit after its entry was rescued gets none", async ({
    db,
    pool,
    inTurn,
  }) => {
    const { grant, silence } = await claimed(db, pool);
    await silence();
    const { first, second } = await inTurn(RESCUE, grant);
    expect(first.rows[0].rescued).toBe(1);
    expect(second.rows[0].answer).toBe("claim_lost");
    expect(await db.permit.count()).toBe(0);
  });

  test("a claim being made is not rescued from, since its worker lives; a rescued entry is claimed once", async ({
    db,
    pool,
  }) => {
    const { fence, workerId, entry, silence } = await claimed(db, pool);
    await silence();
    const [one, other] = [await pool.connect(), await pool.connect()];
    const next = await seedWorker(db, fence);
    await one.query("begin");
    await one.query(RESCUE.text);
    // The entry is locked by the rescue that has not committed: a claim passes it by instead of waiting.
    const during = await other.query("select * from claim_entries($1,$2,$3,8)", [
      next,
      fence.incarnation,
      fence.epoch,
    ]);
    expect(during.rowCount).toBe(0);
    await one.query("commit");
    const after = await other.query("select * from claim_entries($1,$2,$3,8)", [
      next,
      fence.incarnation,
      fence.epoch,
    ]);
    expect(after.rows).toMatchObject([
      { id: entry.id, attempt: entry.attempt + 1, claimed_by: next },
    ]);
    const late = await pool.query(
      "select complete_entry($1,$2,$3,$4,$5,'applied',1,'',null) as result",
      [entry.id, entry.attempt, workerId, fence.incarnation, fence.epoch],
    );
    expect(late.rows[0].result).toBe("lost");
    one.release();
    other.release();
  });

  test("an activation that is a moment late for the last worker's death opens nothing", async ({
    db,
    inTurn,
  }) => {
    const fence = await newLife(db);
    const { second } = await inTurn(
      {
        text: "select begin_incarnation($1,$2,'the next life','restart') as begun",
        values: [fence.incarnation, fence.epoch],
      },
      {
        text: "select open_gate($1,$2,'ada',null,'{}') as opened",
        values: [fence.incarnation, fence.epoch],
      },
    );
    expect(second.rows[0].opened).toBe(false);
    expect(await readGate(db)).toMatchObject({
      state: "inactive",
      fence: { incarnation: "the next life" },
    });
  });

  test("an activation that comes just before the last worker's death is closed by whoever starts next", async ({
    db,
    inTurn,
  }) => {
    const fence = await newLife(db);
    const { first, second } = await inTurn(
      {
        text: "select open_gate($1,$2,'ada',null,'{}') as opened",
        values: [fence.incarnation, fence.epoch],
      },
      {
        text: "select begin_incarnation($1,$2,'the next life','restart') as begun",
        values: [fence.incarnation, fence.epoch],
      },
    );
    expect(first.rows[0].opened).toBe(true);
    // The starter had seen an earlier epoch: it looks again, and asks again, before it begins.
    expect(second.rows[0].begun).toBe(false);
    const seen = await readGate(db);
    const [answer] = await db.$queryRaw<[{ begun: boolean }]>`
      select begin_incarnation(${seen.fence.incarnation}, ${seen.fence.epoch}::int, 'the next life', 'restart') as begun`;
    expect(answer.begun).toBe(true);
    expect((await readGate(db)).state).toBe("inactive");
  });

  test("of two activations that name the same fence one opens, and of two starters one begins", async ({
    db,
    inTurn,
  }) => {
    const fence = await newLife(db);
    const open: Statement = {
      text: "select open_gate($1,$2,'ada',null,'{}') as opened",
      values: [fence.incarnation, fence.epoch],
    };
    const opened = await inTurn(open, open);
    expect([opened.first.rows[0].opened, opened.second.rows[0].opened]).toEqual([true, false]);
    const seen = (await readGate(db)).fence;
    const begin = (id: string): Statement => ({
      text: "select begin_incarnation($1,$2,$3,'restart') as begun",
      values: [seen.incarnation, seen.epoch, id],
    });
    const begun = await inTurn(begin("one"), begin("other"));
    expect([begun.first.rows[0].begun, begun.second.rows[0].begun]).toEqual([true, false]);
  });

  test("a decision and an activation cannot pass each other: who we are does not change while the gate opens", async ({
    db,
    inTurn,
  }) => {
    const fence = await newLife(db);
    const { second } = await inTurn(
      {
        text: "select open_gate($1,$2,'ada',null,'{}') as opened",
        values: [fence.incarnation, fence.epoch],
      },
      { text: "select pg_advisory_xact_lock(2, 0)" },
    );
    expect(second.rowCount).toBe(1);
    expect((await readGate(db)).state).toBe("active");
    const late = await activate(db, { fence, by: "bob" });
    expect(late).toHaveProperty("refused");
  });

  test("a change that is recorded while its entry completes is never lost", async ({
    db,
    pool,
    inTurn,
  }) => {
    const { fence, workerId, entry } = await claimed(db, pool);
    const pair = await db.pair.findUniqueOrThrow({ where: { id: entry.pair_id } });
    const change: Statement = {
      text: "select record_change($1,'local',$2,'updated','webhook',null,null,'a new one',0) as result",
      values: [pair.connectionId, pair.localIssueId],
    };
    const complete: Statement = {
      text: "select complete_entry($1,$2,$3,$4,$5,'applied',1,'',null) as result",
      values: [entry.id, entry.attempt, workerId, fence.incarnation, fence.epoch],
    };
    const { second } = await inTurn(change, complete);
    expect(second.rows[0].result).toBe("requeued");
    expect(await db.queueEntry.count({ where: { pairId: entry.pair_id, state: "queued" } })).toBe(
      1,
    );
  });
});
