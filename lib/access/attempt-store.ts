import type { Db, DbOrTx } from "@/lib/db/database";

/** Whose sign-ins are counted: an account that is tried, or an address that tries. */
export type Subject = { kind: "account" | "address"; name: string };

/**
 * Failures without a wait, and the longest wait. Delays, never a lockout: an account's stay short, since
 * anybody can cause them; an address may be a whole office, so it has more tries.
 */
const LIMITS = {
  account: { free: 4, longestS: 30 },
  address: { free: 20, longestS: 300 },
} as const;

/** Guesses that come at once take turns; a real person behind a hundred of them still gets an answer. */
const BURST = { maxWait: 20_000, timeout: 20_000 };

/**
 * Takes one try for all of these subjects, or says how many seconds it must wait; a refused try costs
 * nothing. The try counts as a failure until `forgetFailures`, so that many at once gain nothing.
 */
export async function takeTry(db: Db, subjects: Subject[]): Promise<number> {
  return db.$transaction(async (tx) => {
    const seconds = await secondsToWait(tx, subjects);
    if (seconds > 0) return seconds;
    for (const subject of subjects) await countFailure(tx, subject);
    return 0;
  }, BURST);
}

/** A sign-in that worked clears its account. */
export async function forgetFailures(tx: DbOrTx, subject: Subject): Promise<void> {
  await tx.$executeRaw`delete from sign_in_attempt where subject = ${key(subject)}`;
}

async function secondsToWait(tx: DbOrTx, subjects: Subject[]): Promise<number> {
  const keys = subjects.map(key).sort();
  // One after the other for each subject, in one order for everybody.
  for (const one of keys)
    await tx.$executeRaw`select pg_advisory_xact_lock(hashtext('sign-in'), hashtext(${one}))`;
  const [row] = await tx.$queryRaw<{ seconds: number }[]>`
    select coalesce(ceil(extract(epoch from max(next_at) - sync_now())), 0)::int as seconds
      from sign_in_attempt where subject = any(${keys})`;
  return Math.max(0, row?.seconds ?? 0);
}

/** Each failure after the free ones doubles the wait. Failures are forgotten after a quiet hour. */
async function countFailure(tx: DbOrTx, subject: Subject): Promise<void> {
  const { free, longestS } = LIMITS[subject.kind];
  const [row] = await tx.$queryRaw<[{ failures: number }]>`
    insert into sign_in_attempt as a (subject, failures, last_at, next_at)
    values (${key(subject)}, 1, sync_now(), sync_now())
    on conflict (subject) do update set
      failures = case when a.last_at < sync_now() - interval '1 hour' then 1 else a.failures + 1 end,
      last_at = sync_now()
    returning failures`;
  const waitS = row.failures < free ? 0 : Math.min(longestS, 2 ** (row.failures - free));
  await tx.$executeRaw`
    update sign_in_attempt set next_at = sync_now() + ${waitS}::int * interval '1 second'
     where subject = ${key(subject)}`;
}

function key({ kind, name }: Subject): string {
  return `${kind}:${name}`;
}
