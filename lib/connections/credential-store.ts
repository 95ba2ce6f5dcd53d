import { randomBytes } from "node:crypto";
import { isSealedWith, nodeKey, seal } from "@/lib/access/seal";
import { addressKey } from "@/lib/access/webhook-secret";
import { recordAudit } from "@/lib/audit/audit-store";
import { secretContext } from "@/lib/connections/connection-opener";
import { webhookContext } from "@/lib/connections/connection-store";
import { SetupError } from "@/lib/connections/setup-error";
import type { Db, DbOrTx } from "@/lib/db/database";

/** What this node's key does not open: sealed by another node's, which is what a copied database looks like. */
export type Unreadable = {
  instances: { id: number; name: string }[];
  /** Connections whose webhooks cannot be checked; polling finds their changes. */
  webhooks: { id: number; name: string }[];
};

/** Of instances that a connection uses: nobody has to enter the token of one that it was pointed away from. */
export async function readUnreadable(db: DbOrTx): Promise<Unreadable> {
  const key = nodeKey();
  const [instances, connections] = await Promise.all([
    db.instance.findMany({
      select: { id: true, name: true, secret: true },
      where: { OR: [{ localConnections: { some: {} } }, { remoteConnections: { some: {} } }] },
      orderBy: { id: "asc" },
    }),
    db.connection.findMany({
      select: { id: true, name: true, webhookSecret: true },
      orderBy: { id: "asc" },
    }),
  ]);
  return {
    instances: instances
      .filter(({ secret }) => !isSealedWith(key, secret))
      .map(({ id, name }) => ({ id, name })),
    webhooks: connections
      .filter(({ webhookSecret }) => !isSealedWith(key, webhookSecret))
      .map(({ id, name }) => ({ id, name })),
  };
}

/** Instances of connections that stopped because one of their two access tokens was rejected; which one, the error says. */
export function readRejected(db: DbOrTx): Promise<{ id: number; name: string }[]> {
  const stopped = { some: { errorCode: "credentials_rejected" } };
  return db.instance.findMany({
    select: { id: true, name: true },
    where: { OR: [{ localConnections: stopped }, { remoteConnections: stopped }] },
    orderBy: { id: "asc" },
  });
}

/** Keeps another access token for an instance, and lets what stopped for want of one go on. */
export async function renewToken(
  db: Db,
  { instanceId, token, by }: { instanceId: number; token: string; by: string },
): Promise<void> {
  await db.$transaction(async (tx) => {
    const instance = await tx.instance.findUnique({ where: { id: instanceId } });
    if (!instance) throw new SetupError("not_found", "there is no such instance");
    await tx.instance.update({
      where: { id: instanceId },
      data: { secret: seal(nodeKey(), token, secretContext(instance.name)) },
    });
    await tx.connection.updateMany({
      where: {
        errorCode: { in: ["credentials_unreadable", "credentials_rejected"] },
        OR: [{ localInstanceId: instanceId }, { remoteInstanceId: instanceId }],
      },
      data: { errorCode: null, errorMessage: null, errorAt: null, errorCount: 0, retryAt: null },
    });
    await tx.claim.updateMany({ where: { instanceId }, data: { trouble: null, lentUntil: null } });
    await tx.$executeRaw`update claim set due_at = sync_now() where instance_id = ${instanceId}::int`;
    await tx.$executeRaw`select pg_notify('sync_changed', ''), pg_notify('sync_wake', '')`;
    await recordAudit(tx, { actor: by, action: "instance.token_renewed", subject: instance.name });
  });
}

/**
 * A new secret for a connection's webhooks, and the key of addresses that is made from it, shown this once.
 * The instances have to be told.
 */
export async function renewWebhookSecret(
  db: Db,
  { connectionId, by }: { connectionId: number; by: string },
): Promise<{ webhookSecret: string; webhookKey: string }> {
  const webhookSecret = randomBytes(24).toString("base64url");
  await db.$transaction(async (tx) => {
    const connection = await tx.connection.findUnique({ where: { id: connectionId } });
    if (!connection) throw new SetupError("not_found", "there is no such connection");
    await tx.connection.update({
      where: { id: connectionId },
      data: { webhookSecret: seal(nodeKey(), webhookSecret, webhookContext(connection.name)) },
    });
    // What came in under the one before says nothing of this one.
    await tx.webhook.updateMany({
      where: { connectionId },
      data: { heardAt: null, doubtedAt: null, doubt: null },
    });
    await recordAudit(tx, {
      actor: by,
      action: "connection.webhook_secret_renewed",
      subject: connection.name,
    });
  });
  return { webhookSecret, webhookKey: addressKey(webhookSecret) };
}
