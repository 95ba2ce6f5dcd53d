-- The gate: one row, its clock, and the functions that open, close and fence.
--
-- Advisory locks (two-key form, the first key is ours): 1 = START, starters take turns;
-- 2 = GATE, shared by permits, exclusive for opening and closing; 3 = CLAIM, one per connection.

-- The only clock. A test may replace it.
create function sync_now() returns timestamptz(3) language sql volatile
  as $$ select date_trunc('milliseconds', clock_timestamp())::timestamptz(3) $$;

-- How long after its deadline a write that nobody answered for may still land.
create function permit_margin() returns interval language sql immutable
  as $$ select interval '2 seconds' $$;

alter table gate add constraint gate_is_one_row check (id = 1);
alter table gate add constraint gate_state_known check (state in ('inactive', 'active', 'closing'));
alter table node add constraint node_is_one_row check (id = 1);
insert into node (identity) values (gen_random_uuid());
insert into gate (reason) values ('This node has never been activated.');

create index permit_open on permit (pair_id, deadline_at) where outcome = 'open';
create index permit_unsettled on permit (pair_id) where outcome in ('open', 'unknown');
alter table permit add constraint permit_outcome_known
  check (outcome in ('open', 'applied', 'rejected', 'unknown', 'unsent'));

create function forbid_rewriting() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name;
end $$;
create trigger audit_append_only before update or delete on audit
  for each row execute function forbid_rewriting();
create trigger gate_change_append_only before update or delete on gate_change
  for each row execute function forbid_rewriting();

-- Opens the gate if `p_incarnation`, `p_epoch` is what it is under now, and inactive. Returns whether it did.
-- Two statements: the lock first, so that the second sees what the last holder committed.
create function open_gate(p_incarnation text, p_epoch int, p_by text, p_reason text)
returns boolean language plpgsql volatile as $$
declare
  g gate;
begin
  perform pg_advisory_xact_lock(2, 0);
  update gate set state = 'active', epoch = epoch + 1, since = sync_now(), by = p_by, reason = p_reason
   where state = 'inactive' and incarnation = p_incarnation and incarnation <> '' and epoch = p_epoch
  returning * into g;
  if not found then return false; end if;
  insert into gate_change (kind, state, incarnation, epoch, at, by, reason)
  values ('opened', g.state, g.incarnation, g.epoch, g.since, p_by, p_reason);
  return true;
end $$;

-- Ends a closing when no write is on the wire; gives up on permits whose time and margin have passed.
-- Needs no lock: while closing, no permit is granted.
create function settle_closing() returns boolean language plpgsql volatile as $$
begin
  perform from gate where state = 'closing';
  if not found then return false; end if;
  update permit set outcome = 'unknown'
   where outcome = 'open' and deadline_at + permit_margin() <= sync_now();
  update gate set state = 'inactive', since = sync_now()
   where state = 'closing' and not exists (select from permit where outcome = 'open');
  if not found then return false; end if;
  insert into gate_change (kind, state, incarnation, epoch, at, by, reason)
  select 'closed', state, incarnation, epoch, since, by, reason from gate;
  return true;
end $$;

-- Begins to close an open gate. Returns whether it was open.
-- The exclusive lock waits for permits being granted; after the commit none is.
create function close_gate(p_by text, p_reason text)
returns boolean language plpgsql volatile as $$
declare
  g gate;
begin
  perform pg_advisory_xact_lock(2, 0);
  update gate set state = 'closing', epoch = epoch + 1, since = sync_now(), by = p_by, reason = p_reason
   where state = 'active' returning * into g;
  if not found then return false; end if;
  insert into gate_change (kind, state, incarnation, epoch, at, by, reason)
  values ('closing', g.state, g.incarnation, g.epoch, g.since, p_by, p_reason);
  perform settle_closing();
  return true;
end $$;

-- A new life of the node's workers, by compare-and-swap: the gate shuts and claims come back.
-- False when another starter was first.
create function begin_incarnation(p_seen_incarnation text, p_seen_epoch int, p_new text, p_reason text)
returns boolean language plpgsql volatile as $$
declare
  g gate;
begin
  perform pg_advisory_xact_lock(2, 0);
  update permit set outcome = 'unknown'
   where outcome = 'open' and deadline_at + permit_margin() <= sync_now();
  update gate
     set incarnation = p_new, epoch = epoch + 1, since = sync_now(), by = null, reason = p_reason,
         state = case when exists (select from permit where outcome = 'open') then 'closing' else 'inactive' end
   where incarnation = p_seen_incarnation and epoch = p_seen_epoch
  returning * into g;
  if not found then return false; end if;
  update queue_entry
     set state = 'queued', claimed_by = null, claimed_at = null, claimed_version = null,
         incarnation = null, epoch = null, updated_at = sync_now()
   where state = 'running';
  insert into gate_change (kind, state, incarnation, epoch, at, reason)
  values ('new_incarnation', g.state, g.incarnation, g.epoch, g.since, p_reason);
  insert into audit (at, actor, action, reason, detail)
  values (g.since, 'node', 'gate.new_incarnation', p_reason,
          jsonb_build_object('incarnation', g.incarnation, 'epoch', g.epoch));
  return true;
end $$;

-- May this write leave? 'granted', or why not. One round trip; each statement sees a fresh snapshot.
-- GATE is taken shared *before* the gate is read: a plain read lets permits through after a closing returned.
-- The entry's row is locked: against a rescue, either this permit is first and the rescuer's
-- claim waits for it, or it is refused.
create function grant_permit(
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
  select * into e from queue_entry
   where id = p_entry and state = 'running' and attempt = p_attempt and claimed_by = p_worker
     and incarnation = p_incarnation and epoch = p_epoch
     for share;
  if not found then return 'claim_lost'; end if;
  insert into permit (id, incarnation, epoch, worker_id, connection_id, pair_id, entry_id, attempt,
                      side, kind, method, path, issue_key, marker, intended, before, granted_at, deadline_at)
  values (p_id, p_incarnation, p_epoch, p_worker, e.connection_id, e.pair_id, p_entry, p_attempt,
          p_side, p_kind, p_method, p_path, p_issue_key, p_marker, p_intended, p_before,
          sync_now(), sync_now() + p_life_ms * interval '1 millisecond');
  return 'granted';
end $$;
