import { describe, expect } from "vitest";
import { test } from "@/lib/testing/database";
import { diffSchema, migrate, schemaIsKnown } from "@/prisma/migrate";

describe("migrations", () => {
  test("give exactly the schema that the program is compiled against", async ({ url }) => {
    expect(await diffSchema(url)).toBe("");
  });

  test("a table that lacks a column is reported, so the comparison does compare", async ({
    url,
    pool,
  }) => {
    await pool.query("alter table node drop column label");
    expect(await diffSchema(url)).toContain('ADD COLUMN     "label" TEXT');
  });

  test("a second run changes nothing", async ({ url }) => {
    expect(await migrate(url)).toEqual({ applied: [] });
  });

  test("of three that start at once on an empty database one migrates, the others wait", async ({
    url,
    pool,
  }) => {
    await pool.query("drop schema public cascade");
    await pool.query("create schema public");
    const runs = await Promise.all([migrate(url), migrate(url), migrate(url)]);
    const applied = runs.filter((run) => run.applied.length > 0);
    expect(applied).toHaveLength(1);
    expect(await schemaIsKnown(pool)).toBe(true);
  });

  test("one that was cut short is done again at the next start", async ({ url, pool }) => {
    await pool.query("drop schema public cascade");
    await pool.query("create schema public");
    // In the way of the second migration.
    await pool.query("create function sync_now() returns int language sql as 'select 1'");
    await expect(migrate(url)).rejects.toThrow("sync_now");
    await pool.query("drop function sync_now()");
    expect((await migrate(url)).applied).toContain("0002_gate");
    expect(await diffSchema(url)).toBe("");
  });

  test("a database of a newer version is left alone, and no worker claims from it", async ({
    url,
    pool,
  }) => {
    await pool.query(
      `insert into _prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count)
       values ('later', 'unknown', '9999_later', now(), 1)`,
    );
    expect(await schemaIsKnown(pool)).toBe(false);
    await expect(migrate(url)).rejects.toThrow("newer version");
  });

  test("one that was edited after it had been applied is refused by name", async ({
    url,
    pool,
  }) => {
    await pool.query(
      `update _prisma_migrations set checksum = 'another' where migration_name like '0002%'`,
    );
    await expect(migrate(url)).rejects.toThrow("0002_gate");
  });
});
