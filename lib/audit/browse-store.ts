import type {
  AuditChoices,
  AuditFilter,
  AuditLine,
  AuditPage,
  AuditPlace,
  SealedLine,
} from "@/lib/audit/record";
import type { DbOrTx } from "@/lib/db/database";
import { Prisma } from "@/lib/db/generated/client";
import { COUNT_CAP } from "@/lib/gate/status";

type Row = Omit<SealedLine, "at" | "seq"> & { at: Date; seq: bigint | null };

const COLUMNS = Prisma.sql`
  a.id, a.seq, a.at, a.actor, a.action, a.subject, a.reason, a.detail, a.prev, a.key_id as "keyId", a.hash`;

/** One page of the audit, newest first, by key. */
export async function listAuditLines(
  db: DbOrTx,
  filter: AuditFilter,
  { before, after }: AuditPlace = {},
  limit = 50,
): Promise<AuditPage> {
  const where = await conditions(db, filter);
  const isBackward = after !== undefined && before === undefined;
  const beyond = isBackward
    ? Prisma.sql`and a.id > ${after}::int`
    : before === undefined
      ? Prisma.empty
      : Prisma.sql`and a.id < ${before}::int`;
  const order = isBackward ? Prisma.sql`asc` : Prisma.sql`desc`;
  const [found, [counted]] = await Promise.all([
    db.$queryRaw<Row[]>`
      select ${COLUMNS} from audit a where ${where} ${beyond} order by a.id ${order} limit ${limit + 1}`,
    db.$queryRaw<[{ total: number; now: Date }]>`
      select count(*)::int as total, sync_now() as now
        from (select from audit a where ${where} limit ${COUNT_CAP + 1}) c`,
  ]);
  const rows = found.slice(0, limit);
  if (isBackward) rows.reverse();
  const hasMore = found.length > limit;
  return {
    rows: rows.map(toLine),
    total: counted.total,
    older: isBackward || hasMore ? (rows.at(-1)?.id ?? null) : null,
    newer: (isBackward ? hasMore : before !== undefined) ? (rows[0]?.id ?? null) : null,
    now: counted.now.toISOString(),
  };
}

/** Every record of a filter with its seal, newest first, a thousand at a time. Later ones are left out. */
export async function* eachAuditLine(
  db: DbOrTx,
  filter: AuditFilter,
  size = 1_000,
): AsyncGenerator<SealedLine[]> {
  const where = await conditions(db, filter);
  let beyond = Prisma.empty;
  for (;;) {
    const rows = await db.$queryRaw<Row[]>`
      select ${COLUMNS} from audit a where ${where} ${beyond} order by a.id desc limit ${size}`;
    if (rows.length > 0) yield rows.map(toSealed);
    const last = rows.at(-1);
    if (!last || rows.length < size) return;
    beyond = Prisma.sql`and a.id < ${last.id}::int`;
  }
}

/** Every actor and every action there is; skips from one to the next in the index, whatever their number. */
export async function readAuditChoices(db: DbOrTx): Promise<AuditChoices> {
  const [actors, actions] = await Promise.all([
    db.$queryRaw<{ word: string }[]>`
      with recursive w(word) as (
        (select actor from audit order by actor limit 1)
        union all
        select (select actor from audit where actor > w.word order by actor limit 1) from w where w.word is not null
      ) select word from w where word is not null limit 500`,
    db.$queryRaw<{ word: string }[]>`
      with recursive w(word) as (
        (select action from audit order by action limit 1)
        union all
        select (select action from audit where action > w.word order by action limit 1) from w where w.word is not null
      ) select word from w where word is not null limit 500`,
  ]);
  return { actors: actors.map(({ word }) => word), actions: actions.map(({ word }) => word) };
}

/**
 * What a filter means in SQL, over `a`. Moments become ids first: records are numbered as time goes, so one
 * order serves every filter.
 */
async function conditions(
  db: DbOrTx,
  { actor, action, q, from, to }: AuditFilter,
): Promise<Prisma.Sql> {
  const parts = [Prisma.sql`true`];
  if (actor !== undefined) parts.push(Prisma.sql`a.actor = ${actor}`);
  if (action !== undefined)
    parts.push(
      action.includes(".")
        ? Prisma.sql`a.action = ${action}`
        : Prisma.sql`a.action like ${`${literally(action)}.%`}`,
    );
  if (q !== undefined) {
    const part = `%${literally(q)}%`;
    // As the index "audit_words" has it; the separator is in nobody's search.
    parts.push(
      Prisma.sql`(coalesce(a.subject, '') || e'\x1f' || coalesce(a.reason, '')) ilike ${part}`,
    );
  }
  if (from !== undefined) parts.push(Prisma.sql`a.id >= ${await firstSince(db, from)}::int`);
  if (to !== undefined) parts.push(Prisma.sql`a.id < ${await firstSince(db, to)}::int`);
  return Prisma.join(parts, " and ");
}

const BEYOND_ALL = 2_147_483_647;

async function firstSince(db: DbOrTx, moment: string): Promise<number> {
  const first = await db.audit.findFirst({
    where: { at: { gte: new Date(moment) } },
    orderBy: [{ at: "asc" }, { id: "asc" }],
    select: { id: true },
  });
  return first?.id ?? BEYOND_ALL;
}

function literally(text: string): string {
  return text.replace(/[\\%_]/g, "\\$&");
}

function toSealed({ at, seq, ...row }: Row): SealedLine {
  return { ...row, at: at.toISOString(), seq: seq === null ? null : Number(seq) };
}

function toLine(row: Row): AuditLine {
  const { prev, keyId, hash, ...line } = toSealed(row);
  return line;
}
