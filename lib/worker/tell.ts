import type pg from "pg";
import type { Db } from "@/lib/db/database";
import type { Env } from "@/lib/env";
import { log } from "@/lib/log";
import { makeMails } from "@/lib/mail/notice-store";
import { sendDueMails } from "@/lib/mail/outbox-store";

/**
 * Tells people by mail what needs them, whatever the gate says: a mail writes nothing to an instance. What
 * stands in its way is logged, and never in the way of the work.
 */
export async function tellPeople(
  { pool, db, env }: { pool: pg.Pool; db: Db; env: Env },
  isOver: () => boolean,
): Promise<void> {
  try {
    await makeMails(pool, env.CONSOLE_URL);
    await sendDueMails({ pool, db }, { ...env, consoleUrl: env.CONSOLE_URL }, isOver);
  } catch (error) {
    log.warn("no mail could be sent", { error: String(error) });
  }
}
