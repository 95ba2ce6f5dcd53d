import "server-only";
import { connection } from "next/server";
import { cache } from "react";
import { database } from "@/lib/db/database";
import { env } from "@/lib/env";
import type { EnvironmentColour } from "@/lib/settings/environment";

export type NodeLabel = {
  label: string | null;
  colour: EnvironmentColour | null;
  /** Nobody has decided yet whether this is the node of that name or a copy of it. */
  isInDoubt: boolean;
};

/**
 * What this node is called, for the tab's title and icon and for who is not signed in yet. The database
 * knows it better than the environment: a copy may have been given another label. Read per request.
 */
export const readNodeLabel = cache(async (): Promise<NodeLabel> => {
  await connection();
  const told = env().NODE_LABEL ?? null;
  try {
    const [row] = await database().$queryRaw<[NodeLabel?]>`
      select label, case when colour_of = identity then colour end as colour, decision_is_due() as "isInDoubt" from node where id = 1`;
    return {
      label: row?.label ?? told,
      colour: row?.colour ?? null,
      isInDoubt: row?.isInDoubt ?? false,
    };
  } catch {
    // The page itself says that the database does not answer.
    return { label: told, colour: null, isInDoubt: false };
  }
});
