import type { DbOrTx } from "@/lib/db/database";
import { Prisma } from "@/lib/db/generated/client";
import type {
  AffectedIssue,
  CurrentErrors,
  EpisodeFilter,
  EpisodePage,
  ErrorGroup,
} from "@/lib/error-log/error-groups";
import { toEpisodeLine } from "@/lib/pairs/history-store";

const MOST_GROUPS = 100;
const SAMPLES = 5;
const EPISODES = 50;

/**
 * Entries that stand with an error of their own, or whose plan waits for a person's choice; `e` is the
 * entry. An error of the whole connection that an entry carries is told at the connection.
 */
export const STANDING_ERRORS = Prisma.sql`(
  select e.*, e.error_code as code, error_cause(e.error_message) as cause, e.error_message as message
    from queue_entry e where e.error_code is not null and not stops_connection(e.error_code)
  union all
  select e.*, 'conflict', error_cause(e.words), e.words
    from queue_entry e
   where e.error_code is null and e.plan @> '{"conflicts": [{"resolution": "hold"}]}')`;

type GroupRow = Omit<ErrorGroup, "connections" | "issues" | "oldestAt"> & {
  oldestAt: Date;
  samples: number[];
  connections: Record<string, number>;
};

/** Everything that stands in the way of being in step, grouped by what it has in common. */
export async function readCurrentErrors(db: DbOrTx): Promise<CurrentErrors> {
  const [[clock], connections, paused, groups] = await Promise.all([
    db.$queryRaw<[{ now: Date }]>`select sync_now() as now`,
    db.$queryRaw<
      {
        id: number;
        name: string;
        code: string;
        message: string | null;
        since: Date | null;
        failures: number;
        retryAt: Date | null;
        waiting: number;
      }[]
    >`
      select c.id, c.name, c.error_code as code, c.error_message as message, c.error_at as since,
             c.error_count as failures, c.retry_at as "retryAt",
             (select count(*)::int from queue_entry e where e.connection_id = c.id and e.state <> 'held') as waiting
        from connection c where c.error_code is not null order by c.retry_at nulls first, c.name`,
    db.$queryRaw<{ id: number; name: string; until: Date; connections: string[] }[]>`
      select i.id, i.name, i.paused_until as until,
             array(select c.name from connection c
                    where i.id in (c.local_instance_id, c.remote_instance_id) order by c.name) as connections
        from instance i where i.paused_until > sync_now() order by i.name`,
    readGroups(db),
  ]);
  return {
    now: clock.now.toISOString(),
    connections: connections.map(({ message, since, retryAt, ...rest }) => ({
      ...rest,
      message: message ?? "",
      since: since?.toISOString() ?? null,
      retryAt: retryAt?.toISOString() ?? null,
    })),
    paused: paused.map(({ until, ...rest }) => ({ ...rest, until: until.toISOString() })),
    groups,
  };
}

async function readGroups(db: DbOrTx): Promise<ErrorGroup[]> {
  const groups = await db.$queryRaw<GroupRow[]>`
    with per_connection as (
      select code, cause, connection_id, count(*)::int as n, min(message) as message,
             count(*) filter (where state in ('failed', 'retrying'))::int as retryable,
             min(created_at) as oldest, (array_agg(id order by created_at, id))[1:${SAMPLES}::int] as samples
        from ${STANDING_ERRORS} x group by code, cause, connection_id
    )
    select code, cause, min(message) as message, sum(n)::int as count, sum(retryable)::int as retryable,
           min(oldest) as "oldestAt", (jsonb_path_query_array(jsonb_agg(to_jsonb(samples)), '$[*][*]')) as samples,
           jsonb_object_agg(connection_id, n) as connections
      from per_connection group by code, cause order by sum(n) desc, code, cause limit ${MOST_GROUPS}`;
  const samples = new Map(
    groups.map((group) => [group, group.samples.toSorted((a, b) => a - b).slice(0, SAMPLES)]),
  );
  const [issues, names] = await Promise.all([
    issuesOf(db, [...samples.values()].flat()),
    db.connection.findMany({ select: { id: true, name: true } }),
  ]);
  return groups.map((group) => ({
    code: group.code,
    cause: group.cause,
    count: group.count,
    retryable: group.retryable,
    message: group.message ?? "",
    oldestAt: group.oldestAt.toISOString(),
    connections: names
      .filter(({ id }) => String(id) in group.connections)
      .map(({ id, name }) => ({ id, name, count: group.connections[id] ?? 0 })),
    issues: (samples.get(group) ?? []).flatMap((id) => issues.get(id) ?? []),
  }));
}

async function issuesOf(db: DbOrTx, entryIds: number[]): Promise<Map<number, AffectedIssue>> {
  if (entryIds.length === 0) return new Map();
  const entries = await db.queueEntry.findMany({
    where: { id: { in: entryIds } },
    select: {
      id: true,
      pair: { select: { id: true, localKey: true, remoteKey: true, summary: true } },
    },
  });
  return new Map(
    entries.map(({ id, pair }) => [
      id,
      {
        entryId: id,
        pairId: pair.id,
        key: pair.localKey ?? pair.remoteKey ?? "",
        summary: pair.summary,
      },
    ]),
  );
}

/** Errors that stood, newest first, also those that have ended. `before`: the id that the last page ended with. */
export async function listEpisodes(
  db: DbOrTx,
  { connection, code, pair }: EpisodeFilter,
  before?: number,
): Promise<EpisodePage> {
  const found = await db.errorEpisode.findMany({
    where: {
      ...(connection !== undefined && { connectionId: connection }),
      ...(code !== undefined && { code }),
      ...(pair !== undefined && { pairId: pair }),
      ...(before !== undefined && { id: { lt: before } }),
    },
    include: { connection: { select: { id: true, name: true } } },
    orderBy: { id: "desc" },
    take: EPISODES + 1,
  });
  const episodes = found.slice(0, EPISODES);
  const pairs = await db.pair.findMany({
    where: { id: { in: episodes.flatMap(({ pairId }) => pairId ?? []) } },
    select: { id: true, localKey: true, remoteKey: true },
  });
  const keys = new Map(pairs.map((each) => [each.id, each.localKey ?? each.remoteKey]));
  return {
    rows: episodes.map((episode) => ({
      ...toEpisodeLine(episode),
      level: episode.pairId === null ? "connection" : "pair",
      connection: episode.connection,
      pair:
        episode.pairId === null
          ? null
          : { id: episode.pairId, key: keys.get(episode.pairId) ?? null },
    })),
    next: found.length > EPISODES ? (episodes.at(-1)?.id ?? null) : null,
  };
}
