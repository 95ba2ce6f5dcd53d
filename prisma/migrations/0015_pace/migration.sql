-- How often an instance may be asked, shared by all workers; and whether it is asked at all just now.
create table "pace" (
  "instance_id" integer primary key references "instance"("id") on delete cascade on update cascade,
  "rate" double precision,
  "burst" integer not null default 1,
  "tokens" double precision not null default 0,
  "filled_at" timestamptz(3) not null,
  "limit_seen_at" timestamptz(3),
  "failures" integer not null default 0,
  "ask_again_at" timestamptz(3),
  "probing_until" timestamptz(3)
);

-- An instance that has named no limit for this long has none.
create function limit_memory() returns interval language sql immutable as $$ select interval '10 minutes' $$;
-- So many calls in a row without an answer, and it is not asked for a while.
create function failures_to_open() returns int language sql immutable as $$ select 5 $$;

-- Lends up to p_wanted calls. With none: how long to wait, and whether that is because the instance does
-- not answer. After such a while one call is lent as a probe, and the others wait for what comes of it.
create function lend_calls(
  p_instance int, p_wanted int,
  out calls int, out is_limited bool, out is_silent bool, out wait_ms int, out failures_seen int
) language plpgsql volatile as $$
declare
  p pace%rowtype;
  t timestamptz := sync_now();
  filled double precision;
begin
  insert into pace (instance_id, filled_at) values (p_instance, t) on conflict do nothing;
  select * into p from pace where instance_id = p_instance for update;
  calls := p_wanted; is_limited := false; is_silent := false; wait_ms := 0; failures_seen := p.failures;
  if p.ask_again_at is not null then
    is_silent := true;
    if greatest(p.ask_again_at, coalesce(p.probing_until, '-infinity')) > t then
      calls := 0;
      wait_ms := ceil(extract(epoch from greatest(p.ask_again_at, coalesce(p.probing_until, '-infinity')) - t) * 1000);
    else
      calls := 1;
      -- A probe whose worker died is not waited for for ever.
      update pace set probing_until = t + interval '30 seconds' where instance_id = p_instance;
    end if;
    return;
  end if;
  if p.rate is null or p.limit_seen_at < t - limit_memory() then return; end if;
  is_limited := true;
  filled := least(p.burst, p.tokens + p.rate * greatest(0, extract(epoch from t - p.filled_at)));
  calls := least(p_wanted, floor(filled)::int);
  if calls < 1 then
    calls := 0;
    wait_ms := ceil((1 - filled) / p.rate * 1000);
  end if;
  update pace set tokens = filled - calls, filled_at = t where instance_id = p_instance;
end $$;

-- What an instance says of its own limit: calls a second, the size of the bucket, what is left in it.
create function note_limit(p_instance int, p_rate double precision, p_burst int, p_left double precision)
returns void language sql volatile as $$
  insert into pace as p (instance_id, rate, burst, tokens, filled_at, limit_seen_at)
  values (p_instance, p_rate, p_burst, p_left, sync_now(), sync_now())
  on conflict (instance_id) do update
     set rate = p_rate, burst = p_burst, limit_seen_at = sync_now(), filled_at = sync_now(),
         -- Its own count is approximate and one answer late: the smaller one is true.
         tokens = case when p.rate is null then p_left
                       else least(p_left, p.tokens + p_rate * greatest(0, extract(epoch from sync_now() - p.filled_at))) end
$$;

-- A call ended with an answer, or with none. Enough without one, and the instance rests: 5 seconds at
-- first, twice as long after each probe that fails, two minutes at most.
create function note_call(p_instance int, p_answered bool) returns int language sql volatile as $$
  insert into pace as p (instance_id, filled_at, failures)
  values (p_instance, sync_now(), case when p_answered then 0 else 1 end)
  on conflict (instance_id) do update
     set failures = case when p_answered then 0 else p.failures + 1 end,
         probing_until = null,
         ask_again_at = case
           when p_answered or p.failures + 1 < failures_to_open() then null
           -- Calls that were on their way when it opened do not make it longer.
           when p.ask_again_at > sync_now() then p.ask_again_at
           else sync_now() + least(120, 5 * 2 ^ least(p.failures + 1 - failures_to_open(), 10)) * interval '1 second'
         end
  returning failures
$$;
