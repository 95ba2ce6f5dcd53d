import { randomBytes } from "node:crypto";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type pg from "pg";
import { connectPool, connectPrisma, type Db } from "@/lib/db/database";
import { startEmbedded } from "@/lib/db/embedded";
import { migrate } from "@/prisma/migrate";

export type OwnDatabase = { db: Db; pool: pg.Pool; url: string; close(): Promise<void> };

/** A database server and a migrated database for one program outside the tests; nothing of it stays. */
export async function openOwnDatabase(name: string): Promise<OwnDatabase> {
  const folder = mkdtempSync(join(tmpdir(), `${name}-${randomBytes(3).toString("hex")}-`));
  // The embedded database runs as a user of its own, who has to pass.
  chmodSync(folder, 0o755);
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
