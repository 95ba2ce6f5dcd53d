import { ensureFirstAdministrator } from "@/lib/access/first-administrator";
import { keepToken } from "@/lib/access/token-store";
import { database } from "@/lib/db/database";
import { env } from "@/lib/env";
import { log } from "@/lib/log";

const AGAIN_MS = 2_000;

/** Makes the first administrator and the first API token, or prints the link that makes the former. Tries until it works. */
export async function prepareAccess(): Promise<void> {
  const { ADMIN_EMAIL, ADMIN_PASSWORD, API_TOKEN, CONSOLE_URL, NODE_LABEL } = env();
  for (;;) {
    try {
      const db = database();
      await db.node.update({
        where: { id: 1 },
        data: { consoleUrl: CONSOLE_URL, label: NODE_LABEL ?? null },
      });
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
      log.warn("the database did not answer at the start", { error: String(error) });
      await new Promise((again) => setTimeout(again, AGAIN_MS));
    }
  }
}
