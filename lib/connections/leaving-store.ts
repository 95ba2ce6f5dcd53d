import type { Dispatcher } from "undici";
import { openSides } from "@/lib/connections/connection-opener";
import type { Leaving } from "@/lib/connections/setup";
import { SetupError } from "@/lib/connections/setup-error";
import { inWords } from "@/lib/connections/setup-store";
import type { Db } from "@/lib/db/database";
import type { Side } from "@/lib/sync/plan-types";

/** Newer pairs are looked at first; each hundred is one call. */
const MOST_LOOKED_AT = 1_000;
const AT_A_TIME = 100;
const EXAMPLES = 5;
/** Nothing is written; a write that were tried would fail at once. */
const READ_ONLY = { writeTimeoutMs: 1 };

/**
 * Which pairs of a connection a search of one side would not name. They stay under sync whatever the search says;
 * this is for a person to know before it is changed. Only reads. Throws `SetupError` in the instance's words.
 */
export async function findLeaving(
  db: Db,
  network: Dispatcher,
  { id, side, trigger }: { id: number; side: Side; trigger: string },
): Promise<Leaving> {
  const connection = await db.connection.findUnique({
    where: { id },
    include: { localInstance: true, remoteInstance: true },
  });
  if (!connection) throw new SetupError("not_found", "there is no such connection");
  const settings = { ...(connection[`${side}Settings`] as object), trigger };
  const pairs = await db.pair.findMany({
    where: { connectionId: id, stoppedAt: null, [`${side}IssueId`]: { not: null } },
    orderBy: { id: "desc" },
    take: MOST_LOOKED_AT,
  });
  return inWords(async () => {
    const open = openSides({ ...connection, [`${side}Settings`]: settings }, network, READ_ONLY);
    const left: string[] = [];
    let lookedAt = 0;
    for (let at = 0; at < pairs.length; at += AT_A_TIME) {
      const some = pairs.slice(at, at + AT_A_TIME);
      const ids = some.flatMap((pair) => pair[`${side}IssueId`] ?? []);
      const named = await open[side].listed(ids, "trigger");
      if (!named) break;
      lookedAt += some.length;
      for (const pair of some)
        if (!named.has(pair[`${side}IssueId`] ?? "")) left.push(pair[`${side}Key`] ?? "");
    }
    return { lookedAt, leaving: left.length, examples: left.slice(0, EXAMPLES) };
  });
}
