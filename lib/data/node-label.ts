import "server-only";
import { connection } from "next/server";
import { cache } from "react";
import { database } from "@/lib/db/database";
import { env } from "@/lib/env";

/**
 * What this node is called, for the tab's title and icon and for who is not signed in yet. The database
 * knows it better than the environment: a copy may have been given another label. Read per request.
 */
export const readNodeLabel = cache(async (): Promise<string | null> => {
  await connection();
  const told = env().NODE_LABEL ?? null;
  try {
    const node = await database().node.findUnique({ where: { id: 1 }, select: { label: true } });
    return node?.label ?? told;
  } catch {
    // The page itself says that the database does not answer.
    return told;
  }
});
