-- When the person last proved who they are: what cannot be undone asks again when that is long ago.
alter table session add column password_at timestamptz(3) not null default now();
