import { isDeepStrictEqual } from "node:util";
import { recordAudit } from "@/lib/audit/audit-store";
import { SetupError } from "@/lib/connections/setup-error";
import { actAs } from "@/lib/db/acting";
import type { Db, DbOrTx } from "@/lib/db/database";
import type { Connection } from "@/lib/db/generated/client";
import { type Mapping, mappingSchema } from "@/lib/sync/mapping-schema";
import type { Side } from "@/lib/sync/plan-types";
import type { FirstMeeting, Policy } from "@/lib/sync/policies";

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
  /** Whether an instance is asked to send no mails for our updates; left out, it stays as it is. */
  quiet?: Record<Side, boolean> | undefined;
  /** The version of the agreement that was shown; left out, whatever it is now is replaced. */
  agreedVersion?: number | undefined;
};

/**
 * Changes what was agreed. What waits is planned anew when the change can alter a plan, and what waited for a
 * person's decision asks again by the new terms. Throws `SetupError` when somebody else changed it meanwhile.
 */
export async function changeConnection(
  db: Db,
  { id, by, reason, ...changes }: By & ConnectionChanges,
): Promise<void> {
  await db.$transaction(async (tx) => {
    await tx.$executeRaw`select from connection where id = ${id}::int for update`;
    const before = await connectionOf(tx, id);
    if (changes.agreedVersion !== undefined && changes.agreedVersion !== before.agreedVersion)
      throw new SetupError(
        "conflict",
        `${before.name} was changed by somebody else meanwhile: look at it again, then change it`,
      );
    const settings = (side: Side) => {
      const { trigger: _trigger, quiet: wasQuiet, ...kept } = settingsOf(before, side);
      const trigger = changes.triggers[side];
      const quiet = changes.quiet?.[side] ?? wasQuiet;
      return { ...kept, ...(trigger ? { trigger } : {}), ...(quiet ? { quiet } : {}) };
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
        // Whoever refused to update without mails is asked again.
        mailsRefused: {},
        agreedVersion: { increment: 1 },
      },
    });
    const changed = differences(before, changes);
    if ("policy" in changed || "firstMeeting" in changed || "mapping" in changed)
      await planAnew(tx, id, by);
    await recordChange(tx, by, "connection.changed", before.name, changed, reason);
  });
}

/** What a change alters, as the audit keeps it: from what to what. */
function differences(
  before: Connection,
  { mapping, policy, firstMeeting, concurrency, triggers, quiet }: ConnectionChanges,
): Record<string, string> {
  const quietAt = (side: Side) => quiet?.[side] ?? settingsOf(before, side).quiet;
  const mailWord = (isQuiet = false) => (isQuiet ? "none asked for" : "as usual");
  const words: Record<string, [string | number | null, string | number | null]> = {
    policy: [before.policy, policy],
    firstMeeting: [before.firstMeeting, firstMeeting],
    concurrency: [before.concurrency, concurrency],
    localTrigger: [settingsOf(before, "local").trigger ?? null, triggers.local || null],
    remoteTrigger: [settingsOf(before, "remote").trigger ?? null, triggers.remote || null],
    localMails: [mailWord(settingsOf(before, "local").quiet), mailWord(quietAt("local"))],
    remoteMails: [mailWord(settingsOf(before, "remote").quiet), mailWord(quietAt("remote"))],
  };
  const old = mappingSchema.parse(before.mapping);
  return {
    ...Object.fromEntries(
      Object.entries(words)
        .filter(([, [from, to]]) => from !== to)
        .map(([what, [from, to]]) => [what, `${from ?? "none"} → ${to ?? "none"}`]),
    ),
    ...(isDeepStrictEqual(old, mappingSchema.parse(mapping))
      ? {}
      : { mapping: `${old.fields.length} → ${mapping.fields.length} fields` }),
  };
}

/** A plan by terms that no longer hold must not be sent, and a conflict by them is none any more. */
export async function planAnew(tx: DbOrTx, id: number, by: string): Promise<void> {
  await tx.queueEntry.updateMany({
    where: { connectionId: id },
    data: { plannedVersion: null, planningUntil: null },
  });
  await actAs(tx, by, "decided");
  await tx.$executeRaw`
    update queue_entry
       set state = 'queued', failures = 0, error_code = null, error_message = null,
           ready_at = sync_now(), updated_at = sync_now()
     where connection_id = ${id}::int and state = 'failed' and error_code = 'conflict'`;
}

function settingsOf(connection: Connection, side: Side): { trigger?: string; quiet?: boolean } {
  return connection[`${side}Settings`] as { trigger?: string; quiet?: boolean };
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
