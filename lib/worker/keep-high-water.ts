import { rmSync } from "node:fs";
import type pg from "pg";
import type { Env } from "@/lib/env";
import { highWaterPath, raiseHighWater, readHighWater } from "@/lib/identity/high-water";
import { log } from "@/lib/log";

const EVERY_MS = 2_000;

type Head = {
  identity: string;
  beat: string;
  seq: string | null;
  hash: string | null;
  at: Date;
  now: Date;
  /** A verdict that was settled, other than that nothing has changed. */
  settled: string | null;
};

/**
 * Keeps beside the key how far this node has come, so that a database that goes back shows. Writes
 * nothing while a decision is due: the file may belong to the node that this one is a copy of. Begins
 * anew once a verdict is settled that the database is another, or was restored; otherwise it only ever
 * raises, and only over a record that the audit still holds.
 */
export function keepHighWater(pool: pg.Pool, env: Env) {
  const path = highWaterPath(env);
  let writtenAt = Number.NEGATIVE_INFINITY;
  let begunFor: string | null = null;
  let trouble = "";

  return async (incarnation: string): Promise<void> => {
    if (performance.now() - writtenAt < EVERY_MS) return;
    writtenAt = performance.now();
    const { rows } = await pool.query<Head>(
      `select n.identity, g.beat::text as beat, a.seq::text as seq, a.hash, coalesce(a.at, sync_now()) as at,
              sync_now() as now,
              case when v.kind <> 'restart' or v.decision is not null then v.id || coalesce(v.decision, '') end as settled
         from node n, gate g left join verdict v on v.id = g.verdict_id left join lateral
              (select seq, hash, at from audit where seq is not null order by seq desc limit 1) a on true
        where g.incarnation = $1 and not decision_is_due()`,
      [incarnation],
    );
    const head = rows[0];
    if (!head) return;
    try {
      const beginsAnew = head.settled !== null && head.settled !== begunFor;
      if (beginsAnew) rmSync(path, { force: true });
      else await refuseRewritten(pool, path);
      begunFor = head.settled;
      await raiseHighWater(path, {
        identity: head.identity,
        beat: Number(head.beat),
        audit: { seq: Number(head.seq ?? 0), hash: head.hash ?? "", at: head.at.toISOString() },
        at: head.now.toISOString(),
      });
      trouble = "";
    } catch (error) {
      // Once for each trouble: the next try comes in two seconds.
      if (trouble !== String(error))
        log.warn("the high-water file could not be raised", { error: String(error) });
      trouble = String(error);
    }
  };
}

/** What the file says must still be in the audit: the evidence that it is not must not be overwritten. */
async function refuseRewritten(pool: pg.Pool, path: string): Promise<void> {
  const kept = readHighWater(path);
  if (!kept || kept.audit.seq === 0) return;
  const { rowCount } = await pool.query("select from audit where seq = $1 and hash = $2", [
    kept.audit.seq,
    kept.audit.hash,
  ]);
  if (!rowCount)
    throw new Error(
      `the audit does not hold record ${kept.audit.seq} as the file remembers it: run npm run audit:verify`,
    );
}
