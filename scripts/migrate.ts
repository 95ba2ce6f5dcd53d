import { startEmbedded } from "@/lib/db/embedded";
import { parseEnv } from "@/lib/env";
import { migrate } from "@/prisma/migrate";
import { runOnce } from "@/scripts/lifetime";

/** `npm run migrate`: brings the database up to date without starting the node. */
await runOnce(async () => {
  const { DATABASE_URL, DATA_DIR } = parseEnv(process.env);
  const embedded = DATABASE_URL ? null : await startEmbedded(DATA_DIR);
  try {
    const { applied } = await migrate(DATABASE_URL ?? embedded?.url ?? "");
    console.info(applied.length > 0 ? `Applied ${applied.join(", ")}.` : "Nothing to do.");
  } finally {
    await embedded?.stop();
  }
});
