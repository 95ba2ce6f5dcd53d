import type { Dispatcher } from "undici";
import { recordAudit } from "@/lib/audit/audit-store";
import { openSides } from "@/lib/connections/connection-opener";
import type { Existing } from "@/lib/connections/setup";
import { SetupError } from "@/lib/connections/setup-error";
import { inWords } from "@/lib/connections/setup-store";
import { wishExisting } from "@/lib/connections/watermark-store";
import type { Db, DbOrTx } from "@/lib/db/database";
import type { Side } from "@/lib/sync/plan-types";

/** The newest issues that are looked up among the pairs: one page of a search. */
const MOST_LOOKED_AT = 100;
const MOST_EXAMPLES = 3;
/** Nothing is written; a write that were tried would fail at once. */
const READ_ONLY = { writeTimeoutMs: 1 };

type OfSide = { id: number; side: Side };

/**
 * How many issues a side's trigger names now, how many of the newest are in a pair already, and examples of
 * those that are in none. Only reads.
 * Throws `SetupError` in the instance's words, or when the side has no trigger.
 */
export async function countExisting(
  db: Db,
  network: Dispatcher,
  { id, side }: OfSide,
): Promise<Existing> {
  const connection = await usable(db, id, side);
  const { total, issues } = await inWords(() =>
    openSides(connection, network, READ_ONLY)[side].triggered(MOST_LOOKED_AT),
  );
  const pairs = await db.pair.findMany({
    where: { connectionId: id, [`${side}IssueId`]: { in: issues.map((issue) => issue.id) } },
    select: { localIssueId: true, remoteIssueId: true },
  });
  const known = new Set(pairs.map((pair) => pair[`${side}IssueId`]));
  const examples = issues
    .filter((issue) => !known.has(issue.id))
    .slice(0, MOST_EXAMPLES)
    .map(({ key, summary }) => ({ key, summary }));
  return { total, lookedAt: issues.length, known: known.size, examples };
}

/**
 * Has the next poll of a side bring everything under sync that its trigger names, whatever its age. Works
 * while the gate is closed: it reads and queues. Asked again before it is done, it changes nothing.
 * Throws `SetupError` when there is no such connection or trigger, or when the connection is held.
 */
export async function bringInExisting(
  db: Db,
  { id, side, by, reason }: OfSide & { by: string; reason?: string | undefined },
): Promise<void> {
  await db.$transaction(async (tx) => {
    const connection = await usable(tx, id, side);
    if (!(await wishExisting(tx, id, side, by))) return;
    await tx.$executeRaw`select pg_notify('sync_wake', ''), pg_notify('sync_changed', '')`;
    await recordAudit(tx, {
      actor: by,
      action: "connection.existing_brought_in",
      subject: connection.name,
      detail: { id, side, instance: connection[`${side}Instance`].name },
      reason,
    });
  });
}

async function usable(db: DbOrTx, id: number, side: Side) {
  const connection = await db.connection.findUnique({
    where: { id },
    include: { localInstance: true, remoteInstance: true },
  });
  if (!connection) throw new SetupError("not_found", "there is no such connection");
  if (connection.heldSides.length > 0)
    throw new SetupError(
      "conflict",
      `${connection.name} is held: release it or point it elsewhere`,
    );
  if (!(connection[`${side}Settings`] as { trigger?: string }).trigger)
    throw new SetupError(
      "invalid",
      `no search brings issues of ${connection[`${side}Instance`].name} in: agree on one first`,
    );
  return connection;
}
