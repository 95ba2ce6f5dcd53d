import type { DbOrTx } from "@/lib/db/database";
import { type FirstFacts, type FirstSteps, firstSteps } from "@/lib/gate/first-steps";

/** How far this node has come from empty. Each fact is one row looked for, whatever there is. */
export async function readFirstSteps(db: DbOrTx): Promise<FirstSteps> {
  const [facts] = await db.$queryRaw<[FirstFacts]>`
    select exists (select from worker w join gate g on g.incarnation = w.incarnation
                    where w.stopped_at is null and w.seen_at > sync_now() - interval '30 seconds') as "hasWorker",
           (select count(*)::int from (select from instance limit 2) i) as instances,
           exists (select from connection) as "hasConnection",
           exists (select from pair) as "hasPair",
           exists (select from gate_change where kind = 'opened') as "wasActivated",
           exists (select from run where outcome = 'applied')
             or exists (select from activation_total where synced > 0) as "hasSynced"`;
  return firstSteps(facts);
}
