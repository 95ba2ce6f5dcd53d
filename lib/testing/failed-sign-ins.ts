import { type Subject, takeTry } from "@/lib/access/attempt-store";
import type { Db } from "@/lib/db/database";

/** Sign-ins that failed, as if each had waited long enough for the next. */
export async function failSignIns(db: Db, subject: Subject, times: number): Promise<void> {
  for (let time = 0; time < times; time++) {
    await db.$executeRaw`update sign_in_attempt set next_at = sync_now()`;
    await takeTry(db, [subject]);
  }
}
