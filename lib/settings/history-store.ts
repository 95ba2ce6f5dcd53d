import type pg from "pg";
import { recordAudit } from "@/lib/audit/audit-store";
import type { Db } from "@/lib/db/database";
import {
  HISTORY_KINDS,
  type HistoryKind,
  type HistoryLine,
  type Period,
  type Removal,
  type RowCount,
} from "@/lib/settings/history";
import { CUTS, type Cut } from "@/lib/settings/history-cuts";
import type { PeriodsInput } from "@/lib/settings/history-input";

/** Counted one by one up to here; looking costs the same however long the history is. */
const COUNTED = 10_000;
/** So many of the oldest rows are looked at for what a period would remove. */
const LOOKED_AT = 20_000;

/** Each kind with its period, how much of it there is and since when. Cost stays flat as history grows. */
export async function readHistory(db: Db): Promise<HistoryLine[]> {
  const rows = await db.historyPeriod.findMany();
  return Promise.all(
    HISTORY_KINDS.map(async (kind) => {
      const row = rows.find((each) => each.kind === kind);
      if (!row) throw new Error(`the database holds no period for ${kind}: run the migrations`);
      return {
        kind,
        days: row.days,
        count: await countRows(db, CUTS[kind]),
        oldestAt: await oldest(db, CUTS[kind]),
        removed: Number(row.removed),
        removedAt: row.removedAt?.toISOString() ?? null,
      };
    }),
  );
}

async function countRows(db: Db, cut: Cut): Promise<RowCount> {
  const [{ rows }] = await db.$queryRawUnsafe<[{ rows: number }]>(
    `select count(*)::int as rows from (select from ${cut.table} t where ${cut.belongs} limit ${COUNTED + 1}) c`,
  );
  if (rows <= COUNTED) return { rows, isEstimate: false };
  const [{ estimate }] = await db.$queryRawUnsafe<[{ estimate: number }]>(
    `select sum(case relname when '${cut.partial ?? cut.table}' then 1 else -1 end * greatest(reltuples, 0))::float8 as estimate
       from pg_class where oid = any ('{${estimated(cut).join(",")}}'::regclass[])`,
  );
  return { rows: Math.max(Math.round(estimate), COUNTED + 1), isEstimate: true };
}

/** What the database's estimate is made of: the rows of a table less those that are another kind's. */
function estimated(cut: Cut): string[] {
  if (cut.partial) return [cut.partial];
  const others = Object.values(CUTS).filter(
    ({ table, partial }) => table === cut.table && partial !== undefined,
  );
  return [cut.table, ...others.flatMap(({ partial }) => partial ?? [])];
}

async function oldest(db: Db, { table, at, id, belongs }: Cut): Promise<string | null> {
  const [row] = await db.$queryRawUnsafe<[{ at: Date }?]>(
    `select ${at} as at from ${table} t where ${belongs} order by ${at}, t.${id} limit 1`,
  );
  return row?.at.toISOString() ?? null;
}

/** What a period of `days` would remove just now, counted among the oldest rows only. */
export async function previewRemoval(
  db: Db,
  { kind, days }: { kind: HistoryKind; days: Period },
): Promise<Removal | null> {
  if (days === null) return null;
  const { table, at, id, belongs, mayGo } = CUTS[kind];
  const [found] = await db.$queryRawUnsafe<[{ rows: number; looked: number; before: Date }]>(
    `with clock as materialized (select sync_now() - $1::int * interval '1 day' as horizon),
     old as (
       select t.* from ${table} t, clock where ${belongs} and ${at} < horizon
        order by ${at}, t.${id} limit ${LOOKED_AT})
     select (select count(*)::int from old t, clock where ${mayGo}) as rows,
            (select count(*)::int from old) as looked, horizon as before from clock`,
    days,
  );
  return {
    kind,
    before: found.before.toISOString(),
    rows: found.rows,
    isMore: found.looked === LOOKED_AT,
  };
}

/** Keeps history for other periods from now on; what is left out stays. Workers begin to cut within a minute. */
export async function changePeriods(
  db: Db,
  { periods, by }: { periods: PeriodsInput; by: string },
): Promise<void> {
  await db.$transaction(async (tx) => {
    const before = await tx.$queryRaw<{ kind: HistoryKind; days: Period }[]>`
      select kind, days from history_period order by kind for update`;
    const changed = before.flatMap(({ kind, days }) => {
      const wanted = periods[kind];
      return wanted === undefined || wanted === days ? [] : [{ kind, from: days, to: wanted }];
    });
    if (changed.length === 0) return;
    for (const { kind, to } of changed)
      await tx.$executeRaw`
        update history_period set days = ${to}::int, at_mark = null, id_mark = null, due_at = sync_now()
         where kind = ${kind}`;
    await recordAudit(tx, {
      actor: by,
      action: "settings.history_changed",
      detail: Object.fromEntries(changed.map(({ kind, from, to }) => [kind, { from, to }])),
    });
  });
}

/** Rows that are looked at in one transaction. */
const STEP = 1_000;
/** Steps of one kind in one call: others come to their turn, and the worker to its other duties. */
const STEPS = 5;
const REST_HOURS = 6;

/**
 * Cuts what may be cut, in short steps; returns how many rows went. Workers call it several times a minute: of
 * several at once one cuts a kind. A round goes along the kind's time from the oldest row to the end of its
 * period, then rests for some hours, so that rows that stay are not looked at over and over.
 */
export async function cutHistory(
  pool: pg.Pool,
  { isOver = () => false, step = STEP }: { isOver?: () => boolean; step?: number } = {},
): Promise<number> {
  let removed = 0;
  for (const kind of HISTORY_KINDS)
    for (let steps = 0; steps < STEPS && !isOver(); steps++) {
      const went = await cutStep(pool, kind, step);
      if (went === null) break;
      removed += went;
    }
  return removed;
}

/** One step; null: nothing is due, or another worker is at it. */
async function cutStep(pool: pg.Pool, kind: HistoryKind, step: number): Promise<number | null> {
  const client = await pool.connect();
  try {
    await client.query("begin");
    const { rows: due } = await client.query<{
      days: number;
      at: string | null;
      id: string | null;
    }>(
      `select days, at_mark::text as at, id_mark as id from history_period
        where kind = $1 and days is not null and due_at <= sync_now() for update skip locked`,
      [kind],
    );
    if (!due[0]) {
      await client.query("rollback");
      return null;
    }
    const { days, at, id } = due[0];
    const { rows } = await client.query<{ looked: number; went: number; at: string; id: string }>(
      stepStatement(CUTS[kind]),
      [days, at, id, step],
    );
    const done = rows[0];
    const isRoundOver = !done || done.looked < step;
    await client.query(
      `update history_period
          set at_mark = $2::timestamptz, id_mark = $3, removed = removed + $4::int,
              removed_at = case when $4::int > 0 then sync_now() else removed_at end,
              due_at = sync_now() + $5::int * interval '1 hour'
        where kind = $1`,
      [
        kind,
        isRoundOver ? null : done.at,
        isRoundOver ? null : done.id,
        done?.went ?? 0,
        isRoundOver ? REST_HOURS : 0,
      ],
    );
    await client.query("commit");
    return isRoundOver && !done?.went ? null : (done?.went ?? 0);
  } catch (error) {
    await client.query("rollback");
    throw error;
  } finally {
    client.release();
  }
}

/** Looks at the next `$4` rows of a kind that are older than `$1` days, after the mark `$2`, `$3`; removes those that may go. */
export function stepStatement({ table, at, id, idType, belongs, mayGo }: Cut): string {
  return `
    with clock as materialized (select sync_now() - $1::int * interval '1 day' as horizon),
    looked as materialized (
      select ${at} as at, t.${id} as id from ${table} t, clock
       where ${belongs} and ${at} < horizon
         and ($2::timestamptz is null or (${at}, t.${id}) > ($2::timestamptz, $3::${idType}))
       order by ${at}, t.${id} limit $4::int),
    went as (
      delete from ${table} t using looked x, clock
       where t.${id} = x.id and ${at} = x.at and ${belongs} and (${mayGo}) returning 1)
    select (select count(*)::int from looked) as looked, (select count(*)::int from went) as went,
           last.at::text as at, last.id::text as id
      from (select at, id from looked order by at desc, id desc limit 1) last`;
}
