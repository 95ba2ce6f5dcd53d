-- Pairs that people look for, stop and start again; errors that are remembered; choices in conflicts.

-- A stopped pair stays: what it knows of both issues is there when it starts again, and no trigger
-- brings an issue of it in a second time.
alter table pair
  add column stopped_at timestamptz(3),
  add column stopped_by text,
  add column stopped_reason text,
  -- Since when its issues are left different: what waited was discarded.
  add column differs_at timestamptz(3);

-- Looking for a pair by the beginning of a key, or of words of its summary, among 100,000 and more.
create index pair_local_key_prefix on pair (upper(local_key) text_pattern_ops);
create index pair_remote_key_prefix on pair (upper(remote_key) text_pattern_ops);
create index pair_words on pair using gin (to_tsvector('simple', summary));
create index pair_connection_id_id_idx on pair (connection_id, id);
create index pair_stopped on pair (id) where stopped_at is not null;
create index pair_differs on pair (id) where differs_at is not null;

-- As before, but for a pair whose sync a person stopped: 'stopped', and nothing is noted.
create or replace function record_change(
  p_connection int, p_side text, p_issue text, p_kind text, p_via text, p_actor text,
  p_happened_at timestamptz, p_fingerprint text, p_priority int
) returns text language plpgsql volatile as $$
declare
  v_pair int;
  v_stopped timestamptz;
  v_entry int;
begin
  select id, stopped_at into v_pair, v_stopped from pair
   where connection_id = p_connection
     and case p_side when 'local' then local_issue_id else remote_issue_id end = p_issue;
  if not found then
    update watermark set wanted_at = sync_now() where connection_id = p_connection and side = p_side;
    return 'no_pair';
  end if;
  if v_stopped is not null then return 'stopped'; end if;
  perform from change where connection_id = p_connection and side = p_side
      and issue_id = p_issue and fingerprint = p_fingerprint;
  if found then return 'known'; end if;
  insert into queue_entry as e (connection_id, pair_id, priority, created_at, updated_at, ready_at, born_in)
  values (p_connection, v_pair, p_priority, sync_now(), sync_now(), sync_now(), (select incarnation from gate))
  on conflict (pair_id) do update
     set version = e.version + 1,
         changes = e.changes + 1,
         priority = least(e.priority, excluded.priority),
         updated_at = sync_now(),
         -- What a person may just have mended is tried again; what a person holds stays held.
         state = case e.state when 'failed' then 'queued' else e.state end,
         failures = case e.state when 'failed' then 0 else e.failures end,
         error_code = case e.state when 'failed' then null else e.error_code end,
         error_message = case e.state when 'failed' then null else e.error_message end,
         ready_at = case e.state when 'failed' then sync_now() else e.ready_at end
  returning e.id into v_entry;
  insert into change (connection_id, pair_id, entry_id, side, issue_id, kind, via, actor, happened_at, at, fingerprint)
  values (p_connection, v_pair, v_entry, p_side, p_issue, p_kind, p_via, p_actor, p_happened_at, sync_now(), p_fingerprint)
  on conflict do nothing;
  return 'recorded';
end $$;

-- What an error message says when the names and numbers of one issue are taken out: errors of one
-- cause say the same.
create function error_cause(p_message text) returns text language sql immutable parallel safe as $$
  select left(regexp_replace(regexp_replace(coalesce(p_message, ''),
    '\m[A-Z][A-Z0-9_]+-[0-9]+\M', '…', 'g'), '[0-9]+', '#', 'g'), 300)
$$;
create index entry_error on queue_entry (error_code, id) where error_code is not null;
-- Planned, and waiting for a person's choice, although no worker has failed with it yet.
create index entry_conflict on queue_entry (id)
  where error_code is null and plan @> '{"conflicts": [{"resolution": "hold"}]}';

-- Each time that an error stood, from its first to its last sight: history, also of what ended by itself.
create table error_episode (
  id serial primary key,
  connection_id int not null references connection (id) on delete cascade on update cascade,
  -- Null when the whole connection stood still. Not a foreign key: history outlives its pair.
  pair_id int,
  code text not null,
  message text not null,
  count int not null default 1,
  opened_at timestamptz(3) not null,
  last_at timestamptz(3) not null,
  cleared_at timestamptz(3),
  -- mended | retried | discarded | decided | changed | given_back | stopped | unlinked
  cleared_how text,
  cleared_by text
);
create index error_episode_pair_id_id_idx on error_episode (pair_id, id);
create index error_episode_connection_id_id_idx on error_episode (connection_id, id);
create index error_episode_opened_at_id_idx on error_episode (opened_at, id);
create unique index error_episode_open on error_episode (connection_id, coalesce(pair_id, 0), code)
  where cleared_at is null;
create index error_episode_of on error_episode (connection_id, coalesce(pair_id, 0), code, id);

-- Errors that stand at their connection. A worker that could not plan an entry because of one notes it at
-- the entry as well; that is no second episode. Held to lib/errors.ts by a test.
create function stops_connection(p_code text) returns boolean language sql immutable parallel safe as $$
  select p_code in ('instance_unreachable', 'instance_failing', 'rate_limited', 'credentials_rejected',
                    'credentials_unreadable', 'another_instance', 'address_refused', 'unexpected_answer')
$$;

-- Seen again within a quarter of an hour of its end it is the same episode: a retry did not help.
create function open_error(p_connection int, p_pair int, p_code text, p_message text)
returns void language plpgsql volatile as $$
begin
  update error_episode
     set count = count + 1, message = p_message, last_at = sync_now(),
         cleared_at = null, cleared_how = null, cleared_by = null
   where id = (select id from error_episode
                where connection_id = p_connection and coalesce(pair_id, 0) = coalesce(p_pair, 0) and code = p_code
                  and (cleared_at is null or cleared_at > sync_now() - interval '15 minutes')
                order by id desc limit 1);
  if found then return; end if;
  insert into error_episode (connection_id, pair_id, code, message, opened_at, last_at)
  values (p_connection, p_pair, p_code, p_message, sync_now(), sync_now());
end $$;

-- `exalate.by` names the person in whose transaction an error ends, `exalate.how` what they did.
create function close_error(p_connection int, p_pair int, p_code text, p_how text)
returns void language sql volatile as $$
  update error_episode
     set cleared_at = sync_now(), cleared_by = nullif(current_setting('exalate.by', true), ''),
         cleared_how = coalesce(nullif(current_setting('exalate.how', true), ''), p_how)
   where connection_id = p_connection and coalesce(pair_id, 0) = coalesce(p_pair, 0) and code = p_code
     and cleared_at is null
$$;

create function note_entry_error() returns trigger language plpgsql as $$
begin
  if tg_op <> 'INSERT' and old.error_code is not null and not stops_connection(old.error_code)
     and (tg_op = 'DELETE' or new.error_code is distinct from old.error_code) then
    perform close_error(old.connection_id, old.pair_id, old.error_code, case
      when tg_op = 'DELETE' then
        case when exists (select from pair where id = old.pair_id) then 'mended' else 'unlinked' end
      when new.error_code is not null then 'mended'
      when new.version > old.version then 'changed'
      when old.state = 'running' and new.version = old.claimed_version then 'given_back'
      else 'mended' end);
  end if;
  if tg_op <> 'DELETE' and new.error_code is not null and not stops_connection(new.error_code) then
    perform open_error(new.connection_id, new.pair_id, new.error_code, coalesce(new.error_message, ''));
  end if;
  return null;
end $$;

create trigger entry_error_arrives after insert on queue_entry
  for each row when (new.error_code is not null) execute function note_entry_error();
create trigger entry_error_changes after update of error_code, error_message, failures on queue_entry
  for each row when ((old.error_code is not null or new.error_code is not null)
    and (old.error_code, old.error_message, old.failures)
        is distinct from (new.error_code, new.error_message, new.failures))
  execute function note_entry_error();
create trigger entry_error_leaves after delete on queue_entry
  for each row when (old.error_code is not null) execute function note_entry_error();

create function note_connection_error() returns trigger language plpgsql as $$
begin
  if old.error_code is not null and new.error_code is distinct from old.error_code then
    perform close_error(old.id, null, old.error_code, 'mended');
  end if;
  if new.error_code is not null then
    perform open_error(new.id, null, new.error_code, coalesce(new.error_message, ''));
  end if;
  return null;
end $$;

create trigger connection_error_changes after update of error_code, error_message, error_count on connection
  for each row when ((old.error_code, old.error_count) is distinct from (new.error_code, new.error_count))
  execute function note_connection_error();

-- What stands already when this version begins.
insert into error_episode (connection_id, pair_id, code, message, opened_at, last_at)
select connection_id, pair_id, error_code, coalesce(error_message, ''), updated_at, updated_at
  from queue_entry where error_code is not null and not stops_connection(error_code)
union all
select id, null, error_code, coalesce(error_message, ''), coalesce(error_at, sync_now()), sync_now()
  from connection where error_code is not null;

-- A person's word in a conflict: this side's value for this field, as long as both values are those that
-- were shown (their digest). Asked again otherwise.
create table choice (
  pair_id int not null references pair (id) on delete cascade on update cascade,
  field text not null,
  side text not null constraint choice_side_known check (side in ('local', 'remote')),
  digest text not null,
  by text not null,
  at timestamptz(3) not null,
  reason text,
  primary key (pair_id, field)
);

-- A pair that has come in step has no conflict left, and differs no more.
create function forget_differences() returns trigger language plpgsql as $$
begin
  new.differs_at := null;
  delete from choice where pair_id = new.id;
  return new;
end $$;
create trigger pair_in_step before update of in_step_at on pair
  for each row when (new.in_step_at is distinct from old.in_step_at) execute function forget_differences();

create function note_discard() returns trigger language plpgsql as $$
begin
  update pair set differs_at = new.ended_at where id = new.pair_id;
  return null;
end $$;
create trigger run_discarded after insert on run
  for each row when (new.outcome = 'discarded') execute function note_discard();
update pair p set differs_at = r.ended_at
  from (select pair_id, max(ended_at) as ended_at from run where outcome = 'discarded' group by pair_id) r
 where r.pair_id = p.id and r.ended_at > coalesce(p.in_step_at, '-infinity');
