-- Mail that tells people what needs them. One row of settings; it belongs to one identity, so that a copy
-- writes to nobody in its original's name.
create table mail_settings (
  id int primary key default 1 check (id = 1),
  identity uuid not null,
  is_on boolean not null,
  host text not null,
  port int not null constraint mail_port_sane check (port between 1 and 65535),
  security text not null constraint mail_security_known check (security in ('tls', 'starttls', 'none')),
  user_name text,
  -- The password, sealed for this host, port and user.
  secret text,
  sender text not null,
  recipients text[] not null,
  kinds text[] not null,
  backlog_hours int not null,
  -- What happened before this moment has been told, or was before anybody wanted to be told.
  told_to timestamptz(3) not null
);

-- What was told and still stands: it is told again when it has ended and comes back.
create table mail_standing (
  key text primary key,
  since timestamptz(3) not null default sync_now()
);

create table mail (
  id serial primary key,
  identity uuid not null,
  kind text not null,
  subject text not null,
  body text not null,
  made_at timestamptz(3) not null default sync_now(),
  -- waiting: for its time; sending: in a worker's hands until claimed_until; sent; failed: given up.
  state text not null default 'waiting' constraint mail_state_known check (state in ('waiting', 'sending', 'sent', 'failed')),
  due_at timestamptz(3) not null default sync_now(),
  attempts int not null default 0,
  -- Attempts of which nobody knows whether the server took the mail.
  lost int not null default 0,
  claimed_until timestamptz(3),
  recipients text[] not null default '{}',
  ended_at timestamptz(3),
  -- The server's own words, or why there are none.
  answer text
);
create index mail_kind_made_at_idx on mail (kind, made_at);
create index mail_due on mail (id) where state in ('waiting', 'sending');

-- One thing to tell; told in one mail, together with others of its kind.
create table mail_notice (
  id serial primary key,
  kind text not null,
  detail jsonb not null,
  at timestamptz(3) not null default sync_now(),
  mail_id int references mail (id) on delete cascade on update cascade
);
create index mail_notice_waiting on mail_notice (kind, id) where mail_id is null;
create index mail_notice_mail_id_idx on mail_notice (mail_id);
