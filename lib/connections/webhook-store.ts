import { z } from "zod";
import { markOf } from "@/lib/access/webhook-secret";
import { recordAudit } from "@/lib/audit/audit-store";
import { SetupError } from "@/lib/connections/setup-error";
import type { WebhookSide, WebhooksPage, WishWaitsFor } from "@/lib/connections/webhook-page";
import {
  type FoundWebhook,
  foundWebhook,
  type Want,
  type Wish,
  webhookAddress,
} from "@/lib/connections/webhook-rules";
import { connectorFor } from "@/lib/connectors/registry";
import type { Db } from "@/lib/db/database";
import type { Webhook } from "@/lib/db/generated/client";
import type { Side } from "@/lib/sync/plan-types";

const SIDES = ["local", "remote"] as const;
const listOfFound = z.array(foundWebhook);

const WAITS_FOR: Record<string, WishWaitsFor> = {
  inactive: "activation",
  closing: "activation",
  out_of_scope: "scope",
  connection_paused: "resumption",
  connection_held: "release",
  another_instance: "confirmation",
  not_ours_there: "sign_of_life",
};

/** What is known of a connection's webhooks at both instances; null when there is no such connection. */
export async function readWebhooks(
  db: Db,
  id: number,
  consoleUrl: string,
): Promise<WebhooksPage | null> {
  const connection = await db.connection.findUnique({
    where: { id },
    include: { localInstance: true, remoteInstance: true, webhooks: true },
  });
  if (!connection) return null;
  const { identity } = await db.node.findUniqueOrThrow({ where: { id: 1 } });
  const waiting = await db.$queryRaw<{ side: string; waits: string | null }[]>`
    select side, webhook_waits_for(w) as waits from webhook w where connection_id = ${id}::int`;
  const mark = markOf(connection.webhookSecret);
  return {
    connectionId: id,
    name: connection.name,
    sides: SIDES.map((side) => {
      const { name, kind, baseUrl } = connection[`${side}Instance`];
      const row = connection.webhooks.find((each) => each.side === side);
      const isOurs = row?.identity === identity;
      const address = webhookAddress(consoleUrl, id, side);
      return {
        side,
        instance: name,
        instanceUrl: baseUrl,
        hasWebhooks: connectorFor(kind).can.webhooks,
        address,
        ...(row ? known(row, { isOurs, mark, address }) : UNKNOWN),
        wish: row && isOurs ? wishOf(row, waiting.find((each) => each.side === side)?.waits) : null,
      };
    }),
  };
}

type Known = Omit<
  WebhookSide,
  "side" | "instance" | "instanceUrl" | "hasWebhooks" | "address" | "wish"
>;
const UNKNOWN: Known = {
  signs: null,
  found: null,
  lookedAt: null,
  trouble: null,
  registeredAt: null,
  failure: null,
  heardAt: null,
  doubted: null,
};

type Now = { isOurs: boolean; mark: string; address: string };

/** In a copy what the original knew of its own registration says nothing of this node's. */
function known(row: Webhook, { isOurs, mark, address }: Now): Known {
  const isSecretOld = row.secretMark !== null && row.secretMark !== mark;
  const asOfNow = (each: FoundWebhook): FoundWebhook => {
    if (each.whose !== "ours") return each;
    if (each.address !== address)
      return { ...each, whose: isOurs || row.identity === null ? "elsewhere" : "original" };
    return each.lacks === null && isSecretOld ? { ...each, lacks: "secret" } : each;
  };
  return {
    signs: row.signs,
    found: listOfFound.nullable().parse(row.found)?.map(asOfNow) ?? null,
    lookedAt: iso(row.lookedAt),
    trouble: row.troubleCode ? { code: row.troubleCode, message: row.trouble ?? "" } : null,
    registeredAt: isOurs ? iso(row.registeredAt) : null,
    failure:
      isOurs && row.failureCode && row.failureAt
        ? { code: row.failureCode, message: row.failure ?? "", at: row.failureAt.toISOString() }
        : null,
    heardAt: iso(row.heardAt),
    doubted: row.doubtedAt ? { at: row.doubtedAt.toISOString(), because: row.doubt ?? "" } : null,
  };
}

function wishOf(row: Webhook, waits: string | null | undefined): WebhookSide["wish"] {
  if (!row.wish || !row.wishedAt) return null;
  return {
    want: row.wish as Wish,
    at: row.wishedAt.toISOString(),
    by: row.wishedBy ?? "",
    waitsFor: waits ? (WAITS_FOR[waits] ?? "worker") : "worker",
  };
}

export type Wanting = {
  id: number;
  side: Side;
  want: Want;
  consoleUrl: string;
  by: string;
  reason?: string | undefined;
};

/**
 * Notes what a person wants of the webhook at an instance. Nothing is sent from here: a worker carries it
 * out while the gate is open. Throws `SetupError` where there are no webhooks.
 */
export async function wantWebhook(db: Db, input: Wanting): Promise<void> {
  const { id, side, want, by, reason } = input;
  await db.$transaction(async (tx) => {
    const connection = await tx.connection.findUnique({
      where: { id },
      include: { localInstance: true, remoteInstance: true },
    });
    if (!connection) throw new SetupError("not_found", "there is no such connection");
    const { kind, name } = connection[`${side}Instance`];
    if (!connectorFor(kind).can.webhooks)
      throw new SetupError(
        "conflict",
        `${name} has no webhooks: it is asked every few seconds instead`,
      );
    const wish = want === "as_it_is" ? null : want;
    const address = webhookAddress(input.consoleUrl, id, side);
    // What another identity knew, of which this database is a copy, ends with this node's own wish.
    await tx.$executeRaw`
      update webhook w
         set wish = ${wish}, wished_at = sync_now(), wished_by = ${by}, try_at = null,
             address = case when ${wish}::text is null then w.address else ${address} end,
             failure_code = null, failure = null, failure_at = null,
             secret_mark = case when w.identity = n.identity then w.secret_mark end,
             registered_at = case when w.identity = n.identity then w.registered_at end,
             identity = n.identity, due_at = sync_now()
        from node n where connection_id = ${id}::int and side = ${side}`;
    await tx.$executeRaw`select pg_notify('sync_changed', ''), pg_notify('sync_wake', '')`;
    await recordAudit(tx, {
      actor: by,
      action: `connection.webhook_${want === "as_it_is" ? "left" : want}`,
      subject: connection.name,
      reason,
      detail: { side, instance: name, ...(wish ? { address } : {}) },
    });
  });
}

function iso(at: Date | null): string | null {
  return at?.toISOString() ?? null;
}
