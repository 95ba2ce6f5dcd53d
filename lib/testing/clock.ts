import type { Db } from "@/lib/db/database";

/** The database's clock runs ahead by so much from now on: what was done before lies so long back. */
export async function passMinutes(db: Db, minutes: number): Promise<void> {
  await db.$executeRawUnsafe(`create or replace function sync_now() returns timestamptz(3)
    language sql volatile as $$ select (clock_timestamp() + interval '${minutes} minutes')::timestamptz(3) $$`);
}

export async function passDays(db: Db, days: number): Promise<void> {
  await passMinutes(db, days * 1_440);
}
