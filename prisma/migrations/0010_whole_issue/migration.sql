-- Gives a claim back: 'queued' (refused at the gate, a clean stop: no try is spent), 'retrying', 'failed', or
-- 'held' (automations answer each other: a person lets it go).
create or replace function return_entry(
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
         held_by = case p_state when 'held' then 'loop breaker' else held_by end,
         held_reason = case p_state when 'held' then p_message else held_reason end,
         claimed_by = null, claimed_at = null, claimed_version = null, incarnation = null, epoch = null
   where id = p_entry and state = 'running' and attempt = p_attempt and claimed_by = p_worker
     and incarnation = p_incarnation and epoch = p_epoch
  returning * into e;
  if not found then return false; end if;
  if p_state <> 'queued' or p_writes > 0 then
    insert into run (connection_id, pair_id, entry_id, attempt, ended_at, outcome, writes, words, error_code)
    values (e.connection_id, e.pair_id, p_entry, p_attempt, sync_now(),
            case p_state when 'queued' then 'refused' when 'held' then 'failed' else p_state end,
            p_writes, p_message, p_code);
  end if;
  return true;
end $$;
