import type pg from "pg";
import type { AddressParts } from "@/lib/identity/address";
import { fromParts } from "@/lib/identity/address";
import { composeMail } from "@/lib/mail/compose";
import { LEAST_MINUTES_BETWEEN, MAIL_KINDS } from "@/lib/mail/mail";
import { noticeSchema } from "@/lib/mail/notice";

/** What was just written may not be committed yet. */
const SETTLED = "interval '5 seconds'";
/** Counted one by one up to here. */
const CAP = 10_001;
/** A connection that tries again by itself is told of when that has not helped for so long. */
const PATIENCE = "interval '30 minutes'";
/** Of one connection and cause, so many issues are named. */
const NAMED = 5;
/** Of one kind, so much is told in one mail at most. */
const MOST_IN_ONE = 500;

/**
 * Notes what happened since the last look, and makes mails of it: one per kind, at most every quarter of an
 * hour. Returns how many mails were made. One worker at a time; the others, and a node that nobody wants to be
 * told of or whose settings came with a copy, do nothing.
 */
export async function makeMails(pool: pg.Pool, consoleUrl: string): Promise<number> {
  const client = await pool.connect();
  try {
    await client.query("begin");
    const { rows } = await client.query<{ upTo: string }>(
      `select (sync_now() - ${SETTLED})::timestamptz(3)::text as "upTo" from mail_settings m, node n
        where m.is_on and m.identity = n.identity for update of m skip locked`,
    );
    let made = 0;
    if (rows[0]) {
      await noteGate(client, rows[0].upTo);
      await noteFailures(client, rows[0].upTo);
      await noteStanding(client);
      await client.query("update mail_settings set told_to = greatest(told_to, $1::timestamptz)", [
        rows[0].upTo,
      ]);
      const address = await addressOf(client, consoleUrl);
      await forgetOld(client);
      for (const kind of MAIL_KINDS) made += await makeMail(client, kind, address);
    }
    await client.query("commit");
    return made;
  } catch (error) {
    await client.query("rollback");
    throw error;
  } finally {
    client.release();
  }
}

/** What the workers of this life call their console; a process that was not told falls back on its own settings. */
async function addressOf(client: pg.ClientBase, fallback: string): Promise<string> {
  const { rows } = await client.query<{ console: AddressParts | null }>("select console from gate");
  return rows[0]?.console ? fromParts(rows[0].console) : fallback;
}

const WAITING = `(select count(*)::int from (select from queue_entry limit ${CAP}) c)`;

/** Each move of the gate away from active, whoever or whatever moved it. */
async function noteGate(client: pg.ClientBase, upTo: string): Promise<void> {
  await client.query(
    `insert into mail_notice (kind, detail)
     select 'gate_closed', jsonb_build_object('at', c.at, 'by', c.by, 'reason', c.reason, 'waiting', ${WAITING})
       from (select g.*, lag(g.state) over (order by g.id) as before
               from gate_change g, mail_settings m
              where g.id >= coalesce((select max(id) from gate_change where at <= m.told_to), 0)) c,
            mail_settings m
      where c.at > m.told_to and c.at <= $1::timestamptz and c.before = 'active' and c.state <> 'active'
        and 'gate_closed' = any (m.kinds)
      order by c.id`,
    [upTo],
  );
}

/** What workers gave up, by connection and cause: read along the time of their looks. */
async function noteFailures(client: pg.ClientBase, upTo: string): Promise<void> {
  await client.query(
    `insert into mail_notice (kind, detail)
     select 'entries_failed', jsonb_build_object('connectionId', c.id, 'connection', c.name,
              'code', coalesce(r.error_code, 'internal'), 'issues', count(distinct r.pair_id),
              'keys', coalesce((array_agg(distinct coalesce(p.local_key, p.remote_key))
                                 filter (where coalesce(p.local_key, p.remote_key) is not null))[1:${NAMED}], '{}'))
       from mail_settings m, run r join connection c on c.id = r.connection_id left join pair p on p.id = r.pair_id
      where r.ended_at > m.told_to and r.ended_at <= $1::timestamptz and r.outcome = 'failed'
        and 'entries_failed' = any (m.kinds)
      group by c.id, c.name, r.error_code order by c.id`,
    [upTo],
  );
}

/** What stands now and was not told yet; what stands no more is forgotten, so that it is told when it comes back. */
async function noteStanding(client: pg.ClientBase): Promise<void> {
  await client.query(
    `with settings as (select * from mail_settings),
     -- Since when nothing is sent: restarts meanwhile do not count.
     quiet as (
       select coalesce((select min(at) from gate_change where id > (select max(id) from gate_change where kind = 'opened')),
                       (select created_at from node)) as since
         from gate where state = 'inactive'),
     backlog as (
       select since, (select count(*)::int from (select from queue_entry where created_at > since limit ${CAP}) a) as arrived
         from quiet, settings where since < sync_now() - backlog_hours * interval '1 hour'),
     stands as (
       select 'another_node' as kind, 'another_node|' || c.instance_id || '|' || c.project as key,
              jsonb_build_object('instance', i.name, 'project', c.project, 'how',
                case when c.state = 'contested' then 'contested' when c.moved_at is not null then 'alive' else 'newer' end) as detail
         from claim c join instance i on i.id = c.instance_id where c.state in ('foreign', 'contested')
       union all
       select 'connection_stopped', 'connection_stopped|' || id || '|' || error_code,
              jsonb_build_object('id', id, 'name', name, 'code', error_code, 'message', coalesce(error_message, ''),
                                 'waitsForPerson', retry_at is null)
         from connection
        where error_code is not null and (retry_at is null or error_at < sync_now() - ${PATIENCE})
       union all
       select 'backlog_grows', 'backlog_grows|' || since,
              jsonb_build_object('since', since, 'arrived', arrived, 'waiting', ${WAITING})
         from backlog where arrived > 0),
     wanted as (select s.* from stands s, settings m where s.kind = any (m.kinds)),
     gone as (delete from mail_standing where key not in (select key from wanted)),
     fresh as (
       insert into mail_standing (key) select key from wanted on conflict do nothing returning key)
     insert into mail_notice (kind, detail)
     select w.kind, w.detail from wanted w join fresh using (key) order by w.key`,
  );
}

/** A list for people to look into, not an archive; the mails are in their letter boxes. */
async function forgetOld(client: pg.ClientBase): Promise<void> {
  await client.query(
    `delete from mail where kind = any ($1::text[]) and made_at < sync_now() - interval '90 days'
                        and state in ('sent', 'failed')`,
    [MAIL_KINDS],
  );
}

async function makeMail(client: pg.ClientBase, kind: string, consoleUrl: string): Promise<number> {
  const { rows } = await client.query<{ id: number; kind: string; detail: unknown }>(
    `select id, kind, detail from mail_notice
      where mail_id is null and kind = $1
        and not exists (select from mail where kind = $1
                           and made_at > sync_now() - $2::int * interval '1 minute')
      order by id limit ${MOST_IN_ONE}`,
    [kind, LEAST_MINUTES_BETWEEN],
  );
  // What another version noted in a shape of its own is in nobody's way.
  const notices = rows.flatMap((row) => noticeSchema.safeParse(row).data ?? []);
  if (notices.length === 0) return 0;
  const { subject, body } = composeMail(notices, consoleUrl);
  await client.query(
    `with made as (
       insert into mail (identity, kind, subject, body) select identity, $1, $2, $3 from node returning id)
     update mail_notice set mail_id = made.id from made where mail_notice.id = any ($4::int[])`,
    [kind, subject, body, rows.map(({ id }) => id)],
  );
  return 1;
}
