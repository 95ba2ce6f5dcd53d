-- The steps of each workflow, as far as issues have shown them: per status those that were offered last.
create table "workflow_step" (
  "instance_id" integer not null references "instance"("id") on delete cascade on update cascade,
  "workflow" text not null,
  "from_status" text not null,
  "transition_id" text not null,
  "name" text not null,
  "to_status" text not null,
  "fields" jsonb not null default '[]',
  "seen_at" timestamptz(3) not null,
  primary key ("instance_id", "workflow", "from_status", "transition_id")
);

-- What an issue at p_from offers now is all that there is from there.
create function note_steps(p_instance int, p_workflow text, p_from text, p_steps jsonb)
returns void language plpgsql volatile as $$
begin
  delete from workflow_step w
   where w.instance_id = p_instance and w.workflow = p_workflow and w.from_status = p_from
     and not exists (select from jsonb_array_elements(p_steps) s where s ->> 'id' = w.transition_id);
  insert into workflow_step (instance_id, workflow, from_status, transition_id, name, to_status, fields, seen_at)
  select p_instance, p_workflow, p_from, s ->> 'id', s ->> 'name', s ->> 'to', coalesce(s -> 'fields', '[]'), sync_now()
    from jsonb_array_elements(p_steps) s
   order by s ->> 'id'
  on conflict (instance_id, workflow, from_status, transition_id)
    do update set name = excluded.name, to_status = excluded.to_status, fields = excluded.fields, seen_at = excluded.seen_at;
end $$;
