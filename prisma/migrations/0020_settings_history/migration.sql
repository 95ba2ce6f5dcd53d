-- How long history is kept, per kind; null: for good. One worker at a time cuts a kind, step by step along an
-- index of its time: `at_mark` and `id_mark` say how far the present round has come.
create table history_period (
  kind text primary key constraint history_kind_known
    check (kind in ('changes', 'writes', 'signs', 'work', 'errors', 'totals', 'sessions', 'workers')),
  days int constraint history_days_sane check (days between 1 and 3650),
  at_mark timestamptz(3),
  id_mark text,
  due_at timestamptz(3) not null default sync_now(),
  -- Rows removed since there is such a period, and when the last ones were.
  removed bigint not null default 0,
  removed_at timestamptz(3)
);
insert into history_period (kind, days) values
  ('changes', 180), ('writes', 365), ('signs', 14), ('work', 180),
  ('errors', 365), ('totals', 750), ('sessions', 90), ('workers', 90);

create index change_at_id_idx on change (at, id);
-- A sign of life every few seconds: they are the most of all permits, and are kept for less long.
create index permit_signs on permit (granted_at, id) where kind in ('claim', 'contest');
create index session_over on session ((coalesce(ended_at, expires_at)), id);
