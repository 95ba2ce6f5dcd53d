import { randomUUID } from "node:crypto";
import type pg from "pg";
import type { Created, Ticket } from "@/lib/connectors/connector";
import type { Db } from "@/lib/db/database";
import type { Fence } from "@/lib/gate/gate";
import { type Claim, type TicketOptions, ticketFor } from "@/lib/sync/permit-store";

/** Two instances, a connection and `pairs` pairs, each with one queued entry. Nothing is ever called. */
export async function seedQueue(
  db: Db,
  { pairs = 1, concurrency = 4 } = {},
): Promise<{ connectionId: number; entryIds: number[]; pairIds: number[] }> {
  const instance = (name: string) =>
    db.instance.create({
      data: { kind: "jira-data-center", name, baseUrl: "http://127.0.0.1:9", secret: "sealed" },
    });
  const connection = await db.connection.create({
    data: {
      name: `connection ${randomUUID().slice(0, 8)}`,
      localInstanceId: (await instance(`local ${randomUUID()}`)).id,
      remoteInstanceId: (await instance(`remote ${randomUUID()}`)).id,
      localSettings: { project: "PROD", issueType: "Task" },
      remoteSettings: { project: "ACME", issueType: "Task" },
      mapping: {},
      webhookSecret: "sealed",
      concurrency,
    },
  });
  // Nobody runs who could put a sign of life there.
  await db.claim.updateMany({ data: { state: "no_place" } });
  const entryIds: number[] = [];
  const pairIds: number[] = [];
  for (let number = 1; number <= pairs; number++) {
    const pair = await db.pair.create({
      data: {
        connectionId: connection.id,
        localIssueId: String(10_000 + number),
        localKey: `PROD-${number}`,
        remoteIssueId: String(20_000 + number),
        remoteKey: `ACME-${number}`,
        localBase: {},
        remoteBase: {},
      },
    });
    await db.$queryRaw`select record_change(${connection.id}::int, 'local', ${String(10_000 + number)},
      'updated', 'poll', null, null, ${`seed ${number}`}, 0)`;
    const entry = await db.queueEntry.findUniqueOrThrow({ where: { pairId: pair.id } });
    entryIds.push(entry.id);
    pairIds.push(pair.id);
  }
  return { connectionId: connection.id, entryIds, pairIds };
}

/** A new life of the node's workers, as when nobody answered a starter: the gate is shut. */
export async function newLife(db: Db, incarnation: string = randomUUID()): Promise<Fence> {
  const seen = await db.gate.findUniqueOrThrow({ where: { id: 1 } });
  await db.$queryRaw`
    select begin_incarnation(${seen.incarnation}, ${seen.epoch}::int, ${incarnation}, 'A test began a life.')`;
  return { incarnation, epoch: seen.epoch + 1 };
}

/** A gate that is open in a new life, as after an administrator's activation. */
export async function activeGate(db: Db): Promise<Fence> {
  const { incarnation, epoch } = await newLife(db);
  await db.$queryRaw`select open_gate(${incarnation}, ${epoch}::int, 'ada', null, '{}')`;
  return { incarnation, epoch: epoch + 1 };
}

/** A worker's row, as the start protocol writes it. */
export async function seedWorker(db: Db, fence: Fence, id: string = randomUUID()): Promise<string> {
  await db.$executeRaw`insert into worker (id, incarnation, host, pid, started_at, seen_at)
    values (${id}::uuid, ${fence.incarnation}, 'test', 1, sync_now(), sync_now())`;
  return id;
}

/** A ticket for an update of the remote issue, as `apply` makes it. */
export function updateTicket(
  pool: pg.Pool,
  claim: Claim,
  effectOf: (created: Created) => ReturnType<TicketOptions["effectOf"]> = () => null,
): Ticket {
  return ticketFor(pool, {
    claim,
    side: "remote",
    kind: "update_issue",
    issueKey: "ACME-1",
    marker: null,
    intended: { fields: { summary: "new" } },
    before: { summary: "old" },
    effectOf,
  });
}

/** An answer of an instance that took a write. */
export const TAKEN = {
  outcome: "applied",
  status: 204,
  answer: null,
  durationMs: 5,
  created: {},
} as const;
