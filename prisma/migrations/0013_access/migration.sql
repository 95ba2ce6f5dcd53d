-- A link that makes an account for somebody who was invited, once.
create table "invitation" (
  "token_hash" text primary key,
  "email" text not null,
  "name" text not null,
  "role" text not null,
  "invited_by" text not null,
  "created_at" timestamptz(3) not null,
  "expires_at" timestamptz(3) not null,
  "used_at" timestamptz(3)
);
create index "invitation_email_idx" on "invitation" ("email");
