import { findEmbedded } from "@/lib/db/embedded";
import type { Env } from "@/lib/env";

/** The database of a node that may run elsewhere: the one that is set, or the embedded one if it answers; else null. */
export async function findDatabase({ DATABASE_URL, DATA_DIR }: Env): Promise<string | null> {
  return DATABASE_URL ?? (await findEmbedded(DATA_DIR));
}
