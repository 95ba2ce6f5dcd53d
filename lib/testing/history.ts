import { randomUUID } from "node:crypto";
import type { Db } from "@/lib/db/database";

export type OldPermit = {
  connectionId: number;
  pairId?: number | null;
  side?: "local" | "remote";
  kind?: string;
  outcome?: string;
  daysAgo: number;
  /** Where a test finds it again. */
  path?: string;
  marker?: string | null;
};

/** A permit of so many days ago; nobody granted it. */
export async function oldPermit(db: Db, permit: OldPermit): Promise<void> {
  const { connectionId, pairId = null, side = "remote", kind = "update_issue" } = permit;
  const { outcome = "applied", daysAgo, path = "/", marker = null } = permit;
  await db.$executeRaw`
    insert into permit (id, incarnation, epoch, worker_id, connection_id, pair_id, side, kind, method, path, marker,
                        intended, granted_at, deadline_at, outcome)
    values (${randomUUID()}::uuid, 'then', 1, ${randomUUID()}::uuid, ${connectionId}::int, ${pairId}::int, ${side},
            ${kind}, 'PUT', ${path}, ${marker}, '{"fields": {"summary": "new"}}',
            sync_now() - ${daysAgo}::float8 * interval '1 day',
            sync_now() - ${daysAgo}::float8 * interval '1 day' + interval '30 seconds', ${outcome})`;
}

/** A look at a pair of so many days ago. */
export async function oldRun(
  db: Db,
  run: { connectionId: number; pairId: number; daysAgo: number; words: string; outcome?: string },
): Promise<void> {
  const { connectionId, pairId, daysAgo, words, outcome = "applied" } = run;
  await db.$executeRaw`
    insert into run (connection_id, pair_id, entry_id, attempt, ended_at, outcome, words)
    values (${connectionId}::int, ${pairId}::int, 1, 1, sync_now() - ${daysAgo}::float8 * interval '1 day',
            ${outcome}, ${words})`;
}

/** A pair without an entry, in step since so many days ago. */
export async function bringInStep(db: Db, pairId: number, daysAgo: number): Promise<void> {
  await db.queueEntry.deleteMany({ where: { pairId } });
  await db.$executeRaw`
    update pair set in_step_at = sync_now() - ${daysAgo}::float8 * interval '1 day' where id = ${pairId}::int`;
}
