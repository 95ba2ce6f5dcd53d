-- Attachments, worklogs and links of a pair, and what was made of each on the other side.
create table "piece_link" (
  "pair_id" integer not null references "pair"("id") on delete cascade on update cascade,
  "kind" text not null,
  "side" text not null,
  "piece_id" text not null,
  "mirror_id" text,
  "sent" text not null,
  primary key ("pair_id", "kind", "side", "piece_id")
);
alter table piece_link add constraint piece_kind_known check (kind in ('attachment', 'worklog', 'link'));

-- { kind, side, id, mirrorId, sent }: a mirror once known stays known.
create function note_pieces(p_pair int, p_pieces jsonb) returns void language sql volatile as $$
  insert into piece_link (pair_id, kind, side, piece_id, mirror_id, sent)
  select p_pair, k ->> 'kind', k ->> 'side', k ->> 'id', k ->> 'mirrorId', k ->> 'sent'
    from jsonb_array_elements(p_pieces) k
  on conflict (pair_id, kind, side, piece_id)
    do update set mirror_id = coalesce(excluded.mirror_id, piece_link.mirror_id), sent = excluded.sent
$$;

-- As before, and `piece` of an effect, `pieces` of a reading.
create or replace function advance_pair(p_pair int, p_effect jsonb) returns void language plpgsql volatile as $$
begin
  if p_effect ? 'twin' then
    -- A trigger on the other side may have found our new issue before we could note it: that pair was
    -- never more than a name, and whoever reads it finds our marker and sends nothing.
    delete from pair p using pair mine
     where mine.id = p_pair and p.connection_id = mine.connection_id and p.id <> mine.id
       and case p_effect #>> '{twin,side}'
             when 'local' then p.local_issue_id = p_effect #>> '{twin,id}' and p.remote_issue_id is null
             else p.remote_issue_id = p_effect #>> '{twin,id}' and p.local_issue_id is null end;
  end if;
  update pair set
    local_base = case when p_effect ? 'localFields'
      then coalesce(local_base, '{}'::jsonb) || (p_effect -> 'localFields') else local_base end,
    remote_base = case when p_effect ? 'remoteFields'
      then coalesce(remote_base, '{}'::jsonb) || (p_effect -> 'remoteFields') else remote_base end,
    local_issue_id = case when p_effect #>> '{twin,side}' = 'local' then p_effect #>> '{twin,id}' else local_issue_id end,
    local_key = case when p_effect #>> '{twin,side}' = 'local' then p_effect #>> '{twin,key}' else local_key end,
    remote_issue_id = case when p_effect #>> '{twin,side}' = 'remote' then p_effect #>> '{twin,id}' else remote_issue_id end,
    remote_key = case when p_effect #>> '{twin,side}' = 'remote' then p_effect #>> '{twin,key}' else remote_key end
  where id = p_pair;
  if p_effect ? 'comment' then
    insert into comment_link (pair_id, side, comment_id, mirror_id, sent)
    values (p_pair, p_effect #>> '{comment,side}', p_effect #>> '{comment,id}',
            p_effect #>> '{comment,mirrorId}', p_effect #>> '{comment,sent}')
    on conflict (pair_id, side, comment_id) do update set mirror_id = excluded.mirror_id, sent = excluded.sent;
  end if;
  if p_effect ? 'piece' then
    perform note_pieces(p_pair, jsonb_build_array(p_effect -> 'piece'));
  end if;
end $$;

create or replace function note_reading(p_pair int, p_reading jsonb) returns void language plpgsql volatile as $$
begin
  if p_reading is null then return; end if;
  -- Merged over the old base: a field that was missing in the answer keeps its base.
  update pair set
    local_base = coalesce(local_base, '{}'::jsonb) || (p_reading #> '{local,fields}'),
    remote_base = coalesce(remote_base, '{}'::jsonb) || (p_reading #> '{remote,fields}'),
    local_key = p_reading #>> '{local,key}',
    remote_key = p_reading #>> '{remote,key}',
    local_seen_at = (p_reading #>> '{local,seenAt}')::timestamptz,
    remote_seen_at = (p_reading #>> '{remote,seenAt}')::timestamptz,
    summary = p_reading ->> 'summary',
    in_step_at = sync_now()
  where id = p_pair;
  insert into comment_link (pair_id, side, comment_id, mirror_id, sent)
  select p_pair, k ->> 'side', k ->> 'id', k ->> 'mirrorId', k ->> 'sent'
    from jsonb_array_elements(p_reading -> 'known') k
  on conflict (pair_id, side, comment_id)
    do update set mirror_id = coalesce(excluded.mirror_id, comment_link.mirror_id), sent = excluded.sent;
  perform note_pieces(p_pair, coalesce(p_reading -> 'pieces', '[]'));
end $$;
