import { recordAudit } from "@/lib/audit/audit-store";
import { SetupError } from "@/lib/connections/setup-error";
import type { Db, DbOrTx } from "@/lib/db/database";
import type { FirstMeeting, Mapping, Policy } from "@/lib/sync/mapping-schema";
import type { Side } from "@/lib/sync/plan-types";

// What people change about a connection that exists.

type By = { id: number; by: string; reason?: string | undefined };

/** Halts one connection: nothing more is sent for it, until a moment or until somebody resumes it. */
export async function pauseConnection(
  db: Db,
  { id, by, reason, forMinutes }: By & { forMinutes?: number | undefined },
): Promise<void> {
  await db.$transaction(async (tx) => {
    const { name } = await connectionOf(tx, id);
    await tx.$executeRaw`
      update connection
         set paused_at = sync_now(), paused_by = ${by}, paused_reason = ${reason ?? null},
             paused_until = sync_now() + ${forMinutes ?? null}::int * interval '1 minute'
       where id = ${id}::int`;
    await recordChange(tx, by, "connection.paused", name, { minutes: forMinutes ?? null }, reason);
  });
}

/** Lets a paused connection go on. */
export async function resumeConnection(db: Db, { id, by, reason }: By): Promise<void> {
  await db.$transaction(async (tx) => {
    const { name, pausedAt } = await connectionOf(tx, id);
    if (!pausedAt) throw new SetupError("conflict", `${name} is not paused`);
    await tx.connection.update({
      where: { id },
      data: { pausedAt: null, pausedBy: null, pausedReason: null, pausedUntil: null },
    });
    await recordChange(tx, by, "connection.resumed", name, {}, reason);
  });
}

export type ConnectionChanges = {
  mapping: Mapping;
  policy: Policy;
  firstMeeting: FirstMeeting;
  concurrency: number;
  triggers: Record<Side, string | null>;
};

/** Changes what was agreed. Everything that waits is planned anew by it. */
export async function changeConnection(
  db: Db,
  { id, by, reason, ...changes }: By & ConnectionChanges,
): Promise<void> {
  await db.$transaction(async (tx) => {
    const before = await connectionOf(tx, id);
    const settings = (side: Side) => {
      const { trigger: _before, ...kept } = before[`${side}Settings`] as { trigger?: string };
      const trigger = changes.triggers[side];
      return { ...kept, ...(trigger ? { trigger } : {}) };
    };
    await tx.connection.update({
      where: { id },
      data: {
        mapping: changes.mapping,
        policy: changes.policy,
        firstMeeting: changes.firstMeeting,
        concurrency: changes.concurrency,
        localSettings: settings("local"),
        remoteSettings: settings("remote"),
      },
    });
    await tx.queueEntry.updateMany({ where: { connectionId: id }, data: { plannedVersion: null } });
    await recordChange(
      tx,
      by,
      "connection.changed",
      before.name,
      { policy: changes.policy },
      reason,
    );
  });
}

/**
 * Ends a connection: its pairs, their queue and what is known of them. Issues stay as they are at both
 * sides; linked again they meet as if for the first time. Refused while a write of it may still land.
 */
export async function deleteConnection(
  db: Db,
  { id, by, reason, typedName }: By & { typedName: string },
): Promise<void> {
  await db.$transaction(
    async (tx) => {
      // Who opens and who asks for permits waits: no write may begin for what is being taken away.
      await tx.$executeRaw`select pg_advisory_xact_lock(2, 0)`;
      const { name } = await connectionOf(tx, id);
      if (typedName.trim() !== name)
        throw new SetupError("invalid", `type the connection's name, ${name}, to delete it`);
      const open = await tx.permit.count({ where: { connectionId: id, outcome: "open" } });
      if (open > 0)
        throw new SetupError(
          "conflict",
          "a write is on the wire: pause the connection, wait a moment, then delete it",
        );
      const pairs = await tx.pair.count({ where: { connectionId: id } });
      await tx.connection.delete({ where: { id } });
      await recordChange(tx, by, "connection.deleted", name, { id, pairs }, reason);
    },
    { timeout: 60_000 },
  );
}

async function connectionOf(tx: DbOrTx, id: number) {
  const connection = await tx.connection.findUnique({ where: { id } });
  if (!connection) throw new SetupError("not_found", "there is no such connection");
  return connection;
}

async function recordChange(
  tx: DbOrTx,
  by: string,
  action: string,
  subject: string,
  detail: Record<string, string | number | null>,
  reason: string | undefined,
): Promise<void> {
  await tx.$executeRaw`select pg_notify('sync_changed', ''), pg_notify('sync_wake', '')`;
  await recordAudit(tx, { actor: by, action, subject, reason, detail });
}
