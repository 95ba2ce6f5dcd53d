import type pg from "pg";
import type { Dispatcher } from "undici";
import { nodeKey, SealError, unseal } from "@/lib/access/seal";
import { markOf, withKey, withoutSecrets } from "@/lib/access/webhook-secret";
import { type ConnectionWithInstances, openSides } from "@/lib/connections/connection-opener";
import { webhookContext } from "@/lib/connections/connection-store";
import {
  type Due,
  type ListedWebhook,
  type Ours,
  type Standing,
  toFound,
  webhookAddress,
  whatIsDue,
  whoseIs,
} from "@/lib/connections/webhook-rules";
import {
  endWish,
  failWish,
  giveWebhookBack,
  keepLook,
  keepTrouble,
  type LentWebhook,
  lendWebhooks,
} from "@/lib/connections/webhook-work-store";
import type { Sent } from "@/lib/connectors/connector";
import type { WebhookRegistrar } from "@/lib/connectors/webhook-registrar";
import type { Db } from "@/lib/db/database";
import { notifySoon } from "@/lib/db/notify";
import type { Env } from "@/lib/env";
import { SYNC_ERRORS, SyncError } from "@/lib/errors";
import type { Fence } from "@/lib/gate/gate";
import { log } from "@/lib/log";
import { webhookTicketFor } from "@/lib/sync/permit-store";
import type { PaceOf } from "@/lib/worker/pace";

/** Sides looked at at once. */
const AT_ONCE = 4;
const MINUTE_MS = 60_000;
/** Registrations change by people's hands, and seldom. */
const LOOK_AGAIN_MS = 30 * MINUTE_MS;
/** Our account may not see them: it is told so once in a while, not all day. */
const NOT_FOR_US_MS = 12 * 60 * MINUTE_MS;
const TROUBLE_AGAIN_MS = 10 * MINUTE_MS;
const TRY_AGAIN_MS = 30_000;
/** The gate or the sign of life is not ready: it may be in a moment. */
const NOT_NOW_MS = 1_000;
/** Longer than two looks and a write may take. */
const LEASE_MS = 3 * MINUTE_MS;

export type WebhooksInput = {
  db: Db;
  pool: pg.Pool;
  network: Dispatcher;
  env: Pick<Env, "WRITE_TIMEOUT_MS" | "CONSOLE_URL">;
  workerId: string;
  /** As it was read just now: a permit is given under it or not at all. */
  fence: Fence;
  paceOf?: PaceOf | undefined;
};

/**
 * One round over the webhooks that are due: looks at what is registered, and carries out what people want
 * while the gate is open. Each write has its permit. Never rejects for what an instance does.
 */
export async function keepWebhooks(input: WebhooksInput): Promise<void> {
  const lent = await lendWebhooks(input.pool, AT_ONCE, LEASE_MS);
  await Promise.all(lent.map((webhook) => keepOne(input, webhook)));
  if (lent.length > 0) notifySoon(input.pool, "sync_changed");
}

async function keepOne(input: WebhooksInput, lent: LentWebhook): Promise<void> {
  const { db, pool } = input;
  const connection = await db.connection.findUnique({
    where: { id: lent.connectionId },
    include: { localInstance: true, remoteInstance: true },
  });
  if (!connection) return;
  let work: Work | null = null;
  try {
    work = await open(input, lent, connection);
    if (!work) return await giveWebhookBack(pool, lent, NOT_FOR_US_MS);
    const before = await lookAt(work);
    const after =
      lent.wish && lent.waitsFor === null ? await carryOut(input, work, lent.wish, before) : before;
    const found = after.map(toFound);
    const isAwaited = lent.isAwaited || lent.wish === "register";
    const nextMs = isAwaited ? MINUTE_MS : LOOK_AGAIN_MS;
    await keepLook(pool, lent, { found, signs: work.signs }, nextMs);
  } catch (cause) {
    if (!(cause instanceof SyncError)) throw cause;
    const error = work ? cleaned(cause, work) : cause;
    log.warn("webhooks could not be looked at", {
      connection: connection.id,
      error: error.message,
    });
    if (lent.wish) await fail(pool, lent, error);
    const isNotForUs = error.code === "field_rejected";
    await keepTrouble(pool, lent, error, isNotForUs ? NOT_FOR_US_MS : TROUBLE_AGAIN_MS);
  }
}

type Work = {
  lent: LentWebhook;
  ours: Ours;
  webhooks: WebhookRegistrar;
  signs: boolean;
  secret: string;
  secretMark: string;
};

/** Null where the instance's kind has no webhooks. */
async function open(
  { db, network, env, paceOf }: WebhooksInput,
  lent: LentWebhook,
  connection: ConnectionWithInstances,
): Promise<Work | null> {
  const { side } = lent;
  const sides = openSides(connection, network, { writeTimeoutMs: env.WRITE_TIMEOUT_MS, paceOf });
  const { webhooks } = sides[side];
  if (!webhooks) return null;
  const node = await db.node.findUniqueOrThrow({ where: { id: 1 } });
  return {
    lent,
    webhooks,
    signs: await webhooks.signs(),
    secret: openWebhookSecret(connection),
    secretMark: markOf(connection.webhookSecret),
    ours: {
      connectionId: connection.id,
      connectionName: connection.name,
      side,
      address: lent.address ?? webhookAddress(env.CONSOLE_URL, connection.id, side),
      identity: node.identity,
      copyOf: node.copyOf,
    },
  };
}

function openWebhookSecret({ name, webhookSecret }: ConnectionWithInstances): string {
  try {
    return unseal(nodeKey(), webhookSecret, webhookContext(name));
  } catch (cause) {
    if (!(cause instanceof SealError)) throw cause;
    throw new SyncError(
      "credentials_unreadable",
      `the secret of this connection's webhooks cannot be opened: ${cause.message}`,
      { cause },
    );
  }
}

async function lookAt(work: Work): Promise<Standing[]> {
  const standings: Standing[] = [];
  for (const listed of await work.webhooks.list()) {
    const whose = whoseIs(listed, work.ours);
    if (!whose) continue;
    const lacks = await work.webhooks.lacks(listed);
    standings.push({
      listed,
      whose,
      lacks: lacks ?? (provesItself(work, listed) ? null : "secret"),
    });
  }
  return standings;
}

/** What it signs with nobody is told: it is known only of one that we registered ourselves. */
function provesItself(
  { lent, ours, signs, secret, secretMark }: Work,
  listed: ListedWebhook,
): boolean {
  if (signs) return lent.secretMark === secretMark;
  return URL.canParse(listed.url) && new URL(listed.url).href === withKey(ours.address, secret);
}

/** Writes what is due, and reads back what is there now. */
async function carryOut(
  input: WebhooksInput,
  work: Work,
  wish: NonNullable<LentWebhook["wish"]>,
  before: Standing[],
): Promise<Standing[]> {
  const { pool } = input;
  const { lent } = work;
  for (const due of whatIsDue(wish, work.ours, before, work)) {
    const sent = await send(input, work, due, before);
    if (sent.kind === "applied") continue;
    if (sent.kind === "refused") await failWish(pool, lent, null, NOT_NOW_MS);
    else await fail(pool, lent, cleaned(sent.error, work));
    return before;
  }
  await endWish(pool, lent, work.secretMark);
  return lookAt({ ...work, lent: { ...lent, secretMark: work.secretMark } });
}

function send(
  { pool, workerId, fence }: WebhooksInput,
  { lent, ours, webhooks, secret }: Work,
  due: Due,
  before: Standing[],
): Promise<Sent> {
  const there = "id" in due ? before.find(({ listed }) => listed.id === due.id) : undefined;
  const ticket = webhookTicketFor(pool, {
    workerId,
    fence,
    connectionId: lent.connectionId,
    side: lent.side,
    lentUntil: lent.until,
    intended:
      due.kind === "remove" ? null : { webhook: { name: due.wanted.name, address: ours.address } },
    before: there ? { webhook: toFound(there) } : null,
    clean: (text) => withoutSecrets(text, secret),
  });
  if (due.kind === "create") return webhooks.create(ticket, due.wanted);
  if (due.kind === "update") return webhooks.update(ticket, due.id, due.wanted);
  return webhooks.remove(ticket, due.id);
}

/** An instance may repeat what it was sent. */
function cleaned({ code, message, retryAfterMs }: SyncError, { secret }: Work): SyncError {
  return new SyncError(
    code,
    withoutSecrets(message, secret),
    retryAfterMs === undefined ? {} : { retryAfterMs },
  );
}

/** What time mends is tried again; what a person has to mend waits until the person asks again. */
async function fail(pool: pg.Pool, lent: LentWebhook, error: SyncError): Promise<void> {
  const isMendedByTime = SYNC_ERRORS[error.code].retry === "backoff";
  await failWish(pool, lent, error, isMendedByTime ? (error.retryAfterMs ?? TRY_AGAIN_MS) : null);
}
