import { readFile } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import type { DatabaseServer } from "@/e2e/chaos/database-server";
import type { SqlPatch } from "@/e2e/chaos/guards";
import { migrate } from "@/prisma/migrate";

export const TEMPLATE = "chaos_template";

/** A migrated database with a witness in it, and perhaps without one of its protections. */
export async function makeTemplate(server: DatabaseServer, patches: SqlPatch[]): Promise<void> {
  await server.on(`create database ${TEMPLATE}`);
  await migrate(server.url(TEMPLATE));
  const client = new pg.Client({ connectionString: server.url(TEMPLATE) });
  await client.connect();
  try {
    for (const patch of patches) await apply(client, patch);
    await client.query(await readFile(join(import.meta.dirname, "witness.sql"), "utf8"));
  } finally {
    await client.end();
  }
}

async function apply(client: pg.Client, patch: SqlPatch): Promise<void> {
  if ("run" in patch) {
    await client.query(patch.run);
    return;
  }
  const { rows } = await client.query<{ definition: string }>(
    "select pg_get_functiondef(oid) as definition from pg_proc where proname = $1",
    [patch.change],
  );
  const before = rows[0]?.definition ?? "";
  const after = before.replace(patch.from, patch.to);
  if (after === before)
    throw new Error(`${patch.change} has changed: nothing to patch for ${patch.from}`);
  await client.query(after);
}
