-- The Sync Queue: what is detected, claimed, completed. One function each, one round trip each.

alter table queue_entry add constraint entry_state_known
  check (state in ('queued', 'running', 'retrying', 'held', 'failed'));
create index entry_to_plan on queue_entry (priority, created_at, id)
  where planned_version is distinct from version;

-- Marks the pair of an issue as changed: one entry per pair, one change per fingerprint.
-- 'recorded'; 'known' for a repeated delivery; 'no_pair' for an issue that is not under sync, which
-- makes the next poll of that side due at once (its trigger may bring the issue in).
create function record_change(
  p_connection int, p_side text, p_issue text, p_kind text, p_via text, p_actor text,
  p_happened_at timestamptz, p_fingerprint text, p_priority int
) returns text language plpgsql volatile as $$
declare
  v_pair int;
  v_entry int;
begin
  select id into v_pair from pair
   where connection_id = p_connection
     and case p_side when 'local' then local_issue_id else remote_issue_id end = p_issue;
  if not found then
    update watermark set wanted_at = sync_now() where connection_id = p_connection and side = p_side;
    return 'no_pair';
  end if;
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

-- Claims up to `p_limit` entries under a fence. The gate is in the statement that claims.
-- CLAIM is taken per connection before its running entries are counted, so that two workers
-- cannot both fill the last place; a connection that another worker is claiming from is skipped.
create function claim_entries(p_worker uuid, p_incarnation text, p_epoch int, p_limit int)
returns setof queue_entry language plpgsql volatile as $$
declare
  c record;
  n int := 0;
  taken int := 0;
begin
  for c in
    select k.id, k.concurrency from connection k
      join instance l on l.id = k.local_instance_id
      join instance r on r.id = k.remote_instance_id
     where (k.error_code is null or k.retry_at <= sync_now())
       and coalesce(l.paused_until, '-infinity') <= sync_now()
       and coalesce(r.paused_until, '-infinity') <= sync_now()
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

-- Records what came back for a permit, and advances what is known of the pair, in one step.
-- The effect counts only while the claim is current: a worker that was rescued from changes nothing.
-- Returns the gate's state, so that the caller can settle a closing; null when the permit was already settled.
create function settle_permit(
  p_id uuid, p_outcome text, p_status int, p_answer jsonb, p_duration_ms int, p_effect jsonb
) returns text language plpgsql volatile as $$
declare
  p permit;
begin
  update permit set outcome = p_outcome, status = p_status, answer = p_answer,
                    duration_ms = p_duration_ms, answered_at = sync_now()
   where id = p_id and outcome = 'open' returning * into p;
  if not found then return null; end if;
  if p_effect is not null then
    perform from queue_entry where id = p.entry_id and state = 'running' and attempt = p.attempt
        and claimed_by = p.worker_id and incarnation = p.incarnation and epoch = p.epoch for share;
    if found then perform advance_pair(p.pair_id, p_effect); end if;
  end if;
  return (select state from gate);
end $$;

-- What one confirmed write (or one adopted twin) taught us about a pair. All parts are optional:
-- { localFields, remoteFields: {field: value}, twin: {side, id, key}, comment: {side, id, mirrorId, sent} }
create function advance_pair(p_pair int, p_effect jsonb) returns void language plpgsql volatile as $$
begin
  if p_effect ? 'twin' then
    -- A trigger on the other side may have found our new issue before we could note it: that pair was
    -- never more than a name, and whoever reads it finds our marker and sends nothing.
    delete from pair p using pair mine
     where mine.id = p_pair and p.connection_id = mine.connection_id and p.id <> mine.id
       and case p_effect #>> '{twin,side}'
             when 'local' then p.local_issue_id = p_effect #>> '{twin,id}' and p.remote_issue_id is null
             else p.remote_issue_id = p_effect #>> '{twin,id}' and p.local_issue_id is null end;
  end if;
  update pair set
    local_base = case when p_effect ? 'localFields'
      then coalesce(local_base, '{}'::jsonb) || (p_effect -> 'localFields') else local_base end,
    remote_base = case when p_effect ? 'remoteFields'
      then coalesce(remote_base, '{}'::jsonb) || (p_effect -> 'remoteFields') else remote_base end,
    local_issue_id = case when p_effect #>> '{twin,side}' = 'local' then p_effect #>> '{twin,id}' else local_issue_id end,
    local_key = case when p_effect #>> '{twin,side}' = 'local' then p_effect #>> '{twin,key}' else local_key end,
    remote_issue_id = case when p_effect #>> '{twin,side}' = 'remote' then p_effect #>> '{twin,id}' else remote_issue_id end,
    remote_key = case when p_effect #>> '{twin,side}' = 'remote' then p_effect #>> '{twin,key}' else remote_key end
  where id = p_pair;
  if p_effect ? 'comment' then
    insert into comment_link (pair_id, side, comment_id, mirror_id, sent)
    values (p_pair, p_effect #>> '{comment,side}', p_effect #>> '{comment,id}',
            p_effect #>> '{comment,mirrorId}', p_effect #>> '{comment,sent}')
    on conflict (pair_id, side, comment_id) do update set mirror_id = excluded.mirror_id, sent = excluded.sent;
  end if;
end $$;

-- Takes a finished entry off the queue. The claim is in the WHERE; an entry that changed while it ran
-- goes back to be read again. 'done', 'requeued', or 'lost' (then nothing was changed).
create function complete_entry(
  p_entry int, p_attempt int, p_worker uuid, p_incarnation text, p_epoch int,
  p_outcome text, p_writes int, p_words text, p_reading jsonb
) returns text language plpgsql volatile as $$
declare
  e queue_entry;
  v_result text := 'done';
begin
  delete from queue_entry
   where id = p_entry and state = 'running' and attempt = p_attempt and claimed_by = p_worker
     and incarnation = p_incarnation and epoch = p_epoch and version = claimed_version
  returning * into e;
  if not found then
    update queue_entry
       set state = 'queued', claimed_by = null, claimed_at = null, claimed_version = null, incarnation = null,
           epoch = null, failures = 0, error_code = null, error_message = null,
           ready_at = sync_now(), updated_at = sync_now()
     where id = p_entry and state = 'running' and attempt = p_attempt and claimed_by = p_worker
       and incarnation = p_incarnation and epoch = p_epoch
    returning * into e;
    if not found then return 'lost'; end if;
    v_result := 'requeued';
  end if;
  perform note_reading(e.pair_id, p_reading);
  insert into run (connection_id, pair_id, entry_id, attempt, ended_at, outcome, writes, words)
  values (e.connection_id, e.pair_id, p_entry, p_attempt, sync_now(), p_outcome, p_writes, p_words);
  return v_result;
end $$;

-- The two readings of a pair that is in step: its new base.
-- { local: {key, seenAt, fields}, remote: …, summary, known: [{side, id, mirrorId, sent}] }
create function note_reading(p_pair int, p_reading jsonb) returns void language plpgsql volatile as $$
begin
  if p_reading is null then return; end if;
  -- Merged over the old base: a field that was missing in the answer keeps its base.
  update pair set
    local_base = coalesce(local_base, '{}'::jsonb) || (p_reading #> '{local,fields}'),
    remote_base = coalesce(remote_base, '{}'::jsonb) || (p_reading #> '{remote,fields}'),
    local_key = p_reading #>> '{local,key}',
    remote_key = p_reading #>> '{remote,key}',
    local_seen_at = (p_reading #>> '{local,seenAt}')::timestamptz,
    remote_seen_at = (p_reading #>> '{remote,seenAt}')::timestamptz,
    summary = p_reading ->> 'summary',
    in_step_at = sync_now()
  where id = p_pair;
  insert into comment_link (pair_id, side, comment_id, mirror_id, sent)
  select p_pair, k ->> 'side', k ->> 'id', k ->> 'mirrorId', k ->> 'sent'
    from jsonb_array_elements(p_reading -> 'known') k
  on conflict (pair_id, side, comment_id)
    do update set mirror_id = coalesce(excluded.mirror_id, comment_link.mirror_id), sent = excluded.sent;
end $$;

-- Gives a claim back: 'queued' (refused at the gate, a clean stop: no try is spent), 'retrying' or 'failed'.
create function return_entry(
  p_entry int, p_attempt int, p_worker uuid, p_incarnation text, p_epoch int,
  p_state text, p_delay_ms int, p_writes int, p_code text, p_message text
) returns boolean language plpgsql volatile as $$
declare
  e queue_entry;
begin
  update queue_entry
     -- Changed while it ran: what failed may have been mended by that change.
     set state = case when p_state = 'failed' and version <> claimed_version then 'queued' else p_state end,
         failures = failures + case p_state when 'queued' then 0 else 1 end,
         ready_at = sync_now() + p_delay_ms * interval '1 millisecond',
         error_code = p_code, error_message = p_message, updated_at = sync_now(),
         claimed_by = null, claimed_at = null, claimed_version = null, incarnation = null, epoch = null
   where id = p_entry and state = 'running' and attempt = p_attempt and claimed_by = p_worker
     and incarnation = p_incarnation and epoch = p_epoch
  returning * into e;
  if not found then return false; end if;
  if p_state <> 'queued' or p_writes > 0 then
    insert into run (connection_id, pair_id, entry_id, attempt, ended_at, outcome, writes, words, error_code)
    values (e.connection_id, e.pair_id, p_entry, p_attempt, sync_now(),
            case p_state when 'queued' then 'refused' else p_state end, p_writes, p_message, p_code);
  end if;
  return true;
end $$;

-- Takes entries back from workers of a living incarnation that have stopped or are silent.
create function rescue_entries(p_silent_ms int) returns int language sql volatile as $$
  with lost as (
    update queue_entry e
       set state = 'queued', claimed_by = null, claimed_at = null, claimed_version = null,
           incarnation = null, epoch = null, updated_at = sync_now()
     where e.state = 'running'
       and not exists (select from worker w where w.id = e.claimed_by and w.stopped_at is null
                         and w.seen_at > sync_now() - p_silent_ms * interval '1 millisecond')
    returning 1
  )
  select count(*)::int from lost
$$;

-- Lends entries to a planner, which only reads: while the gate is shut, and for held entries always.
create function lend_for_planning(p_limit int) returns setof queue_entry language sql volatile as $$
  with picked as materialized (
    select e.id from queue_entry e
      join connection k on k.id = e.connection_id
      join instance l on l.id = k.local_instance_id
      join instance r on r.id = k.remote_instance_id
     where e.planned_version is distinct from e.version
       and (e.planning_until is null or e.planning_until <= sync_now())
       and (e.state = 'held' or (e.state in ('queued', 'retrying') and e.ready_at <= sync_now()
            and (select state from gate) <> 'active'))
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

-- Keeps a plan beside its entry. With nothing to send the entry leaves the queue, unless it changed
-- meanwhile or a person holds it. 'kept', 'left', or 'changed' (to be planned again).
create function save_plan(
  p_entry int, p_version int, p_plan jsonb, p_digest text, p_direction text, p_words text,
  p_summary text, p_reading jsonb
) returns text language plpgsql volatile as $$
declare
  e queue_entry;
begin
  if p_plan is null then
    delete from queue_entry
     where id = p_entry and version = p_version and state in ('queued', 'retrying') returning * into e;
    if found then
      perform note_reading(e.pair_id, p_reading);
      insert into run (connection_id, pair_id, entry_id, attempt, ended_at, outcome, writes, words)
      values (e.connection_id, e.pair_id, p_entry, e.attempt, sync_now(), 'nothing_to_send', 0, p_words);
      return 'left';
    end if;
  end if;
  update queue_entry
     set plan = p_plan, plan_digest = p_digest, planned_version = p_version, planned_at = sync_now(),
         direction = p_direction, words = p_words, planning_until = null, updated_at = sync_now(),
         error_code = case state when 'failed' then error_code else null end,
         error_message = case state when 'failed' then error_message else null end
   where id = p_entry returning * into e;
  if not found then return 'changed'; end if;
  update pair set summary = p_summary where id = e.pair_id and summary is distinct from p_summary;
  return case when e.version = p_version then 'kept' else 'changed' end;
end $$;
