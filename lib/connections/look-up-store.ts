import type { Dispatcher } from "undici";
import { openSides } from "@/lib/connections/connection-opener";
import type { LookedUp } from "@/lib/connections/setup";
import { SetupError } from "@/lib/connections/setup-error";
import { inWords } from "@/lib/connections/setup-store";
import type { Db } from "@/lib/db/database";
import type { Side } from "@/lib/sync/plan-types";
import type { FirstMeeting } from "@/lib/sync/policies";

/** Nothing is written; a write that were tried would fail at once. */
const READ_ONLY = { writeTimeoutMs: 1 };

/**
 * One issue of a side by its key, and the pair of this connection that it is in: for a person who is about to
 * link it. Only reads. Throws `SetupError` when it is not there for our account, or in the instance's words.
 */
export async function lookUpIssue(
  db: Db,
  network: Dispatcher,
  { id, side, key }: { id: number; side: Side; key: string },
): Promise<LookedUp> {
  const connection = await db.connection.findUnique({
    where: { id },
    include: { localInstance: true, remoteInstance: true },
  });
  if (!connection) throw new SetupError("not_found", "there is no such connection");
  if (connection.heldSides.length > 0)
    throw new SetupError("conflict", `${connection.name} is held: nothing of it is read`);
  const issue = await inWords(() => openSides(connection, network, READ_ONLY)[side].readIssue(key));
  if (!issue)
    throw new SetupError(
      "invalid",
      `there is no issue ${key} at ${connection[`${side}Instance`].name} that we may see`,
    );
  const pair = await db.pair.findFirst({
    where: { connectionId: id, [`${side}IssueId`]: issue.id },
  });
  const { summary } = issue.fields;
  const other = side === "local" ? "remote" : "local";
  return {
    key: issue.key,
    url: issue.url,
    summary: typeof summary === "string" ? summary : "",
    firstMeeting: connection.firstMeeting as FirstMeeting,
    pair: pair && {
      id: pair.id,
      twin: pair[`${other}Key`],
      isStopped: pair.stoppedAt !== null,
    },
  };
}
