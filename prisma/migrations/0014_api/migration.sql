-- Calls of the API, counted by the minute, for each token and each address. Unlogged: after a crash
-- counting starts anew, which costs nobody anything.
create unlogged table api_calls (
  subject text primary key,
  minute timestamptz(3) not null,
  calls int not null
);

-- What a creation was answered with, so that the same call sent again is answered again and not done
-- again. Written in the creation's own transaction. The answer is sealed: it may hold a secret.
create table idempotency_key (
  token_id int not null references api_token (id) on delete cascade on update cascade,
  key text not null,
  -- Of the call and everything it said; keyed, since that may hold a secret too.
  digest text not null,
  at timestamptz(3) not null,
  status int not null,
  answer text not null,
  primary key (token_id, key)
);
create index idempotency_key_at_idx on idempotency_key (at);
