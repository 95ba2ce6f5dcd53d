import type pg from "pg";
import {
  type Activation,
  type ActivationPage,
  type ActivationTotals,
  type ActivityCharts,
  type ActivityPoint,
  addPoints,
  addTotals,
  SPANS,
  type Span,
} from "@/lib/activity/activity";
import type { DbOrTx } from "@/lib/db/database";
import { Prisma } from "@/lib/db/generated/client";

/** Adds the minutes that are over; returns how many. Of several workers one does it, the others get 0. */
export async function foldActivity(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query<{ minutes: number }>("select fold_activity() as minutes");
  return rows[0]?.minutes ?? 0;
}

/**
 * What the charts show, per connection and together; of one connection when `connection` is given.
 * Reads rolled-up points only: their number depends on the span, never on what was sent.
 */
export async function readCharts(
  db: DbOrTx,
  span: Span,
  connection?: number,
): Promise<ActivityCharts> {
  const { grain, hours, stepMinutes } = SPANS[span];
  const step = Prisma.sql`make_interval(mins => ${stepMinutes}::int)`;
  const which = connection === undefined ? Prisma.empty : Prisma.sql`and c.id = ${connection}::int`;
  const [[clock], rows] = await Promise.all([
    db.$queryRaw<[{ now: Date; countedTo: Date }]>`
      select sync_now() as now, folded_to as "countedTo" from activity_fold`,
    db.$queryRaw<({ id: number; name: string; at: Date } & Omit<ActivityPoint, "at">)[]>`
      with steps as (
        select s as at from generate_series(
          date_bin(${step}, sync_now(), '2001-01-01 00:00Z') - make_interval(hours => ${hours}::int) + ${step},
          sync_now(), ${step}) s
      ), found as (
        select p.connection_id, date_bin(${step}, p.at, '2001-01-01 00:00Z') as at, sum(p.applied)::int as applied,
               sum(p.rejected + p.retried + p.failed)::int as errors, max(p.waiting) as waiting, max(p.oldest_s) as oldest_s
          from activity_point p
         where p.grain = ${grain} and p.at >= (select min(at) from steps)
         group by 1, 2
      )
      select c.id, c.name, s.at, coalesce(f.applied, 0) as applied, coalesce(f.errors, 0) as errors,
             f.waiting, f.oldest_s as "oldestS"
        from connection c cross join steps s
        left join found f on f.connection_id = c.id and f.at = s.at
       where true ${which}
       order by c.name, c.id, s.at`,
  ]);
  const byConnection = [...Map.groupBy(rows, ({ id }) => id).values()].map((own) => ({
    connection: { id: own[0]?.id ?? 0, name: own[0]?.name ?? "" },
    points: own.map(({ id, name, at, ...point }) => ({ at: at.toISOString(), ...point })),
  }));
  const steps = byConnection[0]?.points ?? [];
  return {
    span,
    whole: steps.map(({ at }, index) =>
      addPoints(
        at,
        byConnection.flatMap(({ points }) => points[index] ?? []),
      ),
    ),
    byConnection,
    countedTo: clock.countedTo.toISOString(),
    now: clock.now.toISOString(),
  };
}

type ChangeRow = {
  id: number;
  incarnation: string;
  epoch: number;
  openedAt: Date;
  openedBy: string | null;
  openedReason: string | null;
  endKind: "closing" | "new_incarnation" | null;
  endedAt: Date | null;
  endedBy: string | null;
  endReason: string | null;
  settledAt: Date | null;
};

/**
 * Openings of the gate, newest first, each with how it ended and what came of it. `before` is the `next`
 * of the page before. What is not rolled up yet (a minute or two) is counted on top.
 */
export async function listActivations(
  db: DbOrTx,
  before?: number,
  limit = 20,
): Promise<ActivationPage> {
  const older = before === undefined ? Prisma.empty : Prisma.sql`and o.id < ${before}::int`;
  const [[clock], found] = await Promise.all([
    db.$queryRaw<[{ now: Date }]>`select sync_now() as now`,
    db.$queryRaw<ChangeRow[]>`
      select o.id, o.incarnation, o.epoch, o.at as "openedAt", o.by as "openedBy", o.reason as "openedReason",
             e.kind as "endKind", e.at as "endedAt", e.by as "endedBy", e.reason as "endReason", s.at as "settledAt"
        from gate_change o
        left join lateral (
          select * from gate_change x where x.id > o.id and x.kind <> 'closed' order by x.id limit 1) e on true
        left join lateral (
          select x.at, x.kind from gate_change x where x.id > e.id order by x.id limit 1) s on s.kind = 'closed'
       where o.kind = 'opened' ${older} order by o.id desc limit ${limit + 1}`,
  ]);
  const rows = found.slice(0, limit);
  const counted = await readTotals(db, rows);
  return {
    rows: rows.map((row) => toActivation(row, counted)),
    next: found.length > limit ? (rows.at(-1)?.id ?? null) : null,
    now: clock.now.toISOString(),
  };
}

type CountedRow = ActivationTotals & {
  incarnation: string;
  epoch: number;
  connectionId: number;
  connectionName: string;
};

async function readTotals(db: DbOrTx, rows: ChangeRow[]): Promise<CountedRow[]> {
  if (rows.length === 0) return [];
  const fences = Prisma.join(
    rows.map(({ incarnation, epoch }) => Prisma.sql`(${incarnation}::text, ${epoch}::int)`),
  );
  return db.$queryRaw<CountedRow[]>`
    select n.incarnation, n.epoch, c.id as "connectionId", c.name as "connectionName",
           sum(n.applied)::int as applied, sum(n.rejected)::int as rejected, sum(n.unknown)::int as "unknown",
           sum(n.synced)::int as synced, sum(n.retried)::int as retried, sum(n.failed)::int as failed,
           max(n.held)::int as held
      from (
        select incarnation, epoch, connection_id, applied, rejected, "unknown", synced, retried, failed, held
          from activation_total
        union all
        select a.incarnation, a.epoch, a.connection_id, a.applied, a.rejected, a.unknown, a.synced, a.retried, a.failed, null
          from activity_fold f, activity_between(f.folded_to, 'infinity') a
      ) n join connection c on c.id = n.connection_id
     where (n.incarnation, n.epoch) in (${fences})
     group by 1, 2, 3, 4 order by c.name, c.id`;
}

function toActivation(row: ChangeRow, counted: CountedRow[]): Activation {
  const own = counted.filter(
    ({ incarnation, epoch }) => incarnation === row.incarnation && epoch === row.epoch,
  );
  const byConnection = own.map(
    ({ incarnation, epoch, connectionId, connectionName, ...totals }) => ({
      ...totals,
      connection: { id: connectionId, name: connectionName },
    }),
  );
  return {
    id: row.id,
    fence: { incarnation: row.incarnation, epoch: row.epoch },
    openedAt: row.openedAt.toISOString(),
    openedBy: row.openedBy,
    openedReason: row.openedReason,
    end:
      row.endKind && row.endedAt
        ? {
            kind: row.endKind,
            at: row.endedAt.toISOString(),
            by: row.endedBy,
            reason: row.endReason,
            settledAt: row.settledAt?.toISOString() ?? null,
          }
        : null,
    totals: addTotals(byConnection),
    byConnection,
  };
}
