import { connectorFor } from "@/lib/connectors/registry";
import type { DbOrTx } from "@/lib/db/database";
import { type Instance, Prisma } from "@/lib/db/generated/client";
import { COUNT_CAP } from "@/lib/gate/status";
import {
  type PairDetail,
  type PairFilter,
  type PairPage,
  type PairRow,
  type PairSide,
  type Standing,
  standingOf,
} from "@/lib/pairs/pair";
import { readPairCursor, writePairCursor } from "@/lib/pairs/pair-cursor";
import { pairSearch } from "@/lib/pairs/search-words";
import { fieldTitle } from "@/lib/sync/field-names";
import { mappingSchema } from "@/lib/sync/mapping-schema";
import type { Plan, Side } from "@/lib/sync/plan-types";
import type { Fields } from "@/lib/sync/replica";
import type { EntryState } from "@/lib/sync-queue/row";

type Row = {
  id: number;
  localKey: string | null;
  remoteKey: string | null;
  summary: string;
  connectionId: number;
  connectionName: string;
  stoppedAt: Date | null;
  differsAt: Date | null;
  inStepAt: Date | null;
  entryId: number | null;
  entryState: EntryState | null;
  words: string | null;
  errorCode: string | null;
  errorMessage: string | null;
};

const COLUMNS = Prisma.sql`
  p.id, p.local_key as "localKey", p.remote_key as "remoteKey", p.summary,
  p.connection_id as "connectionId", c.name as "connectionName", p.stopped_at as "stoppedAt",
  p.differs_at as "differsAt", p.in_step_at as "inStepAt", e.id as "entryId", e.state as "entryState",
  e.words, e.error_code as "errorCode", e.error_message as "errorMessage"`;
const TABLES = Prisma.sql`
  pair p join connection c on c.id = p.connection_id left join queue_entry e on e.pair_id = p.id`;

/** Not by the left join: a planner thinks that hardly any row is without an entry, and sorts all of them. */
const NO_ENTRY = Prisma.sql`not exists (select from queue_entry n where n.pair_id = p.id)`;

/** What each standing means in SQL, the same as `standingOf`. */
const STANDING_CONDITIONS: Record<Standing, Prisma.Sql> = {
  in_step: Prisma.sql`p.stopped_at is null and p.differs_at is null and ${NO_ENTRY}`,
  waiting: Prisma.sql`p.stopped_at is null and e.state in ('queued', 'running', 'retrying')`,
  held: Prisma.sql`p.stopped_at is null and e.state = 'held'`,
  failed: Prisma.sql`p.stopped_at is null and e.state = 'failed'`,
  different: Prisma.sql`p.stopped_at is null and p.differs_at is not null and ${NO_ENTRY}`,
  stopped: Prisma.sql`p.stopped_at is not null`,
};

/**
 * One page of pairs, newest first, by key: what is asked for is found in an index, however many pairs
 * there are. Throws `BadCursor` for a cursor of another filter.
 */
export async function listPairs(
  db: DbOrTx,
  filter: PairFilter,
  cursor?: string,
  limit = 50,
): Promise<PairPage> {
  const position = cursor === undefined ? null : readPairCursor(cursor, filter);
  const isBackward = position?.towards === "previous";
  const where = conditions(filter);
  const beyond = position
    ? Prisma.sql`and p.id ${isBackward ? Prisma.sql`>` : Prisma.sql`<`} ${position.id}::int`
    : Prisma.empty;
  const [found, [counted]] = await Promise.all([
    db.$queryRaw<Row[]>`
      select ${COLUMNS} from ${TABLES} where ${where} ${beyond}
       order by p.id ${isBackward ? Prisma.sql`asc` : Prisma.sql`desc`} limit ${limit + 1}`,
    db.$queryRaw<{ total: number }[]>`
      select count(*)::int as total from (
        select from pair p left join queue_entry e on e.pair_id = p.id where ${where} limit ${COUNT_CAP + 1}) x`,
  ]);
  const rows = found.slice(0, limit);
  if (isBackward) rows.reverse();
  const hasMore = found.length > limit;
  const at = (row: Row | undefined, towards: "next" | "previous") =>
    row ? writePairCursor({ id: row.id, towards }, filter) : null;
  return {
    rows: rows.map(toRow),
    total: counted?.total ?? 0,
    nextCursor: isBackward || hasMore ? at(rows.at(-1), "next") : null,
    previousCursor: position && (!isBackward || hasMore) ? at(rows[0], "previous") : null,
  };
}

function conditions({ connection, standing, q }: PairFilter): Prisma.Sql {
  const parts = [Prisma.sql`true`];
  if (connection !== undefined) parts.push(Prisma.sql`p.connection_id = ${connection}::int`);
  if (standing !== undefined) parts.push(STANDING_CONDITIONS[standing]);
  if (q) {
    const { keyPattern, wordQuery } = pairSearch(q);
    const places = [
      Prisma.sql`select s.id from pair s where upper(s.local_key) like ${keyPattern}`,
      Prisma.sql`select s.id from pair s where upper(s.remote_key) like ${keyPattern}`,
    ];
    if (wordQuery !== null)
      places.push(
        Prisma.sql`select s.id from pair s
                    where to_tsvector('simple', s.summary) @@ to_tsquery('simple', ${wordQuery})`,
      );
    // One index each: for conditions joined by "or" a planner may read every summary instead.
    parts.push(Prisma.sql`p.id in (${Prisma.join(places, " union all ")})`);
  }
  return Prisma.join(parts, " and ");
}

function toRow(row: Row): PairRow {
  return {
    id: row.id,
    localKey: row.localKey,
    remoteKey: row.remoteKey,
    summary: row.summary,
    connection: { id: row.connectionId, name: row.connectionName },
    standing: standingOf({
      stoppedAt: row.stoppedAt?.toISOString() ?? null,
      differsAt: row.differsAt?.toISOString() ?? null,
      entryState: row.entryState,
    }),
    entryId: row.entryId,
    words: row.errorMessage ?? row.words,
    errorCode: row.errorCode,
    inStepAt: row.inStepAt?.toISOString() ?? null,
  };
}

/** One pair with what explains how it stands; null when there is none. */
export async function readPairDetail(db: DbOrTx, id: number): Promise<PairDetail | null> {
  const pair = await db.pair.findUnique({
    where: { id },
    include: {
      entry: true,
      choices: { orderBy: { field: "asc" } },
      gone: { orderBy: { side: "asc" } },
      connection: { include: { localInstance: true, remoteInstance: true } },
    },
  });
  if (!pair) return null;
  const { entry, connection } = pair;
  const side = (name: Side): PairSide => ({
    issueId: pair[`${name}IssueId`],
    key: pair[`${name}Key`],
    url: issueUrl(connection[`${name}Instance`], pair[`${name}Key`]),
    instance: connection[`${name}Instance`].name,
    project: projectOf(connection[`${name}Settings`]),
    base: pair[`${name}Base`] as Fields | null,
    seenAt: pair[`${name}SeenAt`]?.toISOString() ?? null,
    isUnverified: pair[`${name}Unverified`],
    isHeld: connection.heldSides.includes(name),
  });
  return {
    row: toRow({
      ...pair,
      connectionName: connection.name,
      entryId: entry?.id ?? null,
      entryState: (entry?.state as EntryState | undefined) ?? null,
      words: entry?.words ?? null,
      errorCode: entry?.errorCode ?? null,
      errorMessage: entry?.errorMessage ?? null,
    }),
    local: side("local"),
    remote: side("remote"),
    createdAt: pair.createdAt.toISOString(),
    fields: mappedFields(connection.mapping),
    entry: entry && {
      id: entry.id,
      state: entry.state as EntryState,
      changes: entry.changes,
      createdAt: entry.createdAt.toISOString(),
      readyAt: entry.readyAt.toISOString(),
      heldBy: entry.heldBy,
      heldReason: entry.heldReason,
      error: entry.errorCode ? { code: entry.errorCode, message: entry.errorMessage ?? "" } : null,
      plan: entry.plan as Plan | null,
      isStale: entry.plannedVersion !== entry.version,
    },
    stopped: pair.stoppedAt && {
      at: pair.stoppedAt.toISOString(),
      by: pair.stoppedBy ?? "",
      reason: pair.stoppedReason,
    },
    differsAt: pair.differsAt?.toISOString() ?? null,
    gone: pair.gone.map((issue) => ({
      side: issue.side as Side,
      noticedAt: issue.noticedAt.toISOString(),
      deletedAt: issue.deletedAt?.toISOString() ?? null,
      how: issue.how as PairDetail["gone"][number]["how"],
    })),
    connectionError: connection.errorCode
      ? {
          code: connection.errorCode,
          message: connection.errorMessage ?? "",
          retryAt: connection.retryAt?.toISOString() ?? null,
        }
      : null,
    choices: pair.choices.map(({ field, side: chosen, digest, by, at, reason }) => ({
      field,
      side: chosen as Side,
      digest,
      by,
      at: at.toISOString(),
      reason,
    })),
  };
}

function mappedFields(raw: unknown): PairDetail["fields"] {
  const mapping = mappingSchema.safeParse(raw);
  const rows = mapping.success ? mapping.data.fields : [];
  return rows
    .filter(({ direction }) => direction !== "none")
    .map((row) => ({
      local: row.local,
      remote: row.remote,
      name: fieldTitle(row.local, row.name),
    }));
}

/** Where a person opens an issue; null while there is none. */
function issueUrl({ kind, baseUrl }: Instance, key: string | null): string | null {
  return key === null ? null : connectorFor(kind).issueUrl(baseUrl, key);
}

function projectOf(settings: unknown): string | null {
  const hasProject = typeof settings === "object" && settings !== null && "project" in settings;
  return hasProject ? String(settings.project) : null;
}
