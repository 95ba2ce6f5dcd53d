import type { DbOrTx } from "@/lib/db/database";
import { Prisma } from "@/lib/db/generated/client";
import { COUNT_CAP } from "@/lib/gate/status";
import type { ConnectionPlans, PlanTotals, WaitingLine } from "@/lib/identity/activation";
import type { Plan } from "@/lib/sync/plan-types";

/** Entries of each connection whose plans are shown. */
const SHOWN_PLANS = 50;

/** What waits, by connection; counts stop at the cap. */
export async function readWaiting(db: DbOrTx): Promise<WaitingLine[]> {
  const rows = await db.$queryRaw<
    (Omit<WaitingLine, "connection" | "oldestAt" | "ready"> & {
      readyToRemote: number;
      readyToLocal: number;
      readyBoth: number;
      readyUnplanned: number;
      id: number;
      name: string;
      oldestAt: Date | null;
    })[]
  >`
    select c.id, c.name,
           count(*) filter (where direction = 'to_remote')::int as "toRemote",
           count(*) filter (where direction = 'to_local')::int as "toLocal",
           count(*) filter (where direction = 'both')::int as "both",
           count(*) filter (where direction is null)::int as "unplanned",
           count(*) filter (where inherited_from is not null)::int as "inherited",
           count(*) filter (where state = 'held')::int as "held",
           count(*) filter (where state = 'held' and inherited_from is not null)::int as "setAside",
           count(*) filter (where state = 'failed')::int as "failed",
           count(*) filter (where is_ready and direction = 'to_remote')::int as "readyToRemote",
           count(*) filter (where is_ready and direction = 'to_local')::int as "readyToLocal",
           count(*) filter (where is_ready and direction = 'both')::int as "readyBoth",
           count(*) filter (where is_ready and direction is null)::int as "readyUnplanned",
           min(e.created_at) as "oldestAt"
      from connection c cross join lateral
           (select *, state in ('queued', 'retrying', 'running') as is_ready
              from queue_entry where connection_id = c.id limit ${COUNT_CAP + 1}) e
     group by c.id, c.name order by c.id`;
  return rows.map(
    ({
      id,
      name,
      oldestAt,
      readyToRemote,
      readyToLocal,
      readyBoth,
      readyUnplanned,
      ...counts
    }) => ({
      connection: { id, name },
      ...counts,
      oldestAt: oldestAt?.toISOString() ?? null,
      ready: {
        toRemote: readyToRemote,
        toLocal: readyToLocal,
        both: readyBoth,
        unplanned: readyUnplanned,
      },
    }),
  );
}

type PlannedRow = {
  entryId: number;
  pairId: number;
  localKey: string | null;
  remoteKey: string | null;
  summary: string;
  direction: string | null;
  words: string | null;
  plan: Plan | null;
  isInherited: boolean;
};

/** Overwrites what somebody edited there. */
const OVERWRITES = Prisma.sql`exists (
  select from jsonb_array_elements(plan -> 'conflicts') c where c ->> 'resolution' <> 'hold')`;
const EMPTIES = Prisma.sql`exists (
  select from jsonb_array_elements(plan -> 'writes') w, jsonb_array_elements(w -> 'changes') c
   where w ->> 'kind' = 'update_issue' and c -> 'to' in ('null', '""', '[]'))`;
const CREATES = Prisma.sql`plan @? '$.writes[*] ? (@.kind == "create_issue")'`;

/** What waits and may be sent, as far as counts go. */
const READY = (connectionId: number) => Prisma.sql`
  select * from queue_entry
   where connection_id = ${connectionId}::int and state in ('queued', 'retrying', 'running') limit ${COUNT_CAP}`;

/** The riskiest first, then in the order in which they would be sent. */
export async function readPlans(
  db: DbOrTx,
  { id, name }: { id: number; name: string },
): Promise<ConnectionPlans> {
  const [rows, [counted], totals] = await Promise.all([
    db.$queryRaw<PlannedRow[]>`
      select e.id as "entryId", p.id as "pairId", p.local_key as "localKey", p.remote_key as "remoteKey", p.summary, e.direction, e.words,
             e.plan, e.inherited_from is not null as "isInherited"
        from (${READY(id)}) e join pair p on p.id = e.pair_id
       order by ${OVERWRITES} desc, ${EMPTIES} desc, ${CREATES} desc nulls last, e.priority, e.ready_at, e.id
       limit ${SHOWN_PLANS}`,
    db.$queryRaw<[{ ready: number }]>`
      select count(*)::int as ready from (select from queue_entry
       where connection_id = ${id}::int and state in ('queued', 'retrying', 'running') limit ${COUNT_CAP + 1}) c`,
    readTotals(db, id),
  ]);
  return {
    connection: { id, name },
    ready: counted.ready,
    totals,
    entries: rows.map(
      ({ entryId, pairId, localKey, remoteKey, summary, direction, words, plan, isInherited }) => {
        const fromRemote = direction === "to_local" && remoteKey !== null;
        return {
          entryId,
          pairId,
          issueKey: (fromRemote ? remoteKey : (localKey ?? remoteKey)) ?? "",
          twinKey: fromRemote ? localKey : localKey === null ? null : remoteKey,
          summary,
          connection: { id, name },
          words: words ?? "",
          plan,
          isInherited,
        };
      },
    ),
  };
}

/** Over everything that waits and may be sent, as far as counts go. */
async function readTotals(db: DbOrTx, connectionId: number): Promise<PlanTotals> {
  const [totals] = await db.$queryRaw<[PlanTotals]>`
    with ready as materialized (${READY(connectionId)}
    ), writes as (
      select w ->> 'kind' as kind from ready, jsonb_array_elements(ready.plan -> 'writes') w
    ), mails as (
      select ready.id, (m ->> 'people')::int * (m ->> 'writes')::int as known, m ? 'unknown' as is_unknown
        from ready, jsonb_array_elements(ready.plan -> 'mails') m
    )
    select (select count(*)::int from ready) as entries,
           (select count(*)::int from ready where plan is null) as "notPlanned",
           (select count(*)::int from ready where ${OVERWRITES}) as overwrites,
           (select count(*)::int from ready where ${EMPTIES}) as empties,
           (select coalesce(sum(known), 0)::int from mails) as mails,
           (select count(distinct id)::int from mails where is_unknown) as "mailsUnknown",
           count(*) filter (where kind = 'create_issue')::int as creates,
           count(*) filter (where kind = 'update_issue')::int as updates,
           count(*) filter (where kind = 'transition')::int as transitions,
           count(*) filter (where kind in ('add_comment', 'update_comment'))::int as comments,
           count(*) filter (where kind = 'add_attachment')::int as attachments,
           count(*) filter (where kind in ('add_worklog', 'update_worklog'))::int as worklogs,
           count(*) filter (where kind = 'add_link')::int as links
      from writes`;
  return totals;
}
