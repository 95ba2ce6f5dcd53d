import type pg from "pg";
import type { Db } from "@/lib/db/database";
import type { Fence } from "@/lib/gate/gate";
import type { Claim } from "@/lib/sync/permit-store";
import { claimEntries } from "@/lib/sync-queue/worker-store";
import type { Connected } from "@/lib/testing/connected";
import { seedWorker } from "@/lib/testing/queue";
import { connectionContexts } from "@/lib/worker/contexts";
import type { PairContext } from "@/lib/worker/read-pair";
import { run } from "@/lib/worker/run";

/** Claims what waits, if anything does, and runs it as one worker would. */
export function runner(
  db: Db,
  pool: pg.Pool,
  connected: Pick<Connected, "network" | "connectionId">,
  fence: Fence,
  env: never,
  around: (context: PairContext) => void = () => undefined,
) {
  return async (shouldStop: () => boolean = () => false): Promise<boolean> => {
    const workerId = await seedWorker(db, fence);
    const [entry] = await claimEntries(pool, workerId, fence, 1);
    if (!entry) return false;
    const context = await connectionContexts(db, pool, connected.network, env).get(
      connected.connectionId,
    );
    around(context);
    const claim: Claim = { entryId: entry.id, attempt: entry.attempt, workerId, fence };
    await run({ context, entry, claim, shouldStop, random: () => 0 });
    return true;
  };
}

/** Runs whatever waits until nothing does; what waits for a time is due at once. */
export async function drain(pool: pg.Pool, once: () => Promise<boolean>): Promise<void> {
  while (await once()) await pool.query("update queue_entry set ready_at = sync_now()");
}
