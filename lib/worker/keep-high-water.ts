import type pg from "pg";
import type { Env } from "@/lib/env";
import { highWaterPath, raiseHighWater } from "@/lib/identity/high-water";
import { log } from "@/lib/log";

const EVERY_MS = 2_000;

/**
 * Keeps beside the key how far this node has come, so that a database that goes back shows. Writes
 * nothing while a decision is due: the file may belong to the node that this one is a copy of.
 */
export function keepHighWater(pool: pg.Pool, env: Env) {
  const path = highWaterPath(env);
  let writtenAt = Number.NEGATIVE_INFINITY;
  let hasFailed = false;

  return async (incarnation: string): Promise<void> => {
    if (performance.now() - writtenAt < EVERY_MS) return;
    writtenAt = performance.now();
    const { rows } = await pool.query<{
      identity: string;
      beat: string;
      seq: string | null;
      hash: string | null;
      at: Date;
      now: Date;
    }>(
      `select n.identity, g.beat::text as beat, a.seq::text as seq, a.hash, coalesce(a.at, sync_now()) as at, sync_now() as now
         from node n, gate g left join lateral
              (select seq, hash, at from audit where seq is not null order by seq desc limit 1) a on true
        where g.incarnation = $1 and not decision_is_due()`,
      [incarnation],
    );
    const head = rows[0];
    if (!head) return;
    try {
      await raiseHighWater(
        path,
        {
          identity: head.identity,
          beat: Number(head.beat),
          audit: { seq: Number(head.seq ?? 0), hash: head.hash ?? "", at: head.at.toISOString() },
          at: head.now.toISOString(),
        },
        // What the file said was part of the verdict, and that is settled.
        { replace: true },
      );
      hasFailed = false;
    } catch (error) {
      if (!hasFailed)
        log.warn("the high-water file could not be written", { error: String(error) });
      hasFailed = true;
    }
  };
}
