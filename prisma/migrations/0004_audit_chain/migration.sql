-- The audit as a chain: each record is sealed, with the hash of the one before it, under a key that is
-- not in the database. Records from before the chain keep nulls.
--
-- Advisory locks, besides START, GATE and CLAIM: 4 = AUDIT, whoever appends takes turns. It is always
-- taken last, so that nobody who holds it waits for anything.

alter table audit
  add column seq bigint,
  add column prev text,
  add column key_id text,
  add column hash text;
create unique index audit_seq_key on audit (seq);
alter table audit add constraint audit_is_chained_whole
  check (num_nulls(seq, prev, key_id, hash) in (0, 4));

create trigger audit_never_emptied before truncate on audit
  for each statement execute function forbid_rewriting();

-- The last record of the chain, for the one who appends the next: AUDIT is held until the transaction ends.
-- Two statements: the lock first, so that the second sees what the last holder committed.
create function audit_head(out seq bigint, out hash text, out now timestamptz(3))
language plpgsql volatile as $$
begin
  perform pg_advisory_xact_lock(4, 0);
  select a.seq, a.hash into seq, hash from audit a where a.seq is not null order by a.seq desc limit 1;
  seq := coalesce(seq, 0);
  hash := coalesce(hash, '');
  now := sync_now();
end $$;

-- As before, but its audit is appended by the caller, who has the key, in the same transaction.
create or replace function begin_incarnation(p_seen_incarnation text, p_seen_epoch int, p_new text, p_reason text)
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
  return true;
end $$;
