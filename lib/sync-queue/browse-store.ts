import { connectorFor } from "@/lib/connectors/registry";
import type { DbOrTx } from "@/lib/db/database";
import { Prisma } from "@/lib/db/generated/client";
import { COUNT_CAP } from "@/lib/gate/status";
import type { Plan } from "@/lib/sync/plan-types";
import { type Position, readCursor, writeCursor } from "@/lib/sync-queue/cursor";
import type { EntryDetail } from "@/lib/sync-queue/detail";
import type {
  Direction,
  EntryState,
  PermitLine,
  QueueFilter,
  QueuePage,
  QueueRow,
} from "@/lib/sync-queue/row";

type Row = {
  id: number;
  localKey: string | null;
  remoteKey: string | null;
  summary: string;
  connectionId: number;
  connectionName: string;
  direction: Direction | null;
  words: string | null;
  changes: number;
  createdAt: Date;
  readyAt: Date;
  state: EntryState;
  failures: number;
  errorCode: string | null;
  errorMessage: string | null;
  heldBy: string | null;
  isInherited: boolean;
};

const COLUMNS = Prisma.sql`
  e.id, p.local_key as "localKey", p.remote_key as "remoteKey", p.summary,
  e.connection_id as "connectionId", c.name as "connectionName", e.direction, e.words, e.changes,
  e.created_at as "createdAt", e.ready_at as "readyAt", e.state, e.failures,
  e.error_code as "errorCode", e.error_message as "errorMessage", e.held_by as "heldBy",
  e.inherited_from is not null as "isInherited"`;
const TABLES = Prisma.sql`queue_entry e join pair p on p.id = e.pair_id join connection c on c.id = e.connection_id`;

/** How each sort orders: one column and the id, so that no two rows are equal. */
const SORTS = {
  oldest: { column: Prisma.sql`e.created_at`, cast: Prisma.sql`timestamptz`, ascending: true },
  newest: { column: Prisma.sql`e.created_at`, cast: Prisma.sql`timestamptz`, ascending: false },
  changes: { column: Prisma.sql`e.changes`, cast: Prisma.sql`int`, ascending: false },
} as const;

/**
 * One page of the queue, by key: a row comparison seeks in the index where an offset would count.
 * Throws `BadCursor` for a cursor of another filter.
 */
export async function listQueue(
  db: DbOrTx,
  filter: QueueFilter,
  cursor?: string,
  limit = 50,
): Promise<QueuePage> {
  const position = cursor === undefined ? null : readCursor(cursor, filter);
  const isBackward = position?.towards === "previous";
  const sort = SORTS[filter.sort];
  const isAscending = sort.ascending !== isBackward;
  const order = isAscending ? Prisma.sql`asc` : Prisma.sql`desc`;
  const where = conditions(filter);
  const beyond = position
    ? Prisma.sql`and (${sort.column}, e.id) ${isAscending ? Prisma.sql`>` : Prisma.sql`<`}
                 (${position.value}::${sort.cast}, ${position.id}::int)`
    : Prisma.empty;
  const [found, [counted]] = await Promise.all([
    db.$queryRaw<Row[]>`
      select ${COLUMNS} from ${TABLES} where ${where} ${beyond}
       order by ${sort.column} ${order}, e.id ${order} limit ${limit + 1}`,
    db.$queryRaw<{ total: number }[]>`
      select count(*)::int as total from (select from ${TABLES} where ${where} limit ${COUNT_CAP + 1}) c`,
  ]);
  const rows = found.slice(0, limit);
  if (isBackward) rows.reverse();
  const hasMore = found.length > limit;
  const at = (row: Row | undefined, towards: Position["towards"]) =>
    row ? writeCursor({ value: sortValue(row, filter), id: row.id, towards }, filter) : null;
  return {
    rows: rows.map(toRow),
    total: counted?.total ?? 0,
    nextCursor: isBackward || hasMore ? at(rows.at(-1), "next") : null,
    previousCursor: position && (!isBackward || hasMore) ? at(rows[0], "previous") : null,
  };
}

function sortValue(row: Row, filter: QueueFilter): string {
  return filter.sort === "changes" ? String(row.changes) : row.createdAt.toISOString();
}

/** What a filter means in SQL, over `e` (the entry) and `p` (its pair). */
export function conditions({
  connection,
  state,
  direction,
  inherited,
  q,
}: QueueFilter): Prisma.Sql {
  const parts = [Prisma.sql`true`];
  if (connection !== undefined) parts.push(Prisma.sql`e.connection_id = ${connection}`);
  if (state !== undefined) parts.push(Prisma.sql`e.state = ${state}`);
  if (direction !== undefined) parts.push(Prisma.sql`e.direction = ${direction}`);
  if (inherited !== undefined)
    parts.push(
      inherited ? Prisma.sql`e.inherited_from is not null` : Prisma.sql`e.inherited_from is null`,
    );
  if (q) {
    const part = `%${q.replace(/[\\%_]/g, "\\$&")}%`;
    parts.push(
      Prisma.sql`(p.local_key ilike ${part} or p.remote_key ilike ${part} or p.summary ilike ${part})`,
    );
  }
  return Prisma.join(parts, " and ");
}

function toRow(row: Row): QueueRow {
  const isFromRemote = row.direction === "to_local" && row.remoteKey !== null;
  const [issueKey, twinKey] = isFromRemote
    ? [row.remoteKey, row.localKey]
    : [row.localKey ?? row.remoteKey, row.localKey === null ? null : row.remoteKey];
  return {
    id: row.id,
    issueKey: issueKey ?? "",
    twinKey,
    summary: row.summary,
    connection: { id: row.connectionId, name: row.connectionName },
    direction: row.direction,
    words: row.words,
    changes: row.changes,
    createdAt: row.createdAt.toISOString(),
    readyAt: row.readyAt.toISOString(),
    state: row.state,
    failures: row.failures,
    error: row.errorCode ? { code: row.errorCode, message: row.errorMessage ?? "" } : null,
    heldBy: row.heldBy,
    isInherited: row.isInherited,
  };
}

const SHOWN = 50;

/** An entry with everything the console tells of it; null when it has left the queue. */
export async function readEntry(db: DbOrTx, id: number): Promise<EntryDetail | null> {
  const entry = await db.queueEntry.findUnique({
    where: { id },
    include: {
      pair: true,
      connection: { include: { localInstance: true, remoteInstance: true } },
    },
  });
  if (!entry) return null;
  const { pair, connection } = entry;
  const [changes, runs, permits] = await Promise.all([
    db.change.findMany({ where: { entryId: id }, orderBy: { id: "desc" }, take: SHOWN }),
    db.run.findMany({ where: { pairId: pair.id }, orderBy: { id: "desc" }, take: SHOWN }),
    db.permit.findMany({
      where: { pairId: pair.id },
      orderBy: [{ grantedAt: "desc" }, { id: "desc" }],
      take: SHOWN,
    }),
  ]);
  const side = (key: string | null, instance: { kind: string; name: string; baseUrl: string }) => ({
    key,
    url: key ? connectorFor(instance.kind).issueUrl(instance.baseUrl, key) : null,
    instance: instance.name,
  });
  return {
    row: toRow({
      ...entry,
      state: entry.state as EntryState,
      direction: entry.direction as Direction | null,
      localKey: pair.localKey,
      remoteKey: pair.remoteKey,
      summary: pair.summary,
      connectionName: connection.name,
      isInherited: entry.inheritedFrom !== null,
    }),
    pair: {
      id: pair.id,
      local: side(pair.localKey, connection.localInstance),
      remote: side(pair.remoteKey, connection.remoteInstance),
      inStepAt: pair.inStepAt?.toISOString() ?? null,
    },
    plan: entry.plan
      ? {
          plan: entry.plan as unknown as Plan,
          digest: entry.planDigest ?? "",
          plannedAt: (entry.plannedAt ?? entry.updatedAt).toISOString(),
          isStale: entry.plannedVersion !== entry.version,
        }
      : null,
    changes: changes.map((change) => ({
      id: String(change.id),
      side: change.side as "local" | "remote",
      kind: change.kind,
      via: change.via,
      actor: change.actor,
      at: (change.happenedAt ?? change.at).toISOString(),
    })),
    moreChanges: Math.max(0, entry.changes - changes.length),
    runs: runs.map((run) => ({
      id: run.id,
      endedAt: run.endedAt.toISOString(),
      outcome: run.outcome,
      writes: run.writes,
      words: run.words,
      errorCode: run.errorCode,
    })),
    permits: permits.map(toPermitLine),
    heldReason: entry.heldReason,
    nextTryAt: entry.state === "retrying" ? entry.readyAt.toISOString() : null,
  };
}

/** A permit as people and programs see it: what was written where, when, and what came back. */
export function toPermitLine(permit: Prisma.PermitModel): PermitLine {
  return {
    id: permit.id,
    fence: { incarnation: permit.incarnation, epoch: permit.epoch },
    pairId: permit.pairId,
    connectionId: permit.connectionId,
    side: permit.side as "local" | "remote",
    kind: permit.kind,
    method: permit.method,
    issueKey: permit.issueKey,
    sentAt: permit.grantedAt.toISOString(),
    answeredAt: permit.answeredAt?.toISOString() ?? null,
    outcome: permit.outcome,
    status: permit.status,
    durationMs: permit.durationMs,
  };
}
