import { chown, cp, lstat, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import pg from "pg";
import { findEmbedded } from "@/lib/db/embedded";

/** Files that belong to the running server, not to its data. */
const NOT_COPIED = new Set(["postmaster.pid", "postmaster.opts", "server.log"]);

/**
 * Copies the running embedded database of one data directory into another, by PostgreSQL's own way of
 * copying a database that is written to. `withKey`: the key and what lies beside it come along, as when
 * somebody copies the whole directory. The target must not hold a database.
 */
export async function copyEmbedded(
  fromDir: string,
  toDir: string,
  { withKey }: { withKey: boolean },
): Promise<void> {
  const [from, to] = [resolve(fromDir), resolve(toDir)];
  const url = await findEmbedded(from);
  if (!url) throw new Error(`no database runs from ${from}: start that node first`);
  await mkdir(to, { recursive: true, mode: 0o755 });
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query("select pg_backup_start('copy', true)");
    await copyTree(join(from, "postgres"), join(to, "postgres"));
    const { rows } = await client.query<{ labelfile: string }>(
      "select labelfile from pg_backup_stop(false)",
    );
    // What was written while the files were copied.
    await copyTree(join(from, "postgres", "pg_wal"), join(to, "postgres", "pg_wal"));
    const label = join(to, "postgres", "backup_label");
    await writeFile(label, rows[0]?.labelfile ?? "", { mode: 0o600 });
    const owner = await lstat(join(to, "postgres"));
    await chown(label, owner.uid, owner.gid);
  } finally {
    await client.end();
  }
  await cp(join(from, "postgres-access.json"), join(to, "postgres-access.json"));
  if (withKey) await cp(join(from, "keys"), join(to, "keys"), { recursive: true });
}

/** A file that vanishes while it is copied is one that the log will make again. */
async function copyTree(from: string, to: string): Promise<void> {
  const { uid, gid, mode } = await lstat(from);
  await mkdir(to, { recursive: true, mode: mode & 0o777 });
  await chown(to, uid, gid);
  for (const entry of await readdir(from, { withFileTypes: true })) {
    if (NOT_COPIED.has(entry.name)) continue;
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) await copyTree(source, target);
    else if (entry.isFile()) await copyFile(source, target);
  }
}

async function copyFile(from: string, to: string): Promise<void> {
  try {
    const { uid, gid, mode } = await lstat(from);
    const content = await readFile(from);
    await rm(to, { force: true });
    await writeFile(to, content, { mode: mode & 0o777 });
    await chown(to, uid, gid);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
}
