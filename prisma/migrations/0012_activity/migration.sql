-- What charts and the Activity page tell: added up once a minute by one worker, so that looking costs the
-- same however long the history is. One row per connection and minute, hour and day (UTC).
create table "activity_point" (
  "grain" text not null check (grain in ('minute', 'hour', 'day')),
  "at" timestamptz(3) not null,
  "connection_id" integer not null references "connection"("id") on delete cascade on update cascade,
  -- Writes by what came back; signs of life are none.
  "applied" integer not null default 0,
  "rejected" integer not null default 0,
  "unknown" integer not null default 0,
  -- Entries: brought in step, tried in vain (to be tried again or not).
  "synced" integer not null default 0,
  "retried" integer not null default 0,
  "failed" integer not null default 0,
  -- The queue as it was found; of an hour or a day the most. Null: no worker looked.
  "waiting" integer,
  "held" integer,
  "oldest_s" integer,
  primary key ("grain", "at", "connection_id")
);
create index "activity_point_connection_id_idx" on activity_point (connection_id);

-- What came of each opening of the gate, per connection.
create table "activation_total" (
  "incarnation" text not null,
  "epoch" integer not null,
  "connection_id" integer not null references "connection"("id") on delete cascade on update cascade,
  "applied" integer not null default 0,
  "rejected" integer not null default 0,
  "unknown" integer not null default 0,
  "synced" integer not null default 0,
  "retried" integer not null default 0,
  "failed" integer not null default 0,
  -- Entries that a person kept back, as last found before it ended. Null: no worker looked.
  "held" integer,
  primary key ("incarnation", "epoch", "connection_id")
);
create index "activation_total_connection_id_idx" on activation_total (connection_id);

-- Everything before this moment is in the two tables above, once.
create table "activity_fold" (
  "id" integer primary key default 1 check (id = 1),
  "folded_to" timestamptz(3) not null
);
insert into activity_fold (folded_to)
select date_trunc('minute', least(
  coalesce((select min(granted_at) from permit), 'infinity'),
  coalesce((select min(ended_at) from run), 'infinity'), sync_now()), 'UTC');

create index "gate_change_kind_id_idx" on gate_change (kind, id);
create index "audit_actor_id_idx" on audit (actor, id);
create index "audit_action_id_idx" on audit (action, id);

-- Permits and runs from one moment on and before another, added up per connection, minute and opening.
-- Runs name no fence: they belong to the last opening before their end.
create function activity_between(p_from timestamptz, p_to timestamptz)
returns table (
  minute timestamptz, connection_id int, incarnation text, epoch int,
  applied int, rejected int, "unknown" int, synced int, retried int, failed int
) language sql stable as $$
  select date_trunc('minute', w.at, 'UTC'), w.connection_id, w.incarnation, w.epoch,
         sum(w.applied)::int, sum(w.rejected)::int, sum(w.unknown)::int,
         sum(w.synced)::int, sum(w.retried)::int, sum(w.failed)::int
    from (
      select p.granted_at as at, p.connection_id, p.incarnation, p.epoch,
             (p.outcome = 'applied')::int as applied, (p.outcome = 'rejected')::int as rejected,
             -- Still open although its time is over: nobody knows whether it arrived.
             (p.outcome = 'unknown' or p.outcome = 'open' and p.deadline_at + permit_margin() <= sync_now())::int as unknown,
             0 as synced, 0 as retried, 0 as failed
        from permit p
       where p.granted_at >= p_from and p.granted_at < p_to and p.kind not in ('claim', 'contest')
      union all
      select r.ended_at, r.connection_id, o.incarnation, o.epoch, 0, 0, 0,
             (r.outcome = 'applied')::int, (r.outcome = 'retrying')::int, (r.outcome = 'failed')::int
        from run r
        left join lateral (
          select g.incarnation, g.epoch from gate_change g
           where g.kind = 'opened' and g.at <= r.ended_at order by g.at desc, g.id desc limit 1
        ) o on true
       where r.ended_at >= p_from and r.ended_at < p_to
    ) w
    join connection c on c.id = w.connection_id
   group by 1, 2, 3, 4
$$;

-- Adds what has happened since the last time, up to the last minute that is over; returns how many minutes
-- that were. One worker at a time: the second finds nothing to do. Each minute is added once, in the
-- transaction that moves the mark. Advisory lock 6 = FOLD.
create function fold_activity() returns int language plpgsql volatile as $$
declare
  since timestamptz;
  until timestamptz;
begin
  if not pg_try_advisory_xact_lock(6, 0) then return 0; end if;
  select folded_to into since from activity_fold;
  -- What was just written may not be committed yet, and a write on the wire has no outcome.
  select date_trunc('minute', least(sync_now() - interval '5 seconds', min(p.granted_at)), 'UTC') into until
    from permit p where p.outcome = 'open' and p.deadline_at + permit_margin() > sync_now();
  if until <= since then return 0; end if;

  with news as materialized (select * from activity_between(since, until)),
  found as materialized (
    select c.id as connection_id,
           count(e.id) filter (where e.state <> 'held')::int as waiting,
           count(e.id) filter (where e.state = 'held')::int as held,
           coalesce(extract(epoch from sync_now() - min(e.created_at) filter (where e.state <> 'held')), 0)::int as oldest_s
      from connection c left join queue_entry e on e.connection_id = c.id group by c.id
  ),
  points as (
    insert into activity_point as p
      (grain, at, connection_id, applied, rejected, "unknown", synced, retried, failed, waiting, held, oldest_s)
    select grain, date_trunc(grain, n.minute, 'UTC'), n.connection_id, sum(n.applied), sum(n.rejected), sum(n.unknown),
           sum(n.synced), sum(n.retried), sum(n.failed), max(n.waiting), max(n.held), max(n.oldest_s)
      from (
        select minute, connection_id, applied, rejected, "unknown", synced, retried, failed,
               null::int as waiting, null::int as held, null::int as oldest_s from news
        union all
        select until - interval '1 minute', connection_id, 0, 0, 0, 0, 0, 0, waiting, held, oldest_s from found
      ) n cross join unnest(array['minute', 'hour', 'day']) grain
     group by 1, 2, 3
    on conflict (grain, at, connection_id) do update
       set applied = p.applied + excluded.applied, rejected = p.rejected + excluded.rejected,
           "unknown" = p.unknown + excluded.unknown, synced = p.synced + excluded.synced,
           retried = p.retried + excluded.retried, failed = p.failed + excluded.failed,
           waiting = greatest(p.waiting, excluded.waiting), held = greatest(p.held, excluded.held),
           oldest_s = greatest(p.oldest_s, excluded.oldest_s)
  ),
  -- The last opening, until it had ended when we looked the last time.
  latest as (
    select o.incarnation, o.epoch from gate_change o
     where o.id = (select max(id) from gate_change where kind = 'opened')
       and not exists (select from gate_change e where e.id > o.id and e.kind <> 'closed' and e.at < since)
  ),
  totals as (
    insert into activation_total as t
      (incarnation, epoch, connection_id, applied, rejected, "unknown", synced, retried, failed, held)
    select n.incarnation, n.epoch, n.connection_id, sum(n.applied), sum(n.rejected), sum(n.unknown),
           sum(n.synced), sum(n.retried), sum(n.failed), max(n.held)
      from (
        select incarnation, epoch, connection_id, applied, rejected, "unknown", synced, retried, failed, null::int as held
          from news where incarnation is not null
        union all
        select l.incarnation, l.epoch, f.connection_id, 0, 0, 0, 0, 0, 0, f.held from latest l, found f
      ) n
     group by 1, 2, 3
    on conflict (incarnation, epoch, connection_id) do update
       set applied = t.applied + excluded.applied, rejected = t.rejected + excluded.rejected,
           "unknown" = t.unknown + excluded.unknown, synced = t.synced + excluded.synced,
           retried = t.retried + excluded.retried, failed = t.failed + excluded.failed,
           held = coalesce(excluded.held, t.held)
  )
  update activity_fold set folded_to = until;

  delete from activity_point where grain = 'minute' and at < until - interval '2 days';
  delete from activity_point where grain = 'hour' and at < until - interval '62 days';
  delete from activity_point where grain = 'day' and at < until - interval '750 days';
  return extract(epoch from until - since) / 60;
end $$;
