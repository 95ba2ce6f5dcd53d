import { randomBytes } from "node:crypto";
import type { Dispatcher } from "undici";
import { nodeKey, seal, unseal } from "@/lib/access/seal";
import { addressKey } from "@/lib/access/webhook-secret";
import { recordAudit } from "@/lib/audit/audit-store";
import {
  type ConnectionWithInstances,
  openSides,
  secretContext,
} from "@/lib/connections/connection-opener";
import { clearConnectionError } from "@/lib/connections/error-store";
import { linkIssues } from "@/lib/connections/pair-link-store";
import type { ConnectionInput, InstanceInput, PairInput } from "@/lib/connections/schema";
import { SetupError } from "@/lib/connections/setup-error";
import { wishExisting } from "@/lib/connections/watermark-store";
import { connectorFor } from "@/lib/connectors/registry";
import { actAs } from "@/lib/db/acting";
import type { Db, DbOrTx } from "@/lib/db/database";
import { fromParts } from "@/lib/identity/address";
import { type Confirmed, confirmedSchema } from "@/lib/identity/instance-identity";

const SIDES = ["local", "remote"] as const;

/**
 * Keeps an instance, its token sealed with the key outside the database. `confirmed`: what it says of itself,
 * as a person has seen it; without that it is asked before it is written to for the first time.
 */
export async function createInstance(
  db: Db,
  input: InstanceInput,
  by: string,
  confirmed: Confirmed | null = null,
): Promise<{ id: number }> {
  const { textFormat } = input;
  if (textFormat) refuseTextFormat(input.kind, textFormat);
  return db.$transaction(async (tx) => {
    if (await tx.instance.findUnique({ where: { name: input.name } }))
      throw new SetupError("conflict", `there is an instance "${input.name}" already`);
    const { id } = await tx.instance.create({
      data: {
        kind: input.kind,
        name: input.name,
        baseUrl: input.baseUrl,
        ...(textFormat ? { settings: { textFormat } } : {}),
        secret: seal(nodeKey(), input.token, secretContext(input.name)),
        ...(confirmed ? { confirmed } : {}),
      },
    });
    await recordAudit(tx, {
      actor: by,
      action: "instance.created",
      subject: input.name,
      detail: {
        id,
        kind: input.kind,
        baseUrl: input.baseUrl,
        ...(textFormat ? { textFormat } : {}),
      },
    });
    return { id };
  });
}

/** Throws `SetupError` for a markup that the texts of such an instance cannot have. */
export function refuseTextFormat(kind: string, textFormat: "textile" | "markdown"): void {
  const { displayName, textFormats } = connectorFor(kind);
  if (textFormats?.includes(textFormat)) return;
  throw new SetupError(
    "invalid",
    `the texts of ${displayName} have one markup: there is none to choose`,
  );
}

/**
 * Keeps a connection. Detection starts with this moment: issues that exist already come under sync
 * when they change, when they are linked, or, with `bringInExisting`, at the next poll. The webhook secret is shown this once.
 */
export async function createConnection(
  db: Db,
  input: ConnectionInput,
  by: string,
): Promise<{ id: number; webhookSecret: string; webhookKey: string }> {
  const webhookSecret = randomBytes(24).toString("base64url");
  return db.$transaction(async (tx) => {
    if (await tx.connection.findUnique({ where: { name: input.name } }))
      throw new SetupError("conflict", `there is a connection "${input.name}" already`);
    const local = await findInstance(tx, input.local.instance);
    const remote = await findInstance(tx, input.remote.instance);
    if (local.id === remote.id && input.local.project === input.remote.project)
      throw new SetupError("invalid", "both sides are the same project of the same instance");
    const { instance: _local, ...localSettings } = input.local;
    const { instance: _remote, ...remoteSettings } = input.remote;
    const { id } = await tx.connection.create({
      data: {
        name: input.name,
        localInstanceId: local.id,
        remoteInstanceId: remote.id,
        localSettings: connectorFor(local.kind).settings.parse(localSettings) as object,
        remoteSettings: connectorFor(remote.kind).settings.parse(remoteSettings) as object,
        mapping: input.mapping,
        policy: input.policy,
        firstMeeting: input.firstMeeting,
        concurrency: input.concurrency,
        webhookSecret: seal(nodeKey(), webhookSecret, webhookContext(input.name)),
      },
    });
    await tx.$executeRaw`
      insert into watermark (connection_id, side, at)
      select ${id}::int, side, sync_now() from unnest(array['local', 'remote']) side`;
    const wished = SIDES.filter((side) => input.bringInExisting && input[side].trigger);
    for (const side of wished) await wishExisting(tx, id, side, by);
    await recordAudit(tx, {
      actor: by,
      action: "connection.created",
      subject: input.name,
      detail: {
        id,
        local: local.name,
        remote: remote.name,
        ...(wished.length > 0 ? { existing: `brought in at ${wished.join(" and ")}` } : {}),
      },
    });
    return { id, webhookSecret, webhookKey: addressKey(webhookSecret) };
  });
}

async function findInstance(tx: DbOrTx, reference: number | string) {
  const where = typeof reference === "number" ? { id: reference } : { name: reference };
  const found = await tx.instance.findUnique({ where });
  if (!found) throw new SetupError("invalid", `there is no instance "${reference}"`);
  return found;
}

/** What the secret of a connection's webhooks is sealed for; see `seal`. */
export function webhookContext(connectionName: string): string {
  return `connection:${connectionName}:webhook`;
}

/** The secret that webhooks of a connection are signed with, and how to read them; null when there is no such connection. */
export async function readWebhookSettings(db: Db, connectionId: number, side: "local" | "remote") {
  const connection = await db.connection.findUnique({
    where: { id: connectionId },
    include: { localInstance: true, remoteInstance: true },
  });
  if (!connection) return null;
  const instance = side === "local" ? connection.localInstance : connection.remoteInstance;
  const confirmed = confirmedSchema.safeParse(instance.confirmed);
  return {
    secret: unseal(nodeKey(), connection.webhookSecret, webhookContext(connection.name)),
    connector: connectorFor(instance.kind),
    /** What the instance calls itself, as it was confirmed; null before that. */
    reported: confirmed.success ? fromParts(confirmed.data.reported) : null,
  };
}

async function findConnection(
  db: Db,
  reference: number | string,
): Promise<ConnectionWithInstances | null> {
  return db.connection.findUnique({
    where: typeof reference === "number" ? { id: reference } : { name: reference },
    include: { localInstance: true, remoteInstance: true },
  });
}

/**
 * Brings two issues that exist already under sync. They are read and compared by the worker; what
 * differs is treated by the connection's policy for a first meeting. Linking the same two again changes nothing.
 */
export async function linkPair(
  db: Db,
  input: PairInput,
  by: string,
  network: Dispatcher,
): Promise<{ pairId: number }> {
  const connection = await findConnection(db, input.connection);
  if (!connection) throw new SetupError("invalid", `there is no connection "${input.connection}"`);
  const sides = openSides(connection, network, { writeTimeoutMs: 1 });
  const [local, remote] = await Promise.all([
    sides.local.readIssue(input.localKey),
    sides.remote.readIssue(input.remoteKey),
  ]);
  if (!local)
    throw new SetupError(
      "invalid",
      `${connection.localInstance.name} has no issue ${input.localKey} that we may see`,
    );
  if (!remote)
    throw new SetupError(
      "invalid",
      `${connection.remoteInstance.name} has no issue ${input.remoteKey} that we may see`,
    );

  return db.$transaction(async (tx) => {
    const { pairId, isNew } = await linkIssues(tx, connection.id, { local, remote }, by);
    if (isNew) {
      await recordAudit(tx, {
        actor: by,
        action: "pair.linked",
        subject: `${local.key} and ${remote.key}`,
        detail: { pair: pairId, connection: connection.id },
      });
      await tx.$executeRaw`select pg_notify('sync_wake', ''), pg_notify('sync_changed', '')`;
    }
    return { pairId };
  });
}

/** Lets a stopped connection be tried again now. `false`: there is no such connection, or it had not stopped. */
export async function retryConnection(db: Db, id: number, by: string): Promise<boolean> {
  return db.$transaction(async (tx) => {
    await actAs(tx, by, "retried");
    if (!(await clearConnectionError(tx, id))) return false;
    // What could not be planned or polled meanwhile is done at once.
    await tx.queueEntry.updateMany({ where: { connectionId: id }, data: { planningUntil: null } });
    await tx.$executeRaw`
      update watermark set wanted_at = sync_now(), claimed_until = null where connection_id = ${id}::int`;
    await tx.$executeRaw`select pg_notify('sync_wake', ''), pg_notify('sync_changed', '')`;
    // After the rows: who audits holds up everybody else who does, and must not wait for them.
    await recordAudit(tx, { actor: by, action: "connection.retried", subject: `connection ${id}` });
    return true;
  });
}
