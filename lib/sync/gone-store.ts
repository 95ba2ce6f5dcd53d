import type pg from "pg";
import type { Absence, Known } from "@/lib/sync/absence";
import type { Side } from "@/lib/sync/plan-types";

/** Issues of the same side that a list is asked for beside one that is missing. */
const OTHERS = 20;

export type Missing = {
  side: Side;
  id: string;
  /** Issues of other pairs of the connection that were there when they were last read. */
  others: string[];
  known: Known;
};

/** Both sides of a pair, with what is needed to tell whether an issue of it is gone. */
export async function readMissing(pool: pg.Pool, pairId: number): Promise<Missing[]> {
  const { rows } = await pool.query<Missing>(
    `select s.side, s.id,
            array(select case s.side when 'local' then o.local_issue_id else o.remote_issue_id end
                    from pair o
                   where o.connection_id = p.connection_id and o.id <> p.id and o.in_step_at is not null
                     and o.local_issue_id is not null and o.remote_issue_id is not null
                     and not exists (select from gone_issue g where g.pair_id = o.id)
                   order by o.id desc limit $2) as others,
            json_build_object(
              'wasNoticed', exists (select from gone_issue g where g.pair_id = p.id and g.side = s.side),
              'wasTold', exists (select from change c where c.pair_id = p.id and c.side = s.side
                                  and c.kind = 'deleted' and c.via = 'webhook'
                                  and c.at > coalesce(p.in_step_at, '-infinity'))) as known
       from pair p cross join lateral
            (values ('local', p.local_issue_id), ('remote', p.remote_issue_id)) s (side, id)
      where p.id = $1 and s.id is not null`,
    [pairId, OTHERS],
  );
  return rows;
}

/** Keeps what a sweep made of an issue's absence. */
export async function noteAbsence(
  pool: pg.Pool,
  pairId: number,
  side: Side,
  absence: Exclude<Absence, "unclear">,
): Promise<void> {
  const how = absence === "noticed" ? null : absence;
  await pool.query(
    `insert into gone_issue as g (pair_id, side, noticed_at, deleted_at, how)
     values ($1, $2, sync_now(), case when $3::text is null then null else sync_now() end, $3)
     on conflict (pair_id, side) do update
        set looks = g.looks + 1, deleted_at = coalesce(g.deleted_at, excluded.deleted_at),
            how = coalesce(g.how, excluded.how)`,
    [pairId, side, how],
  );
  await pool.query("select pg_notify('sync_changed', '')");
}

/** Both issues were read: whatever was thought to be gone is there. */
export async function noteThere(pool: pg.Pool, pairId: number): Promise<void> {
  await pool.query("delete from gone_issue where pair_id = $1", [pairId]);
}

/** An issue that was moved goes by another key; its id, and so its pair, stays. Told in the pair's history. */
export async function noteMoved(
  pool: pg.Pool,
  pairId: number,
  side: Side,
  { from, to }: { from: string | null; to: string },
): Promise<void> {
  const column = side === "local" ? "local_key" : "remote_key";
  await pool.query(
    `with moved as (update pair set ${column} = $2 where id = $1 returning id, connection_id)
     insert into run (connection_id, pair_id, entry_id, attempt, ended_at, outcome, writes, words)
     select connection_id, id, 0, 0, sync_now(), 'nothing_to_send', 0, $3 from moved`,
    [pairId, to, `${from ?? "an issue"} was moved: it is ${to} now`],
  );
}
