-- A person's halt of one connection: nothing is sent for it, while changes are detected and planned as ever.
alter table connection
  add column "paused_at" timestamptz(3),
  add column "paused_by" text,
  add column "paused_reason" text,
  add column "paused_until" timestamptz(3);

-- A pause that has run out is none.
create function is_paused(k connection) returns boolean language sql stable as $$
  select k.paused_at is not null and (k.paused_until is null or k.paused_until > sync_now())
$$;

create or replace function claim_entries(p_worker uuid, p_incarnation text, p_epoch int, p_limit int)
returns setof queue_entry language plpgsql volatile as $$
declare
  c record;
  n int := 0;
  taken int := 0;
begin
  if not knows_server(p_worker) then return; end if;
  for c in
    select k.id, k.concurrency from connection k
      join instance l on l.id = k.local_instance_id
      join instance r on r.id = k.remote_instance_id
     where (k.error_code is null or k.retry_at <= sync_now())
       and k.held_sides = '{}'
       and not is_paused(k)
       and coalesce(l.paused_until, '-infinity') <= sync_now()
       and coalesce(r.paused_until, '-infinity') <= sync_now()
       and exists (select from gate g where g.scope = '{}' or k.id = any (g.scope))
       and claim_stands(k.id, 'local', p_incarnation) and claim_stands(k.id, 'remote', p_incarnation)
       and exists (select from queue_entry e where e.connection_id = k.id
                     and e.state in ('queued', 'retrying') and e.ready_at <= sync_now())
     -- A large backlog of one connection does not starve the others.
     order by random()
  loop
    exit when taken >= p_limit;
    continue when not pg_try_advisory_xact_lock(3, c.id);
    return query
      -- MATERIALIZED: a planner free to re-run this could claim more than it locked.
      with picked as materialized (
        select e.id from queue_entry e
         where e.connection_id = c.id and e.state in ('queued', 'retrying') and e.ready_at <= sync_now()
           -- The write of a worker that is gone may still land: its permit's time must run out first.
           and not exists (select from permit p where p.pair_id = e.pair_id and p.outcome = 'open'
                             and p.deadline_at + permit_margin() > sync_now())
         order by e.priority, e.ready_at, e.id
         limit greatest(0, least(p_limit - taken, c.concurrency - (
           select count(*) from queue_entry x where x.connection_id = c.id and x.state = 'running')::int))
           for update skip locked
      )
      update queue_entry e
         set state = 'running', attempt = e.attempt + 1, claimed_by = p_worker, claimed_at = sync_now(),
             claimed_version = e.version, incarnation = g.incarnation, epoch = g.epoch, updated_at = sync_now()
        from picked, gate g
       where e.id = picked.id and g.state = 'active' and g.incarnation = p_incarnation and g.epoch = p_epoch
      returning e.*;
    get diagnostics n = row_count;
    taken := taken + n;
  end loop;
end $$;

create or replace function grant_permit(
  p_id uuid, p_worker uuid, p_incarnation text, p_epoch int, p_entry int, p_attempt int,
  p_side text, p_kind text, p_method text, p_path text, p_issue_key text, p_marker text,
  p_intended jsonb, p_before jsonb, p_life_ms int
) returns text language plpgsql volatile as $$
declare
  g gate;
  e queue_entry;
begin
  perform pg_advisory_xact_lock_shared(2, 0);
  select * into g from gate;
  if g.incarnation <> p_incarnation then return 'earlier_incarnation'; end if;
  if g.epoch <> p_epoch then return case when g.state = 'active' then 'earlier_epoch' else g.state end; end if;
  if g.state <> 'active' then return g.state; end if;
  if not knows_server(p_worker) then return 'another_server'; end if;
  select * into e from queue_entry
   where id = p_entry and state = 'running' and attempt = p_attempt and claimed_by = p_worker
     and incarnation = p_incarnation and epoch = p_epoch
     for share;
  if not found then return 'claim_lost'; end if;
  if g.scope <> '{}' and e.connection_id <> all (g.scope) then return 'out_of_scope'; end if;
  if exists (select from connection where id = e.connection_id and held_sides <> '{}') then return 'connection_held'; end if;
  if exists (select from connection k where k.id = e.connection_id and is_paused(k)) then return 'connection_paused'; end if;
  if exists (select from pair where id = e.pair_id and (local_unverified or remote_unverified)) then return 'unverified'; end if;
  if not claim_stands(e.connection_id, p_side, p_incarnation) then return 'not_ours_there'; end if;
  insert into permit (id, incarnation, epoch, worker_id, connection_id, pair_id, entry_id, attempt,
                      side, kind, method, path, issue_key, marker, intended, before, granted_at, deadline_at)
  values (p_id, p_incarnation, p_epoch, p_worker, e.connection_id, e.pair_id, p_entry, p_attempt,
          p_side, p_kind, p_method, p_path, p_issue_key, p_marker, p_intended, p_before,
          sync_now(), sync_now() + p_life_ms * interval '1 millisecond');
  return 'granted';
end $$;
