-- Only in the databases of the chaos: writes down what happens in the order in which it happens. A number is
-- drawn while the deed still holds its lock, so the order of two deeds that exclude each other is that of their numbers.
create table witness (
  n bigserial primary key,
  at timestamptz not null default clock_timestamp(),
  about text not null,
  deed text not null,
  was jsonb,
  became jsonb
);

create function witness() returns trigger language plpgsql as $$
begin
  insert into witness (about, deed, was, became)
  values (tg_table_name, tg_op, case when tg_op <> 'INSERT' then to_jsonb(old) end,
          case when tg_op <> 'DELETE' then to_jsonb(new) end
            || case when tg_table_name = 'worker' then (select jsonb_build_object('epoch', epoch) from gate) else '{}' end);
  return null;
end $$;

create trigger witness_granted after insert on permit for each row execute function witness();
create trigger witness_settled after update on permit for each row
  when (old.outcome is distinct from new.outcome) execute function witness();
create trigger witness_history after insert on gate_change for each row execute function witness();
create trigger witness_gate after update on gate for each row
  when ((old.state, old.incarnation, old.epoch) is distinct from (new.state, new.incarnation, new.epoch))
  execute function witness();
create trigger witness_joined after insert on worker for each row execute function witness();
create trigger witness_entry_moved after update on queue_entry for each row
  when ((old.state, old.attempt, old.claimed_by) is distinct from (new.state, new.attempt, new.claimed_by))
  execute function witness();
create trigger witness_claim after update on claim for each row
  when ((old.state, old.held_in) is distinct from (new.state, new.held_in)) execute function witness();
create trigger witness_entry_left after delete on queue_entry for each row execute function witness();

-- A slow disk, now and then, where it matters.
create function dawdle() returns trigger language plpgsql as $$
begin
  if random() < 0.3 then perform pg_sleep(random() * 0.008); end if;
  return new;
end $$;
create trigger a_slow_grant before insert on permit for each row execute function dawdle();
create trigger a_slow_change before insert on gate_change for each row execute function dawdle();

-- Waits are shortened here as they are in the workers.
create or replace function permit_margin() returns interval language sql immutable
  as $$ select interval '600 milliseconds' $$;

-- Refusals leave no row: each function that grants is wrapped in one that notes them.
do $$
declare
  f record;
begin
  for f in select p.oid, p.proname, pg_get_function_arguments(p.oid) as arguments,
                  pg_get_function_identity_arguments(p.oid) as identity,
                  array_to_string(p.proargnames, ', ') as names
             from pg_proc p where p.proname in ('grant_permit', 'grant_claim_permit')
  loop
    execute format('alter function %I(%s) rename to %I', f.proname, f.identity, f.proname || '_itself');
    execute format($f$
      create function %I(%s) returns text language plpgsql volatile as $body$
      declare
        answer text;
      begin
        answer := %I(%s);
        if answer <> 'granted' then
          insert into witness (about, deed, became)
          values (%L, 'refused', jsonb_build_object('because', answer, 'incarnation', p_incarnation, 'epoch', p_epoch));
        end if;
        return answer;
      end $body$ $f$, f.proname, f.arguments, f.proname || '_itself', f.names, f.proname);
  end loop;
end $$;
