import type { Counted, Limited } from "@/lib/api/rate-limit";
import type { Db } from "@/lib/db/database";

/**
 * Counts one call for each subject, in one statement; all consoles of the node share the counts. A call
 * that is refused for its number counts too.
 */
export async function countCall(
  db: Db,
  subjects: { kind: Limited; name: string }[],
): Promise<Counted[]> {
  if (subjects.length === 0) return [];
  const names = subjects.map(({ kind, name }) => `${kind}:${name}`);
  const rows = await db.$queryRaw<{ subject: string; calls: number; resetS: number }[]>`
    insert into api_calls as c (subject, minute, calls)
    select subject, date_trunc('minute', sync_now()), 1 from unnest(${names}::text[]) subject
     -- One order for everybody: two calls must not wait for each other.
     order by subject
    on conflict (subject) do update set
      calls = case when c.minute = excluded.minute then c.calls + 1 else 1 end,
      minute = excluded.minute
    returning subject, calls,
      greatest(1, ceil(extract(epoch from minute + interval '1 minute' - sync_now())))::int as "resetS"`;
  return subjects.flatMap(({ kind }, index) => {
    const row = rows.find(({ subject }) => subject === names[index]);
    return row ? [{ kind, calls: row.calls, resetS: row.resetS }] : [];
  });
}
