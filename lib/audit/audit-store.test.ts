import type pg from "pg";
import { describe, expect } from "vitest";
import {
  auditKey,
  readAuditHead,
  recordAudit,
  recordAuditWith,
  verifyAudit,
} from "@/lib/audit/audit-store";
import { link, NO_KEY } from "@/lib/audit/chain";
import type { Finding, Mark } from "@/lib/audit/verify";
import type { Db } from "@/lib/db/database";
import { test } from "@/lib/testing/database";

async function found(db: Db, mark: Mark | null = null): Promise<Finding[]> {
  return (await verifyAudit(db, auditKey(), mark)).findings;
}

async function fill(db: Db, count: number, actor = "ada"): Promise<Mark> {
  for (let n = 1; n <= count; n++)
    await recordAudit(db, { actor, action: "entry.held", subject: `entry ${n}`, detail: { n } });
  const head = await readAuditHead(db);
  if (!head) throw new Error("nothing was recorded");
  return head;
}

/** What somebody does who may do anything in the database, but has not got the key. */
async function tamper(pool: pg.Pool, ...statements: string[]): Promise<void> {
  for (const statement of ["alter table audit disable trigger user", ...statements])
    await pool.query(statement);
}

async function numbers(db: Db): Promise<number[]> {
  const rows = await db.audit.findMany({ orderBy: { seq: "asc" }, select: { seq: true } });
  return rows.map(({ seq }) => Number(seq));
}

describe("appending to the audit", () => {
  test("twenty transactions at once append without a gap, each after the one before", async ({
    db,
    pool,
  }) => {
    const byPrisma = Array.from({ length: 10 }, (_, n) =>
      recordAudit(db, { actor: `ada ${n}`, action: "entry.held" }),
    );
    const byPg = Array.from({ length: 10 }, async (_, n) => {
      const client = await pool.connect();
      await client.query("begin");
      await recordAuditWith(client, { actor: `bob ${n}`, action: "entry.held", detail: { n } });
      await client.query("commit");
      client.release();
    });
    await Promise.all([...byPrisma, ...byPg]);
    expect(await numbers(db)).toEqual(Array.from({ length: 20 }, (_, n) => n + 1));
    expect(await found(db)).toEqual([]);
  });

  test("a transaction that is rolled back leaves no record and no gap", async ({ db }) => {
    await fill(db, 1);
    const rolledBack = db.$transaction(async (tx) => {
      await recordAudit(tx, { actor: "ada", action: "entry.held" });
      throw new Error("changed her mind");
    });
    await expect(rolledBack).rejects.toThrow("changed her mind");
    await fill(db, 1);
    expect(await numbers(db)).toEqual([1, 2]);
    expect(await found(db)).toEqual([]);
  });

  test("several records of one transaction follow each other", async ({ db }) => {
    await db.$transaction(async (tx) => {
      for (const subject of ["entry 1", "entry 2", "entry 3"])
        await recordAudit(tx, { actor: "ada", action: "entry.held", subject });
    });
    expect(await numbers(db)).toEqual([1, 2, 3]);
    expect(await found(db)).toEqual([]);
  });

  test("what the database keeps is what was sealed, whatever the words and numbers", async ({
    db,
  }) => {
    const half = "🎉".slice(0, 1); // what cutting a text leaves of a character
    await recordAudit(db, {
      actor: `Zürich \0 ${half}`,
      action: "connection.stopped",
      subject: "",
      reason: `"quoted" \\ ${half}\n`,
      detail: {
        zero: -0,
        small: 5e-324,
        large: 1.7976931348623157e308,
        tenth: 0.1,
        big: 1e21,
        absent: undefined,
        nothing: null,
        list: [1, "two", { b: half, a: "\0" }],
        aLongerName: true,
        ä: "ö",
        "": "empty",
      },
    });
    expect(await found(db)).toEqual([]);
    expect(await db.audit.findFirst()).toMatchObject({ actor: "Zürich \uFFFD \uFFFD" });
  });

  test("what is written where the key is not says so", async ({ db }) => {
    await fill(db, 1);
    await recordAudit(db, { actor: "root", action: "gate.deactivated" }, auditKey(null));
    await fill(db, 1);
    expect((await db.audit.findMany({ orderBy: { seq: "asc" } }))[1]?.keyId).toBe("none");
    expect(await found(db)).toEqual([{ kind: "without_key", from: 2, to: 2 }]);
  });

  test("a record cannot be changed, deleted, or emptied away", async ({ db, pool }) => {
    await fill(db, 1);
    await expect(pool.query("update audit set actor = 'x'")).rejects.toThrow("append-only");
    await expect(pool.query("delete from audit")).rejects.toThrow("append-only");
    await expect(pool.query("truncate audit")).rejects.toThrow("append-only");
  });
});

describe("verifying the audit finds", () => {
  test("nothing in an audit of several pages, and its period", async ({ db, pool }) => {
    const client = await pool.connect();
    await client.query("begin");
    for (let n = 0; n < 2_100; n++)
      await recordAuditWith(client, { actor: "ada", action: "entry.held", detail: { n } });
    await client.query("commit");
    client.release();
    const mark = await readAuditHead(db);
    const { checked, first, last, findings } = await verifyAudit(db, auditKey(), mark);
    expect(findings).toEqual([]);
    expect([checked, first?.seq, last?.seq]).toEqual([2_100, 1, 2_100]);
    expect(last?.at).toEqual(mark?.at);
  });

  test("a record that was altered", async ({ db, pool }) => {
    const mark = await fill(db, 4);
    await tamper(pool, "update audit set detail = '{\"n\": 7}' where seq = 2");
    expect(await found(db, mark)).toEqual([{ kind: "altered", seq: 2 }]);
  });

  test("a record that was deleted", async ({ db, pool }) => {
    const mark = await fill(db, 4);
    await tamper(pool, "delete from audit where seq = 2");
    expect(await found(db, mark)).toEqual([{ kind: "missing", from: 2, to: 2 }]);
  });

  test("records that changed places", async ({ db, pool }) => {
    const mark = await fill(db, 4);
    await tamper(
      pool,
      "update audit set seq = -1 where seq = 2",
      "update audit set seq = 2 where seq = 3",
      "update audit set seq = 3 where seq = -1",
    );
    expect(await found(db, mark)).toEqual([
      { kind: "reordered", seq: 2, belongsAt: 3 },
      { kind: "reordered", seq: 3, belongsAt: 2 },
    ]);
  });

  test("records that were cut off at the end", async ({ db, pool }) => {
    const mark = await fill(db, 4);
    await tamper(pool, "delete from audit where seq > 2");
    expect(await found(db, mark)).toEqual([{ kind: "truncated", head: 2, seen: 4 }]);
  });

  test("an audit that was emptied", async ({ db, pool }) => {
    const mark = await fill(db, 4);
    await tamper(pool, "truncate audit");
    expect(await found(db, mark)).toEqual([{ kind: "truncated", head: 0, seen: 4 }]);
  });

  test("a row that was slipped in without a number, or under one that is taken", async ({
    db,
    pool,
  }) => {
    await fill(db, 2);
    await tamper(
      pool,
      "insert into audit (at, actor, action) values (now(), 'nobody', 'gate.activated')",
    );
    expect(await found(db)).toEqual([{ kind: "inserted", id: 3 }]);
    await tamper(
      pool,
      "drop index audit_seq_key",
      `insert into audit (at, actor, action, seq, prev, key_id, hash)
       select at, actor, action, seq, prev, key_id, hash from audit where seq = 1`,
    );
    expect(await found(db)).toEqual([
      { kind: "inserted", id: 4 },
      { kind: "inserted", id: 3 },
    ]);
  });

  test("a chain that was wholly rewritten by somebody without the key", async ({ db, pool }) => {
    const mark = await fill(db, 3);
    const forger = { id: auditKey().id, secret: "a guess" };
    let prev = "";
    await tamper(pool);
    for (const row of await db.audit.findMany({ orderBy: { seq: "asc" } })) {
      const hash = link(forger, { ...row, actor: "bob", seq: Number(row.seq), prev });
      await pool.query("update audit set actor = 'bob', prev = $2, hash = $3 where id = $1", [
        row.id,
        prev,
        hash,
      ]);
      prev = hash;
    }
    expect(await found(db, mark)).toEqual([
      { kind: "altered", seq: 1 },
      { kind: "altered", seq: 2 },
      { kind: "altered", seq: 3 },
      { kind: "rewritten", seq: 3 },
    ]);
  });

  test("an older audit that was put back, as it was and after it went on", async ({ db, pool }) => {
    await fill(db, 2);
    await pool.query("create table older as table audit");
    const mark = await fill(db, 2);
    await tamper(pool, "truncate audit", "insert into audit table older");
    expect(await found(db, mark)).toEqual([{ kind: "truncated", head: 2, seen: 4 }]);
    await fill(db, 3, "bob");
    expect(await found(db, mark)).toEqual([{ kind: "rewritten", seq: 4 }]);
  });

  test("how many records are from before the chain", async ({ db, pool }) => {
    await pool.query(
      `insert into audit (at, actor, action)
       select now(), 'ada', 'entry.held' from generate_series(1, 1500)`,
    );
    await fill(db, 2);
    expect(await found(db)).toEqual([{ kind: "unchained", count: 1_500 }]);
  });

  test("that a copy's older records were sealed under another key", async ({ db }) => {
    const original = { id: "0a0a0a0a", secret: "the original's" };
    await recordAudit(db, { actor: "ada", action: "entry.held" }, original);
    await fill(db, 1);
    expect(await found(db)).toEqual([
      { kind: "other_key", keyId: "0a0a0a0a", from: 1, to: 1, place: "before" },
    ]);
    expect(NO_KEY.id).not.toBe(auditKey().id);
  });
});
