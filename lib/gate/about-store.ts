import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { About } from "@/lib/access/people";
import type { Db } from "@/lib/db/database";

/** A worker that has been silent for longer is not shown as one that runs. */
const SILENT_SECONDS = 60;

/** What runs here: versions, database, schema, workers. */
export async function readAbout(db: Db): Promise<About> {
  const [[server], [schema], workers] = await Promise.all([
    db.$queryRaw<[{ version: string }]>`select current_setting('server_version') as version`,
    db.$queryRaw<{ name: string }[]>`
      select migration_name as name from _prisma_migrations
       where finished_at is not null order by migration_name desc limit 1`,
    db.$queryRaw<{ host: string; pid: number; startedAt: Date; seenAt: Date; doing: string }[]>`
      select host, pid, started_at as "startedAt", seen_at as "seenAt", doing from worker
       where stopped_at is null and seen_at > sync_now() - ${SILENT_SECONDS}::int * interval '1 second'
       order by started_at`,
  ]);
  return {
    version: productVersion(),
    node: process.version,
    database: `PostgreSQL ${server.version}`,
    schema: schema?.name ?? "unknown",
    workers: workers.map(({ startedAt, seenAt, ...rest }) => ({
      ...rest,
      startedAt: startedAt.toISOString(),
      seenAt: seenAt.toISOString(),
    })),
  };
}

function productVersion(): string {
  try {
    const text = readFileSync(join(process.cwd(), "package.json"), "utf8");
    return String((JSON.parse(text) as { version?: unknown }).version ?? "unknown");
  } catch {
    return "unknown";
  }
}
