import type { DbOrTx } from "@/lib/db/database";

/** So many failures are a person who mistypes; each later one doubles the wait. */
const FREE_FAILURES = 4;
/** A delay, never a lockout: whoever knows the password gets in after this at the latest. */
const LONGEST_WAIT_S = 300;

/** How long these subjects (an account, an address) must still wait, in whole seconds; 0 when they may try. */
export async function secondsToWait(db: DbOrTx, subjects: string[]): Promise<number> {
  const [row] = await db.$queryRaw<{ seconds: number }[]>`
    select coalesce(ceil(extract(epoch from max(next_at) - sync_now())), 0)::int as seconds
      from sign_in_attempt where subject = any(${subjects})`;
  return Math.max(0, row?.seconds ?? 0);
}

/** Counts a failure for each subject. Counters are forgotten after a quiet day. */
export async function noteFailure(db: DbOrTx, subjects: string[]): Promise<void> {
  for (const subject of subjects)
    await db.$executeRaw`
      insert into sign_in_attempt as a (subject, failures, last_at, next_at)
      values (${subject}, 1, sync_now(), sync_now())
      on conflict (subject) do update set
        failures = case when a.last_at < sync_now() - interval '1 day' then 1 else a.failures + 1 end,
        last_at = sync_now(),
        next_at = case when a.failures + 1 <= ${FREE_FAILURES}::int then sync_now()
          else sync_now() + least(${LONGEST_WAIT_S}::int, power(2, least(a.failures + 1 - ${FREE_FAILURES}::int, 9))) * interval '1 second' end`;
}

export async function forgetFailures(db: DbOrTx, subjects: string[]): Promise<void> {
  await db.$executeRaw`delete from sign_in_attempt where subject = any(${subjects})`;
}
