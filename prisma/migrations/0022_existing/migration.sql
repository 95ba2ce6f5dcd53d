-- What a person wants of a side's issues that exist already: that all which its trigger names come under sync.
-- The poll of that side carries it out and forgets it; `existing_from` is how far it came until then.
alter table watermark
  add column existing_wished_at timestamptz(3),
  add column existing_wished_by text,
  add column existing_from timestamptz(3);
