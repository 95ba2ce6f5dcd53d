import { randomBytes } from "node:crypto";
import pg from "pg";
import { test as base, inject } from "vitest";
import { connectPool, connectPrisma, type Db } from "@/lib/db/database";

type Fixtures = {
  /** Of this test's own migrated database, dropped after it. */
  url: string;
  db: Db;
  pool: pg.Pool;
};

/** A test with a real database of its own, so that locks are real. */
export const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads from the pattern which fixtures are needed
  url: async ({}, use) => {
    const name = `test_${randomBytes(6).toString("hex")}`;
    const serverUrl = inject("postgresUrl");
    await onServer(serverUrl, `create database ${name} template ${inject("template")}`);
    const url = new URL(serverUrl);
    url.pathname = `/${name}`;
    await use(url.href);
    // Force: a test that ends by killing a process leaves its sessions behind.
    await onServer(serverUrl, `drop database ${name} with (force)`);
  },
  db: async ({ url }, use) => {
    const db = connectPrisma(url);
    await use(db);
    await db.$disconnect();
  },
  pool: async ({ url }, use) => {
    const pool = connectPool(url);
    await use(pool);
    await pool.end();
  },
});

async function onServer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
