import { rmSync } from "node:fs";
import type pg from "pg";
import { makeNodeFolder } from "@/e2e/node-folder";
import { connectPool, connectPrisma, type Db } from "@/lib/db/database";
import { startEmbedded } from "@/lib/db/embedded";
import { migrate } from "@/prisma/migrate";

export type OwnDatabase = { db: Db; pool: pg.Pool; url: string; close(): Promise<void> };

/** A database server and a migrated database for one program outside the tests; nothing of it stays. */
export async function openOwnDatabase(name: string): Promise<OwnDatabase> {
  const folder = makeNodeFolder(name);
  const embedded = await startEmbedded(folder);
  await migrate(embedded.url);
  const pool = connectPool(embedded.url);
  const db = connectPrisma(embedded.url);
  return {
    db,
    pool,
    url: embedded.url,
    async close() {
      await db.$disconnect();
      await pool.end();
      await embedded.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
