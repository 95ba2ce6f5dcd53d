-- Webhooks at the instances: what a person wants, what was found there, what came in. One row per side.
create table webhook (
  connection_id integer not null references connection (id) on delete cascade on update cascade,
  side text not null,
  -- register | remove; null: nobody wants anything. Good only while `identity` is the node's own.
  wish text,
  wished_at timestamptz(3),
  wished_by text,
  identity uuid,
  -- Where ours posts to, as it was shown to the person; never with what proves an event.
  address text,
  -- Not tried again before.
  try_at timestamptz(3),
  -- [{ id, name, address, events, lacks, whose, since }] as last seen; null: never looked.
  found jsonb,
  looked_at timestamptz(3),
  -- Whether the instance signs what it posts.
  signs boolean,
  -- Why it could not be looked at.
  trouble_code text,
  trouble text,
  -- Why the last wish was not carried out, or not yet.
  failure_code text,
  failure text,
  failure_at timestamptz(3),
  -- The digest of the sealed secret that ours was registered with: another one by now is another secret.
  secret_mark text,
  registered_at timestamptz(3),
  -- The last event that was proven to come from there; the last that was not, and why.
  heard_at timestamptz(3),
  doubted_at timestamptz(3),
  doubt text,
  due_at timestamptz(3) not null default now(),
  lent_until timestamptz(3),
  primary key (connection_id, side)
);
alter table webhook add constraint webhook_side_known check (side in ('local', 'remote')),
  add constraint webhook_wish_known check (wish in ('register', 'remove'));

-- Each side has its row. A side that is pointed elsewhere begins anew: nothing is known of that instance.
create function ensure_webhooks() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' then
    delete from webhook where connection_id = new.id
      and ((side = 'local' and old.local_instance_id <> new.local_instance_id)
        or (side = 'remote' and old.remote_instance_id <> new.remote_instance_id));
  end if;
  insert into webhook (connection_id, side, due_at)
  select new.id, side, sync_now() from unnest(array['local', 'remote']) side
  on conflict do nothing;
  return null;
end $$;
create trigger connection_has_webhooks after insert or update of local_instance_id, remote_instance_id
  on connection for each row execute function ensure_webhooks();
insert into webhook (connection_id, side) select id, side from connection, unnest(array['local', 'remote']) side;

-- May what a person wants be sent now? Null: yes; else what stands in the way.
create function webhook_waits_for(w webhook) returns text language sql stable as $$
  select case
    when w.wish is null or w.identity is distinct from (select identity from node) then 'nobody_wants_it'
    when k.held_sides <> '{}' then 'connection_held'
    when g.state <> 'active' then g.state
    when g.scope <> '{}' and k.id <> all (g.scope) then 'out_of_scope'
    when is_paused(k) then 'connection_paused'
    when k.error_code = 'another_instance' then 'another_instance'
    when not claim_stands(k.id, w.side, g.incarnation) then 'not_ours_there'
  end
  from gate g, connection k where k.id = w.connection_id
$$;

-- Sides to look at, each lent to one worker at a time: those that are due, and those where somebody's wish
-- may be carried out now. A held connection's instances are not talked to.
create function lend_webhooks(p_limit int, p_lease_ms int) returns setof webhook
language sql volatile as $$
  update webhook w set lent_until = sync_now() + p_lease_ms * interval '1 millisecond'
    from (select x.connection_id, x.side from webhook x join connection k on k.id = x.connection_id
           where (x.lent_until is null or x.lent_until <= sync_now()) and k.held_sides = '{}'
             and (x.due_at <= sync_now()
                  or (x.wish is not null and coalesce(x.try_at, '-infinity') <= sync_now()
                      and webhook_waits_for(x) is null))
           order by x.wish is null, x.due_at limit p_limit for update of x skip locked) due
   where w.connection_id = due.connection_id and w.side = due.side
  returning w.*
$$;

-- The permit to register or remove a webhook: a write of no pair, for a wish in this worker's hands. Not
-- while an earlier one may still land, since a second registration would double it.
create function grant_webhook_permit(
  p_id uuid, p_worker uuid, p_incarnation text, p_epoch int, p_connection int, p_side text,
  p_lent_until timestamptz, p_method text, p_path text, p_intended jsonb, p_before jsonb, p_life_ms int
) returns text language plpgsql volatile as $$
declare
  g gate;
  w webhook;
  v_waits text;
begin
  perform pg_advisory_xact_lock_shared(2, 0);
  select * into g from gate;
  if g.incarnation <> p_incarnation then return 'earlier_incarnation'; end if;
  if g.epoch <> p_epoch then return case when g.state = 'active' then 'earlier_epoch' else g.state end; end if;
  if g.state <> 'active' then return g.state; end if;
  if not knows_server(p_worker) then return 'another_server'; end if;
  select * into w from webhook
   where connection_id = p_connection and side = p_side and lent_until = p_lent_until for update;
  if not found then return 'claim_lost'; end if;
  v_waits := webhook_waits_for(w);
  if v_waits is not null then return v_waits; end if;
  -- The hour is far longer than any write may take, and keeps the search short.
  if exists (select from permit where granted_at > sync_now() - interval '1 hour'
              and connection_id = p_connection and side = p_side and kind = 'webhook'
              and outcome in ('open', 'unknown') and deadline_at + permit_margin() > sync_now())
  then return 'may_still_land'; end if;
  insert into permit (id, incarnation, epoch, worker_id, connection_id, side, kind, method, path,
                      intended, before, granted_at, deadline_at)
  values (p_id, p_incarnation, p_epoch, p_worker, p_connection, p_side, 'webhook', p_method, p_path,
          p_intended, p_before, sync_now(), sync_now() + p_life_ms * interval '1 millisecond');
  return 'granted';
end $$;

-- A new life looks again, and what the last one had lent out is free at once.
create function webhooks_of_new_life() returns trigger language plpgsql as $$
begin
  update webhook set lent_until = null where lent_until is not null;
  return null;
end $$;
create trigger new_life_frees_webhooks after update of incarnation on gate for each row
  when (old.incarnation is distinct from new.incarnation) execute function webhooks_of_new_life();
