import type { DbOrTx } from "@/lib/db/database";
import type { GateState } from "@/lib/gate/gate";
import {
  AGE_BUCKETS,
  type ConnectionHealth,
  type GateChangeLine,
  type Overview,
} from "@/lib/gate/overview";
import { COUNT_CAP } from "@/lib/gate/status";

const LINES = 8;
const DIRECTIONS = ["both", "to_local", "to_remote", null] as const;

/** Entries of one connection that are alike in all that is counted. */
type Waiting = {
  id: number;
  direction: (typeof DIRECTIONS)[number];
  hasFailed: boolean;
  bucket: number;
  waiting: number;
};

/** Everything the Overview shows. What is counted whole is small: entries that wait, six hours of minutes added up. */
export async function readOverview(db: DbOrTx): Promise<Overview> {
  const [clock, waiting, pairs, connections, polls, gateChanges, errors, runs, throughput] =
    await Promise.all([
      db.$queryRaw<[{ now: Date }]>`select sync_now() as now`,
      // One pass over what waits answers where, which way, how long and how well; the clock is read once.
      db.$queryRaw<Waiting[]>`
        select e.connection_id as id, e.direction, e.state = 'failed' as "hasFailed",
               case when e.created_at > n.at - interval '5 minutes' then 0
                    when e.created_at > n.at - interval '1 hour' then 1
                    when e.created_at > n.at - interval '1 day' then 2 else 3 end as bucket,
               count(*)::int as waiting
          from queue_entry e cross join (select sync_now() as at) n
         group by 1, 2, 3, 4`,
      db.$queryRaw<{ id: number; pairs: number }[]>`
        select c.id, (select count(*)::int from (
                 select from pair where connection_id = c.id and stopped_at is null limit ${COUNT_CAP + 1}) p) as pairs
          from connection c`,
      db.connection.findMany({
        include: { localInstance: true, remoteInstance: true },
        orderBy: { id: "asc" },
      }),
      db.watermark.findMany(),
      db.gateChange.findMany({ orderBy: [{ at: "desc" }, { id: "desc" }], take: LINES }),
      db.queueEntry.findMany({
        where: { state: { in: ["failed", "retrying"] } },
        include: { pair: true, connection: { select: { id: true, name: true } } },
        orderBy: [{ updatedAt: "desc" }, { id: "desc" }],
        take: LINES,
      }),
      db.$queryRaw<
        {
          id: number;
          pairId: number;
          issueKey: string | null;
          twinKey: string | null;
          summary: string;
          connectionId: number;
          connectionName: string;
          outcome: string;
          writes: number;
          words: string | null;
          endedAt: Date;
        }[]
      >`
        select r.id, r.pair_id as "pairId", coalesce(p.local_key, p.remote_key) as "issueKey",
               case when p.local_key is not null then p.remote_key end as "twinKey", p.summary,
               c.id as "connectionId", c.name as "connectionName", r.outcome, r.writes, r.words, r.ended_at as "endedAt"
          from run r join pair p on p.id = r.pair_id join connection c on c.id = r.connection_id
         where r.outcome <> 'nothing_to_send'
         order by r.ended_at desc, r.id desc limit ${LINES}`,
      db.$queryRaw<{ at: Date; writes: number }[]>`
        select q.at, coalesce(sum(p.applied), 0)::int as writes
          from generate_series(date_bin('15 minutes', sync_now(), '2000-01-01') - interval '345 minutes',
                               sync_now(), interval '15 minutes') q(at)
          left join activity_point p on p.grain = 'minute' and p.at >= q.at and p.at < q.at + interval '15 minutes'
         group by q.at order by q.at`,
    ]);

  const polledAt = (id: number, side: string) =>
    polls.find((poll) => poll.connectionId === id && poll.side === side)?.polledAt?.toISOString() ??
    null;
  const projectOf = (settings: unknown) =>
    typeof settings === "object" && settings !== null && "project" in settings
      ? String(settings.project)
      : null;
  return {
    now: clock[0].now.toISOString(),
    backlog: connections.flatMap(({ id, name }) =>
      DIRECTIONS.map((direction) => ({
        connection: { id, name },
        direction,
        waiting: sum(waiting, (each) => each.id === id && each.direction === direction),
      })).filter((cell) => cell.waiting > 0),
    ),
    ages: AGE_BUCKETS.map((bucket, index) => ({
      bucket,
      waiting: sum(waiting, (each) => each.bucket === index),
    })),
    connections: connections.map((connection): ConnectionHealth => {
      const isHere = ({ id }: { id: number }) => id === connection.id;
      const side = (name: "local" | "remote") => ({
        instance: connection[`${name}Instance`].name,
        project: projectOf(connection[`${name}Settings`]),
        polledAt: polledAt(connection.id, name),
      });
      return {
        id: connection.id,
        name: connection.name,
        local: side("local"),
        remote: side("remote"),
        health: !connection.errorCode ? "well" : connection.retryAt ? "recovering" : "stopped",
        error: connection.errorCode
          ? {
              code: connection.errorCode,
              message: connection.errorMessage ?? "",
              at: connection.errorAt?.toISOString() ?? null,
            }
          : null,
        retryAt: connection.retryAt?.toISOString() ?? null,
        pairs: pairs.find(isHere)?.pairs ?? 0,
        waiting: sum(waiting, isHere),
        failed: sum(waiting, (each) => isHere(each) && each.hasFailed),
      };
    }),
    gateChanges: gateChanges.map((change) => ({
      id: change.id,
      kind: change.kind as GateChangeLine["kind"],
      state: change.state as GateState,
      epoch: change.epoch,
      at: change.at.toISOString(),
      by: change.by,
      reason: change.reason,
    })),
    errors: errors.map((entry) => ({
      entryId: entry.id,
      issueKey: entry.pair.localKey ?? entry.pair.remoteKey ?? "",
      summary: entry.pair.summary,
      connection: entry.connection,
      state: entry.state as "failed" | "retrying",
      code: entry.errorCode ?? "",
      message: entry.errorMessage ?? "",
      at: entry.updatedAt.toISOString(),
    })),
    runs: runs.map(({ connectionId, connectionName, endedAt, issueKey, ...run }) => ({
      ...run,
      issueKey: issueKey ?? "",
      connection: { id: connectionId, name: connectionName },
      endedAt: endedAt.toISOString(),
    })),
    throughput: throughput.map(({ at, writes }) => ({ at: at.toISOString(), writes })),
  };
}

function sum(waiting: Waiting[], which: (each: Waiting) => boolean): number {
  return waiting.filter(which).reduce((total, each) => total + each.waiting, 0);
}
