import { ensureFirstAdministrator } from "@/lib/access/first-administrator";
import { keepToken } from "@/lib/access/token-store";
import { type Db, database, pool } from "@/lib/db/database";
import { env } from "@/lib/env";
import { belong } from "@/lib/gate/belong-store";
import { WrongNode } from "@/lib/gate/start-store";
import { declaredBy } from "@/lib/identity/evidence-store";
import { log } from "@/lib/log";

const AGAIN_MS = 2_000;

/** Tells a supervisor that starting again cannot help. The value is sysexits' "configuration error". */
const EXIT_UNUSABLE = 78;

/**
 * Makes sure that this console belongs to the node whose database it was given, and ends the process if
 * not. Then makes the first administrator and the first API token, or prints the link that makes the
 * former. Tries until it works.
 */
export async function prepareAccess(): Promise<void> {
  const settings = env();
  const { ADMIN_EMAIL, ADMIN_PASSWORD, API_TOKEN, CONSOLE_URL, SYNC_IDENTITY } = settings;
  for (;;) {
    try {
      const db = database();
      await belong(pool(), declaredBy(settings, CONSOLE_URL));
      if (SYNC_IDENTITY === "copy") await untilCopy(db);
      if (API_TOKEN) await keepToken(db, "first token", API_TOKEN, "administrator");
      const given =
        ADMIN_EMAIL && ADMIN_PASSWORD ? { email: ADMIN_EMAIL, password: ADMIN_PASSWORD } : null;
      const link = await ensureFirstAdministrator(db, given);
      if (link)
        // A warning, so that no log level hides it: it is the only way in.
        log.warn(
          `Nobody can sign in yet. Create the first administrator: ${CONSOLE_URL}/welcome?token=${link}`,
        );
      return;
    } catch (error) {
      if (error instanceof WrongNode) {
        log.error("this console cannot run", { error: error.message });
        process.exit(EXIT_UNUSABLE);
      }
      log.warn("the database did not answer at the start", { error: String(error) });
      await new Promise((again) => setTimeout(again, AGAIN_MS));
    }
  }
}

/** A copy that was declared before its start revokes the tokens it came with; its own comes after that. */
async function untilCopy(db: Db): Promise<void> {
  for (;;) {
    const gate = await db.gate.findUniqueOrThrow({ where: { id: 1 } });
    const node = await db.node.findUniqueOrThrow({ where: { id: 1 } });
    const verdict = gate.verdictId
      ? await db.verdict.findUnique({ where: { id: gate.verdictId } })
      : null;
    // A node that never lived before has nothing to revoke.
    if (node.copyOf !== null || verdict?.kind === "first_start") return;
    await new Promise((again) => setTimeout(again, AGAIN_MS / 4));
  }
}
