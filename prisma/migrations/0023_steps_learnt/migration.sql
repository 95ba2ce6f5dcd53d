-- As before; and a step that was not known, or led elsewhere, may be the way to a status that could not be
-- reached: what failed for want of one at that instance is tried again.
create or replace function note_steps(p_instance int, p_workflow text, p_from text, p_steps jsonb)
returns void language plpgsql volatile as $$
declare
  v_is_news boolean;
begin
  select exists (
    select from jsonb_array_elements(p_steps) s
     where not exists (
       select from workflow_step w
        where w.instance_id = p_instance and w.workflow = p_workflow and w.from_status = p_from
          and w.transition_id = s ->> 'id' and w.to_status = s ->> 'to')) into v_is_news;
  delete from workflow_step w
   where w.instance_id = p_instance and w.workflow = p_workflow and w.from_status = p_from
     and not exists (select from jsonb_array_elements(p_steps) s where s ->> 'id' = w.transition_id);
  insert into workflow_step (instance_id, workflow, from_status, transition_id, name, to_status, fields, seen_at)
  select p_instance, p_workflow, p_from, s ->> 'id', s ->> 'name', s ->> 'to', coalesce(s -> 'fields', '[]'), sync_now()
    from jsonb_array_elements(p_steps) s
   order by s ->> 'id'
  on conflict (instance_id, workflow, from_status, transition_id)
    do update set name = excluded.name, to_status = excluded.to_status, fields = excluded.fields, seen_at = excluded.seen_at;
  if v_is_news then
    update queue_entry e
       set state = 'queued', failures = 0, error_code = null, error_message = null,
           planned_version = null, ready_at = sync_now(), updated_at = sync_now()
      from connection c
     where c.id = e.connection_id and p_instance in (c.local_instance_id, c.remote_instance_id)
       and e.state = 'failed' and e.error_code = 'no_transition';
  end if;
end $$;
