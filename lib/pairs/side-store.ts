import type { Dispatcher } from "undici";
import { openSides } from "@/lib/connections/connection-opener";
import type { Db } from "@/lib/db/database";
import { SyncError } from "@/lib/errors";
import type { SideNow, SidesNow } from "@/lib/pairs/pair";
import type { Side } from "@/lib/sync/plan-types";

/**
 * Both issues of a pair as their instances show them at this moment: two reads, nothing is kept. Null
 * when there is no such pair. A side that is held, or that asked for a pause, is not asked.
 */
export async function readSidesNow(
  db: Db,
  id: number,
  network: Dispatcher,
): Promise<SidesNow | null> {
  const pair = await db.pair.findUnique({
    where: { id },
    include: { connection: { include: { localInstance: true, remoteInstance: true } } },
  });
  if (!pair) return null;
  const { connection } = pair;
  const [clock] = await db.$queryRaw<[{ now: Date }]>`select sync_now() as now`;
  const read = async (side: Side): Promise<SideNow> => {
    const issueId = pair[`${side}IssueId`];
    if (issueId === null) return { kind: "none" };
    if (connection.heldSides.includes(side))
      return { kind: "unread", because: "this connection is held: nothing is read there" };
    const { name, pausedUntil } = connection[`${side}Instance`];
    if (pausedUntil && pausedUntil > clock.now)
      return { kind: "unread", because: `${name} asked for a pause: it is not asked now` };
    try {
      const reading = await openSides(connection, network, { writeTimeoutMs: 1 })[side].readIssue(
        issueId,
      );
      if (!reading)
        return {
          kind: "unread",
          because: "it was deleted or moved away, or our account may not see it",
        };
      const { fields, updatedAt, comments } = reading;
      return { kind: "read", fields, updatedAt, comments: comments.length };
    } catch (error) {
      if (error instanceof SyncError) return { kind: "unread", because: error.message };
      throw error;
    }
  };
  const [local, remote] = await Promise.all([read("local"), read("remote")]);
  return { local, remote, at: clock.now.toISOString() };
}
