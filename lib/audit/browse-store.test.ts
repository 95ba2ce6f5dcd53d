import { describe, expect } from "vitest";
import { recordAudit } from "@/lib/audit/audit-store";
import { eachAuditLine, listAuditLines, readAuditChoices } from "@/lib/audit/browse-store";
import type { AuditFilter } from "@/lib/audit/record";
import type { Db } from "@/lib/db/database";
import { test } from "@/lib/testing/database";

async function fill(db: Db): Promise<Date> {
  await recordAudit(db, { actor: "ada", action: "gate.activated", reason: "after the patch" });
  await recordAudit(db, { actor: "bob", action: "entry.held", subject: "entry 1" });
  const { at } = await db.audit.findFirstOrThrow({ orderBy: { id: "desc" } });
  const between = new Date(at.getTime() + 1);
  await db.$executeRaw`select pg_sleep(0.01)`; // so that the next record is of another millisecond
  await recordAudit(db, { actor: "bob", action: "entry.released", subject: "entry 1" });
  await recordAudit(db, { actor: "ada", action: "gate.deactivated", reason: "100% sure" });
  return between;
}

async function found(db: Db, filter: AuditFilter): Promise<string[]> {
  return (await listAuditLines(db, filter)).rows.map(({ action }) => action);
}

describe("looking into the audit", () => {
  test("by who, by what, by what it is about, by words and by time", async ({ db }) => {
    const between = await fill(db);
    expect(await found(db, {})).toHaveLength(4);
    expect(await found(db, { actor: "bob" })).toEqual(["entry.released", "entry.held"]);
    expect(await found(db, { action: "gate" })).toEqual(["gate.deactivated", "gate.activated"]);
    expect(await found(db, { action: "entry.held" })).toEqual(["entry.held"]);
    expect(await found(db, { q: "ENTRY 1" })).toEqual(["entry.released", "entry.held"]);
    expect(await found(db, { from: between.toISOString() })).toEqual([
      "gate.deactivated",
      "entry.released",
    ]);
    expect(await found(db, { actor: "ada", to: between.toISOString() })).toEqual([
      "gate.activated",
    ]);
  });

  test("a percent sign means itself", async ({ db }) => {
    await fill(db);
    expect(await found(db, { q: "100%" })).toEqual(["gate.deactivated"]);
    expect(await found(db, { q: "%" })).toEqual(["gate.deactivated"]);
    expect(await found(db, { action: "%" })).toEqual([]);
  });

  test("a word does not reach from what a record is about into its reason", async ({ db }) => {
    await recordAudit(db, { actor: "ada", action: "entry.held", subject: "over", reason: "night" });
    expect(await found(db, { q: "over" })).toEqual(["entry.held"]);
    expect(await found(db, { q: "night" })).toEqual(["entry.held"]);
    expect(await found(db, { q: "overnight" })).toEqual([]);
    expect(await found(db, { q: "over night" })).toEqual([]);
  });

  test("a word is looked up, not looked for in every record", async ({ db, pool }) => {
    await fill(db);
    const { rows } = await pool
      .query(`begin; set local enable_seqscan = off; set local enable_indexscan = off;
      explain select id from audit a
       where (coalesce(a.subject, '') || e'\\x1f' || coalesce(a.reason, '')) ilike '%zanzibar%'; rollback`)
      .then(
        (results) =>
          (results as unknown as { rows: Record<string, string>[] }[])[3] ?? { rows: [] },
      );
    expect(rows.map((row) => row["QUERY PLAN"]).join("\n")).toContain("audit_words");
  });

  test("forth and back by pages, with nothing left out or told twice", async ({ db }) => {
    for (let n = 1; n <= 5; n++)
      await recordAudit(db, { actor: "ada", action: "entry.held", subject: `entry ${n}` });
    const subjects = (page: { rows: { subject: string | null }[] }) =>
      page.rows.map(({ subject }) => subject);
    const first = await listAuditLines(db, {}, {}, 2);
    expect(subjects(first)).toEqual(["entry 5", "entry 4"]);
    expect(first.newer).toBeNull();
    const second = await listAuditLines(db, {}, { before: first.older ?? 0 }, 2);
    expect(subjects(second)).toEqual(["entry 3", "entry 2"]);
    const third = await listAuditLines(db, {}, { before: second.older ?? 0 }, 2);
    expect(subjects(third)).toEqual(["entry 1"]);
    expect(third.older).toBeNull();
    const back = await listAuditLines(db, {}, { after: third.newer ?? 0 }, 2);
    expect(subjects(back)).toEqual(["entry 3", "entry 2"]);
    expect(back.total).toBe(5);
  });

  test("an export is read in parts, and has every record of its filter with its seal", async ({
    db,
  }) => {
    await fill(db);
    const parts = [];
    for await (const part of eachAuditLine(db, { actor: "ada" }, 1)) parts.push(part);
    expect(parts.flat().map(({ action }) => action)).toEqual([
      "gate.deactivated",
      "gate.activated",
    ]);
    expect(parts[0]?.[0]?.hash).toMatch(/:/);
  });

  test("the choices name every actor and action once", async ({ db }) => {
    expect(await readAuditChoices(db)).toEqual({ actors: [], actions: [] });
    await fill(db);
    expect(await readAuditChoices(db)).toEqual({
      actors: ["ada", "bob"],
      actions: ["entry.held", "entry.released", "gate.activated", "gate.deactivated"],
    });
  });
});
