-- The Overview counts what is under sync by connection: from the index alone.
create index pair_under_sync on pair (connection_id) where stopped_at is null;

-- Words anywhere in a record's subject or reason. Where the server has no trigrams, or does not let us use them,
-- the search reads the records instead: slower, the same answers.
do $$
begin
  create extension if not exists pg_trgm;
  create index audit_words on audit
    using gin ((coalesce(subject, '') || e'\x1f' || coalesce(reason, '')) gin_trgm_ops);
exception
  when insufficient_privilege or undefined_file or feature_not_supported or undefined_object then
    raise notice 'searching the audit will read every record: %', sqlerrm;
end $$;
