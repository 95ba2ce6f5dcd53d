import { nodeKey, seal } from "@/lib/access/seal";
import { recordAudit } from "@/lib/audit/audit-store";
import { secretContext } from "@/lib/connections/connection-opener";
import type { InstanceInput } from "@/lib/connections/schema";
import { SetupError } from "@/lib/connections/setup-error";
import { connectorFor } from "@/lib/connectors/registry";
import type { Db, DbOrTx } from "@/lib/db/database";
import type { Instance } from "@/lib/db/generated/client";
import { toParts } from "@/lib/identity/address";
import type { Side } from "@/lib/sync/plan-types";

/** Lets a held connection be used as it is, once somebody has typed its name. */
export async function releaseConnection(
  db: Db,
  { id, typedName, by }: { id: number; typedName: string; by: string },
): Promise<void> {
  await db.$transaction(async (tx) => {
    const connection = await held(tx, id);
    if (typedName.trim() !== connection.name)
      throw new SetupError(
        "invalid",
        `type the connection's name, ${connection.name}, to release it`,
      );
    await tx.connection.update({ where: { id }, data: { heldSides: [], heldAt: null } });
    // What somebody wished of the node that this one was copied from was not wished of this one.
    await tx.watermark.updateMany({
      where: { connectionId: id },
      data: { existingWishedAt: null, existingWishedBy: null, existingFrom: null },
    });
    await recordHeld(tx, by, "connection.released", connection.name, {
      sides: connection.heldSides,
    });
  });
}

export type Repointing = {
  id: number;
  side: Side;
  instance: Pick<InstanceInput, "name" | "baseUrl" | "token">;
  project: string;
  by: string;
};

/**
 * Points one side of a connection at another instance. Each pair is unverified there until its marker is
 * found; detection of that side begins anew. The hold ends for this side; the gate must be inactive.
 */
export async function repointSide(db: Db, input: Repointing): Promise<void> {
  const { id, side, instance, project, by } = input;
  await db.$transaction(async (tx) => {
    await tx.$executeRaw`select pg_advisory_xact_lock(2, 0)`;
    const gate = await tx.gate.findUniqueOrThrow({ where: { id: 1 } });
    if (gate.state !== "inactive")
      throw new SetupError(
        "conflict",
        "deactivate first: a connection is re-pointed while nothing is sent",
      );
    const connection = await tx.connection.findUnique({
      where: { id },
      include: { localInstance: true, remoteInstance: true },
    });
    if (!connection) throw new SetupError("not_found", "there is no such connection");
    const before = connection[`${side}Instance`];
    const target = await instanceFor(tx, before, instance);
    const settings = { ...(connection[`${side}Settings`] as object), project };
    const other = side === "local" ? "remote" : "local";
    const otherProject = (connection[`${other}Settings`] as { project?: unknown }).project;
    if (connection[`${other}InstanceId`] === target && otherProject === project)
      throw new SetupError("invalid", "both sides would be the same project of the same instance");
    const parsed = connectorFor(before.kind).settings.safeParse(settings);
    if (!parsed.success) throw new SetupError("invalid", `"${project}" cannot be a project there`);
    const stillHeld = connection.heldSides.filter((each) => each !== side);
    await tx.connection.update({
      where: { id },
      data: {
        [`${side}InstanceId`]: target,
        [`${side}Settings`]: parsed.data as object,
        mailsRefused: {},
        heldSides: stillHeld,
        heldAt: stillHeld.length > 0 ? connection.heldAt : null,
        errorCode: null,
        errorMessage: null,
        errorAt: null,
        errorCount: 0,
        retryAt: null,
      },
    });
    await tx.pair.updateMany({
      where: { connectionId: id },
      data: { [`${side}Unverified`]: true },
    });
    await tx.queueEntry.updateMany({ where: { connectionId: id }, data: { plannedVersion: null } });
    await tx.$executeRaw`
      update watermark set at = sync_now(), polled_at = null, wanted_at = null, claimed_until = null,
             existing_wished_at = null, existing_wished_by = null, existing_from = null
       where connection_id = ${id}::int and side = ${side}`;
    await recordHeld(tx, by, "connection.repointed", connection.name, {
      side,
      from: toParts(before.baseUrl),
      to: toParts(instance.baseUrl),
      project,
    });
  });
}

/** An instance that we know under this name and address gets the new token; a new name makes a new one. */
async function instanceFor(
  tx: DbOrTx,
  { kind, settings }: Pick<Instance, "kind" | "settings">,
  { name, baseUrl, token }: Repointing["instance"],
): Promise<number> {
  const known = await tx.instance.findUnique({ where: { name } });
  if (known && known.baseUrl !== baseUrl)
    throw new SetupError(
      "conflict",
      `there is an instance "${name}" with another address: give this one another name`,
    );
  const secret = seal(nodeKey(), token, secretContext(name));
  if (known) {
    await tx.instance.update({ where: { id: known.id }, data: { secret } });
    return known.id;
  }
  return (
    await tx.instance.create({ data: { kind, name, baseUrl, secret, settings: settings ?? {} } })
  ).id;
}

async function held(tx: DbOrTx, id: number) {
  const connection = await tx.connection.findUnique({ where: { id } });
  if (!connection) throw new SetupError("not_found", "there is no such connection");
  if (connection.heldSides.length === 0)
    throw new SetupError("conflict", "this connection is not held");
  return connection;
}

async function recordHeld(
  tx: DbOrTx,
  by: string,
  action: string,
  subject: string,
  detail: { [key: string]: string | string[] },
): Promise<void> {
  await tx.$executeRaw`select pg_notify('sync_changed', ''), pg_notify('sync_wake', '')`;
  await recordAudit(tx, { actor: by, action, subject, detail });
}
