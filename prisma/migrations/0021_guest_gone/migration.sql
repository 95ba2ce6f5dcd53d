-- Issues that a sweep found gone: not read by themselves, and not in a list that held others of the connection.
create table gone_issue (
  pair_id int not null references pair on delete cascade on update cascade,
  side text not null check (side in ('local', 'remote')),
  noticed_at timestamptz(3) not null,
  -- Sweeps that found it so.
  looks int not null default 1,
  -- Since when it counts as deleted, and by what: 'told' by an event of the instance, or by a 'second_sweep'.
  deleted_at timestamptz(3),
  how text check (how in ('told', 'second_sweep')),
  primary key (pair_id, side)
);

-- A pair whose issue is gone is looked at again although its entry waits: one sweep proves little.
create or replace function lend_for_sweep(p_limit int, p_a_minute int, p_rest interval)
returns table (pair_id int, connection_id int) language plpgsql volatile as $$
declare
  c record;
  room int;
begin
  for c in
    select k.id, k.sweep_began_at from connection k
      join instance l on l.id = k.local_instance_id
      join instance r on r.id = k.remote_instance_id
     where k.error_code is null and k.held_sides = '{}'
       and coalesce(l.paused_until, '-infinity') <= sync_now()
       and coalesce(r.paused_until, '-infinity') <= sync_now()
     order by random()
  loop
    continue when not pg_try_advisory_xact_lock(4, c.id);
    room := least(p_limit, p_a_minute - (
      select count(*)::int from pair x
       where x.connection_id = c.id and x.swept_at > sync_now() - interval '1 minute'));
    continue when room <= 0;
    if c.sweep_began_at is null
       or not exists (select from pair x where x.connection_id = c.id
                         and (x.swept_at is null or x.swept_at < c.sweep_began_at)) then
      -- The round is over. The next one begins once the pairs have rested.
      continue when c.sweep_began_at > sync_now() - p_rest;
      update connection k
         set sweep_ended_at = case when k.sweep_began_at is null then null else sync_now() end,
             sweep_began_at = sync_now()
       where k.id = c.id;
    end if;
    return query
      with picked as materialized (
        select p.id from pair p
         where p.connection_id = c.id
           and (p.swept_at is null or p.swept_at < sync_now() - p_rest)
         order by p.swept_at nulls first, p.id
         limit room for update skip locked
      ), lent as (
        update pair p set swept_at = sync_now() from picked where p.id = picked.id returning p.*
      )
      select lent.id, lent.connection_id from lent
       where lent.local_issue_id is not null and lent.remote_issue_id is not null
         and not lent.local_unverified and not lent.remote_unverified
         and not exists (select from queue_entry e where e.pair_id = lent.id
                            and (e.error_code is distinct from 'issue_gone' or e.state = 'running'))
         and (select x.outcome from run x where x.pair_id = lent.id order by x.id desc limit 1)
             is distinct from 'discarded';
    exit;
  end loop;
end $$;
