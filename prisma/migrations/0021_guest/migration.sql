-- Which version of the agreement a person saw when they changed it: two who change at once do not overwrite each other.
alter table connection add column agreed_version int not null default 1;
-- { side: { at, said } }: an instance that would not update without mails, since when, and what it said.
alter table connection add column mails_refused jsonb not null default '{}';
