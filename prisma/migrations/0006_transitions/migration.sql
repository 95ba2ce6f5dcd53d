-- The gate moves as lib/gate/transitions.ts says, or not at all: whoever updates it, by whatever way.

create table "gate_transition" (
    "event" text not null,
    "from_state" text not null,
    "to_state" text not null,
    "epoch_step" integer not null,
    "new_incarnation" boolean not null,

    constraint "gate_transition_pkey" primary key ("event", "from_state", "to_state")
);

insert into gate_transition (event, from_state, to_state, epoch_step, new_incarnation) values
  ('begin', 'inactive', 'inactive', 1, true),
  ('begin', 'inactive', 'closing', 1, true),
  ('begin', 'active', 'inactive', 1, true),
  ('begin', 'active', 'closing', 1, true),
  ('begin', 'closing', 'inactive', 1, true),
  ('begin', 'closing', 'closing', 1, true),
  ('open', 'inactive', 'active', 1, false),
  ('close', 'active', 'closing', 1, false),
  ('settle_closing', 'closing', 'inactive', 0, false);

create trigger gate_transition_append_only before update or delete on gate_transition
  for each row execute function forbid_rewriting();

-- Updates that leave state, incarnation and epoch alone (the beat) do not come here.
create function refuse_unknown_move() returns trigger language plpgsql as $$
begin
  perform from gate_transition
   where from_state = old.state and to_state = new.state and epoch_step = new.epoch - old.epoch
     and new_incarnation = (new.incarnation <> old.incarnation);
  if not found then
    raise exception 'the gate does not move from % (epoch %) to % (epoch %)%', old.state, old.epoch, new.state, new.epoch,
      case when new.incarnation <> old.incarnation then ' under a new incarnation' else '' end;
  end if;
  return new;
end $$;
create trigger gate_moves_by_the_table before update on gate for each row
  when ((old.state, old.incarnation, old.epoch) is distinct from (new.state, new.incarnation, new.epoch))
  execute function refuse_unknown_move();
