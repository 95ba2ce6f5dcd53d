-- Who this node is: evidence, verdicts and decisions; the claim at the instances; what a copy sets aside.

-- Addresses are kept as JSON arrays of their parts, so that a search-and-replace over a dump, which is
-- how copies are made to point elsewhere, does not change what we remember.
alter table node drop column console_url,
  add column evidence jsonb,
  add column evidence_at timestamptz(3),
  add column copy_of uuid;

alter table gate
  add column verdict_id integer,
  -- What the processes of this incarnation call their console; others are refused.
  add column console jsonb,
  add column label text,
  -- The connections that were opened; empty means all.
  add column scope integer[] not null default '{}';

create table verdict (
  id serial primary key,
  incarnation text not null,
  at timestamptz(3) not null,
  kind text not null,
  sentence text not null,
  facts jsonb not null,
  -- What was observed; it becomes the node's evidence once the verdict is settled.
  evidence jsonb not null,
  needs_decision boolean not null,
  decision text,
  decided_by text,
  decided_at timestamptz(3),
  decision_reason text,
  -- What a revoked decision goes back to.
  identity_before uuid,
  label_before text,
  copy_of_before uuid,
  evidence_before jsonb,
  -- { holds: {connection: {sides, at}}, claims: [claim] }
  state_before jsonb
);
create index verdict_at_id_idx on verdict (at, id);
alter table verdict add constraint verdict_kind_known
  check (kind in ('first_start', 'restart', 'database_moved', 'restored', 'moved_or_copy')),
  add constraint verdict_decision_known check (decision in ('same_node', 'copy', 'stay_inactive'));

alter table instance
  -- { address, reported, applicationId }: what a person, or an unambiguous first look, has confirmed.
  add column confirmed jsonb,
  -- The same, as last seen, with `at`.
  add column seen jsonb,
  -- Whether a restart of this instance closes the gate, where it is the local side.
  add column closes_on_restart boolean not null default true;

alter table connection
  -- Sides that may not be talked to until they are re-pointed or released by typed name.
  add column held_sides text[] not null default '{}',
  add column held_at timestamptz(3);

alter table pair
  -- The identity its markers were written under, when it is not the node's own.
  add column identity uuid,
  add column local_unverified boolean not null default false,
  add column remote_unverified boolean not null default false,
  -- Writes by another node with our identity that a person has been told of.
  add column foreign_writes text[] not null default '{}';
-- Whether a stamp at an instance is a write of ours.
create index permit_marker_idx on permit (marker);

create table unlinked_pair (
  id serial primary key,
  connection_id integer not null references connection (id) on delete cascade on update cascade,
  local_key text,
  remote_key text,
  summary text not null,
  reason text not null,
  at timestamptz(3) not null
);
create index unlinked_pair_connection_id_id_idx on unlinked_pair (connection_id, id);

-- The node that an entry was inherited from: set aside until a person releases or discards it.
alter table queue_entry add column inherited_from uuid;
create index queue_entry_inherited_from_idx on queue_entry (inherited_from);

-- What a bulk action changed, for as long as it can be undone.
create table undo (
  id uuid primary key,
  kind text not null,
  at timestamptz(3) not null,
  by text not null,
  expires_at timestamptz(3) not null,
  undone_at timestamptz(3),
  entries integer not null
);
create table undo_entry (
  undo_id uuid not null references undo (id) on delete cascade on update cascade,
  pair_id integer not null,
  entry jsonb not null,
  primary key (undo_id, pair_id)
);

-- A webhook whose links name another instance than the one that is configured.
create table foreign_event (
  connection_id integer not null references connection (id) on delete cascade on update cascade,
  side text not null,
  base text not null,
  events integer not null,
  first_at timestamptz(3) not null,
  last_at timestamptz(3) not null,
  primary key (connection_id, side, base)
);

-- Our sign of life at an instance: one per project that we write to.
create table claim (
  instance_id integer not null references instance (id) on delete cascade on update cascade,
  project text not null,
  -- listening | held | foreign | contested | no_place
  state text not null default 'listening',
  -- project | issue | account; null until it is known.
  place text,
  anchor text,
  -- What we wrote last, and what we are about to write; and both of these and some before them: a write
  -- whose answer was lost may have arrived, and may arrive late.
  last_nonce text,
  next_nonce text,
  nonces text[] not null default '{}',
  written_at timestamptz(3),
  -- Until then nobody who listens may have taken our silence for our end.
  good_until timestamptz(3),
  held_in text,
  -- The record as last read, and since when it has stood still; null: nobody has written one.
  seen jsonb,
  seen_at timestamptz(3),
  still_since timestamptz(3),
  -- When a record that is not ours was last seen to move.
  moved_at timestamptz(3),
  trouble text,
  -- The mark of a contest that a person has settled by taking over.
  accepted_mark text,
  due_at timestamptz(3) not null default now(),
  lent_until timestamptz(3),
  primary key (instance_id, project)
);
alter table claim add constraint claim_state_known
  check (state in ('listening', 'held', 'foreign', 'contested', 'no_place'));

alter table permit alter column pair_id drop not null, alter column entry_id drop not null,
  alter column attempt drop not null;

-- Each side of each connection has its claim, before anything can be written there.
create function ensure_claims() returns trigger language plpgsql as $$
begin
  insert into claim (instance_id, project) values
    (new.local_instance_id, coalesce(new.local_settings ->> 'project', '')),
    (new.remote_instance_id, coalesce(new.remote_settings ->> 'project', ''))
  on conflict do nothing;
  return null;
end $$;
create trigger connection_has_claims after insert or update of local_instance_id, remote_instance_id,
  local_settings, remote_settings on connection for each row execute function ensure_claims();
insert into claim (instance_id, project)
select local_instance_id, coalesce(local_settings ->> 'project', '') from connection
union select remote_instance_id, coalesce(remote_settings ->> 'project', '') from connection;

-- The server that a worker joined at. Another one, or the same after a restart, may have lost a closing
-- (a failover, an older copy put back): who has not looked again claims nothing and writes nothing.
alter table worker add column server_started text not null default pg_postmaster_start_time()::text;
create function knows_server(p_worker uuid) returns boolean language sql stable as $$
  select exists (select from worker where id = p_worker and server_started = pg_postmaster_start_time()::text)
$$;

-- May this incarnation write to a side of a connection, as far as the claim there says?
create function claim_stands(p_connection int, p_side text, p_incarnation text) returns boolean
language sql stable as $$
  select exists (
    select from claim c join connection k on k.id = p_connection
     where c.instance_id = case p_side when 'local' then k.local_instance_id else k.remote_instance_id end
       and c.project = coalesce((case p_side when 'local' then k.local_settings else k.remote_settings end) ->> 'project', '')
       and (c.state = 'no_place'
            or (c.state = 'held' and c.held_in = p_incarnation and c.good_until > sync_now())))
$$;

-- A verdict that a person has not settled keeps the gate shut.
create function decision_is_due() returns boolean language sql stable as $$
  select exists (select from gate g join verdict v on v.id = g.verdict_id
                  where v.needs_decision and coalesce(v.decision, 'stay_inactive') = 'stay_inactive')
$$;

-- Another node with our identity writes, or wrote after us, where this opening would write.
create function another_is_there(p_scope int[]) returns boolean language sql stable as $$
  select exists (
    select from claim c join connection k on
        (c.instance_id = k.local_instance_id and c.project = k.local_settings ->> 'project')
        or (c.instance_id = k.remote_instance_id and c.project = k.remote_settings ->> 'project')
     where c.state in ('foreign', 'contested') and k.held_sides = '{}'
       and (p_scope = '{}' or k.id = any (p_scope)))
$$;

-- As before, and: not while a decision is due or another node with our identity is there; for some
-- connections only, when `p_scope` names any.
drop function open_gate(text, int, text, text);
create function open_gate(p_incarnation text, p_epoch int, p_by text, p_reason text, p_scope int[])
returns boolean language plpgsql volatile as $$
declare
  g gate;
begin
  perform pg_advisory_xact_lock(2, 0);
  if decision_is_due() or another_is_there(p_scope) then return false; end if;
  update gate set state = 'active', epoch = epoch + 1, since = sync_now(), by = p_by, reason = p_reason, scope = p_scope
   where state = 'inactive' and incarnation = p_incarnation and incarnation <> '' and epoch = p_epoch
  returning * into g;
  if not found then return false; end if;
  insert into gate_change (kind, state, incarnation, epoch, at, by, reason)
  values ('opened', g.state, g.incarnation, g.epoch, g.since, p_by, p_reason);
  return true;
end $$;

-- A new life listens at every instance again before it speaks there, and what the last one had lent out
-- to its workers, for polling and planning, is free at once.
create function listen_again() returns trigger language plpgsql as $$
begin
  update watermark set claimed_until = null where claimed_until is not null;
  update queue_entry set planning_until = null where planning_until is not null;
  update claim set state = case state when 'no_place' then state else 'listening' end,
                   still_since = null, due_at = sync_now(), lent_until = null, trouble = null;
  return null;
end $$;
create trigger new_life_listens after update of incarnation on gate for each row
  when (old.incarnation is distinct from new.incarnation) execute function listen_again();

-- As before, and: the connection is in the opening's scope, not held, the pair verified, the claim ours.
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
  if exists (select from pair where id = e.pair_id and (local_unverified or remote_unverified)) then return 'unverified'; end if;
  if not claim_stands(e.connection_id, p_side, p_incarnation) then return 'not_ours_there'; end if;
  insert into permit (id, incarnation, epoch, worker_id, connection_id, pair_id, entry_id, attempt,
                      side, kind, method, path, issue_key, marker, intended, before, granted_at, deadline_at)
  values (p_id, p_incarnation, p_epoch, p_worker, e.connection_id, e.pair_id, p_entry, p_attempt,
          p_side, p_kind, p_method, p_path, p_issue_key, p_marker, p_intended, p_before,
          sync_now(), sync_now() + p_life_ms * interval '1 millisecond');
  return 'granted';
end $$;

-- The permit of a write that belongs to no pair: our claim, or the mark that another one is contested.
create function grant_claim_permit(
  p_id uuid, p_worker uuid, p_incarnation text, p_epoch int, p_connection int, p_side text, p_kind text,
  p_method text, p_path text, p_intended jsonb, p_before jsonb, p_life_ms int
) returns text language plpgsql volatile as $$
declare
  g gate;
begin
  perform pg_advisory_xact_lock_shared(2, 0);
  select * into g from gate;
  if g.incarnation <> p_incarnation then return 'earlier_incarnation'; end if;
  if g.epoch <> p_epoch then return case when g.state = 'active' then 'earlier_epoch' else g.state end; end if;
  if g.state <> 'active' then return g.state; end if;
  if not knows_server(p_worker) then return 'another_server'; end if;
  if g.scope <> '{}' and p_connection <> all (g.scope) then return 'out_of_scope'; end if;
  if exists (select from connection where id = p_connection and held_sides <> '{}') then return 'connection_held'; end if;
  insert into permit (id, incarnation, epoch, worker_id, connection_id, side, kind, method, path,
                      intended, before, granted_at, deadline_at)
  values (p_id, p_incarnation, p_epoch, p_worker, p_connection, p_side, p_kind, p_method, p_path,
          p_intended, p_before, sync_now(), sync_now() + p_life_ms * interval '1 millisecond');
  return 'granted';
end $$;

-- As before, and: only connections in scope, not held, and ours at both instances.
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

-- As before, and: a held connection is not read either; what an opening leaves out is planned as if it were shut.
create or replace function lend_for_planning(p_limit int) returns setof queue_entry language sql volatile as $$
  with picked as materialized (
    select e.id from queue_entry e
      join connection k on k.id = e.connection_id
      join instance l on l.id = k.local_instance_id
      join instance r on r.id = k.remote_instance_id
     where e.planned_version is distinct from e.version
       and (e.planning_until is null or e.planning_until <= sync_now())
       and (e.state = 'held' or (e.state in ('queued', 'retrying') and e.ready_at <= sync_now()
            and exists (select from gate g where g.state <> 'active' or (g.scope <> '{}' and k.id <> all (g.scope)))))
       and k.held_sides = '{}'
       and (k.error_code is null or k.retry_at <= sync_now())
       and coalesce(l.paused_until, '-infinity') <= sync_now()
       and coalesce(r.paused_until, '-infinity') <= sync_now()
     order by e.priority, e.created_at, e.id
     limit p_limit
       for update of e skip locked
  )
  update queue_entry e set planning_until = sync_now() + interval '60 seconds'
    from picked where e.id = picked.id returning e.*
$$;

-- A pair whose marker was found where its connection points now.
create function verify_pair(p_pair int, p_side text) returns void language sql volatile as $$
  update pair set local_unverified = local_unverified and p_side <> 'local',
                  remote_unverified = remote_unverified and p_side <> 'remote'
   where id = p_pair
$$;

-- A pair whose marker was not found there: it ends here, its entry with it, and is listed.
create function unlink_pair(p_pair int, p_reason text) returns void language plpgsql volatile as $$
begin
  insert into unlinked_pair (connection_id, local_key, remote_key, summary, reason, at)
  select connection_id, local_key, remote_key, summary, p_reason, sync_now() from pair where id = p_pair;
  insert into run (connection_id, pair_id, entry_id, attempt, ended_at, outcome, words)
  select connection_id, pair_id, id, attempt, sync_now(), 'discarded', p_reason from queue_entry where pair_id = p_pair;
  delete from pair where id = p_pair;
end $$;

-- Since when the present verdict waits for a decision: starts without one are one wait.
create function undecided_since(p_verdict int) returns timestamptz language sql stable as $$
  select min(at) from verdict
   where needs_decision and id <= p_verdict
     and id > coalesce((select max(id) from verdict where id < p_verdict
                          and (not needs_decision or decision in ('same_node', 'copy'))), 0)
$$;

-- What this node is called once a verdict is settled: a name that its processes were newly given, or the old one.
create function label_after(p_verdict int) returns text language sql stable as $$
  select case when v.evidence ->> 'label' is distinct from n.evidence ->> 'label'
              then v.evidence ->> 'label' else n.label end
    from node n, verdict v where v.id = p_verdict
$$;

-- Keeps a decision with what it goes back to. False when the verdict is decided already.
create function note_decision(p_verdict int, p_decision text, p_by text, p_reason text)
returns boolean language plpgsql volatile as $$
begin
  update verdict v set decision = p_decision, decided_by = p_by, decided_at = sync_now(), decision_reason = p_reason,
         identity_before = n.identity, label_before = n.label, copy_of_before = n.copy_of, evidence_before = n.evidence,
         state_before = jsonb_build_object(
           'holds', (select coalesce(jsonb_object_agg(id, jsonb_build_object('sides', held_sides, 'at', held_at)), '{}')
                       from connection where held_sides <> '{}'),
           'claims', (select coalesce(jsonb_agg(to_jsonb(c)), '[]') from claim c))
    from node n
   where v.id = p_verdict and coalesce(v.decision, 'stay_inactive') = 'stay_inactive';
  return found;
end $$;

-- The same node, moved: what was seen now is what it looks like from here on. Where an instance has no
-- place for a sign of life, nothing there tells a moved node from a copy: its typed name is asked for.
create function become_same_node(p_verdict int, p_by text, p_reason text) returns boolean
language plpgsql volatile as $$
begin
  if not note_decision(p_verdict, 'same_node', p_by, p_reason) then return false; end if;
  update node set label = label_after(p_verdict),
                  evidence = (select evidence from verdict where id = p_verdict), evidence_at = sync_now();
  -- What was held before stays held.
  update connection k set held_at = case k.held_sides when '{}' then sync_now() else k.held_at end, held_sides = array(
      select side from unnest(array['local', 'remote']) side
       where side = any (k.held_sides)
          or case side when 'local' then l.state else r.state end = 'no_place')
    from claim l, claim r
   where l.instance_id = k.local_instance_id and l.project = k.local_settings ->> 'project'
     and r.instance_id = k.remote_instance_id and r.project = k.remote_settings ->> 'project'
     and 'no_place' in (l.state, r.state);
  return true;
end $$;

-- A copy: a node of its own. Whoever was signed in at the original is not signed in here; what it had to
-- send is set aside; its connections are held, since they point at the original's partners.
create function become_copy(p_verdict int, p_by text, p_reason text, p_label text) returns boolean
language plpgsql volatile as $$
declare
  v_old uuid := (select identity from node);
  v_since timestamptz := undecided_since(p_verdict);
begin
  if not note_decision(p_verdict, 'copy', p_by, p_reason) then return false; end if;
  update session set ended_at = sync_now() where ended_at is null;
  update api_token set revoked_at = sync_now() where revoked_at is null;
  update one_time_link set expires_at = sync_now() where expires_at > sync_now();
  update pair set identity = v_old where identity is null;
  update queue_entry
     set inherited_from = v_old, state = 'held', updated_at = sync_now(), planned_version = null,
         held_by = coalesce(held_by, 'node'), held_reason = coalesce(held_reason, 'Inherited from the copied node.')
   where (v_since is null or created_at < v_since)
     -- What was set aside in an earlier copy, and nobody released, stays so when this decision is taken back.
     and (state, held_by) is distinct from ('held', 'node');
  update connection set held_sides = '{local,remote}', held_at = sync_now();
  update claim set state = 'listening', last_nonce = null, next_nonce = null, nonces = '{}', written_at = null,
                   good_until = null, held_in = null,
                   seen = null, seen_at = null, still_since = null, moved_at = null, trouble = null,
                   due_at = sync_now(), lent_until = null;
  update node set identity = gen_random_uuid(), copy_of = v_old, label = coalesce(p_label, label_after(p_verdict)),
                  evidence = (select evidence from verdict where id = p_verdict), evidence_at = sync_now();
  return true;
end $$;

-- Takes a decision back. The caller has made sure that nothing was sent or pointed elsewhere since.
create function revoke_decision(p_verdict int) returns boolean language plpgsql volatile as $$
declare
  v verdict;
begin
  select * into v from verdict where id = p_verdict and decision is not null for update;
  if not found then return false; end if;
  if v.decision = 'copy' then
    update pair set identity = null where identity = v.identity_before;
    update queue_entry
       set state = case held_by when 'node' then 'queued' else state end,
           held_reason = case held_by when 'node' then null else held_reason end,
           held_by = case held_by when 'node' then null else held_by end,
           inherited_from = null, updated_at = sync_now()
     where inherited_from = v.identity_before;
    -- Our own sign of life would look like another node's without the nonces that we wrote.
    update claim c
       set state = case b.state when 'no_place' then b.state else 'listening' end, place = b.place, anchor = b.anchor,
           last_nonce = b.last_nonce, next_nonce = b.next_nonce, nonces = b.nonces, accepted_mark = b.accepted_mark,
           written_at = b.written_at, held_in = null, seen = null, seen_at = null, still_since = null,
           moved_at = null, trouble = b.trouble, due_at = sync_now(), lent_until = null
      from jsonb_populate_recordset(null::claim, v.state_before -> 'claims') b
     where b.instance_id = c.instance_id and b.project = c.project;
  end if;
  if v.decision in ('copy', 'same_node') then
    update connection k
       set held_sides = array(select jsonb_array_elements_text(v.state_before #> array['holds', k.id::text, 'sides'])),
           held_at = (v.state_before #>> array['holds', k.id::text, 'at'])::timestamptz;
    update node set identity = v.identity_before, label = v.label_before, copy_of = v.copy_of_before,
                    evidence = v.evidence_before;
  end if;
  update verdict set decision = null, decided_by = null, decided_at = null, decision_reason = null where id = p_verdict;
  return true;
end $$;

-- Lends what is due at an instance to one worker: to listen, always; to speak, only while active.
create function lend_claims(p_limit int, p_lease_ms int) returns setof claim language sql volatile as $$
  with picked as materialized (
    select instance_id, project from claim
     where due_at <= sync_now() and (lent_until is null or lent_until <= sync_now())
     order by due_at limit p_limit for update skip locked
  )
  update claim c set lent_until = sync_now() + p_lease_ms * interval '1 millisecond'
    from picked p where c.instance_id = p.instance_id and c.project = p.project returning c.*
$$;
