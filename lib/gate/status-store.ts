import type { DbOrTx } from "@/lib/db/database";
import type { GateState } from "@/lib/gate/gate";
import { COUNT_CAP, type GateStatus, type WorkerStatus } from "@/lib/gate/status";
import { type AddressParts, fromParts } from "@/lib/identity/address";
import type { VerdictKind } from "@/lib/identity/verdict";
import type { EnvironmentColour } from "@/lib/settings/environment";

/** Workers older than this without a sign of life are not shown any more. */
const FORGOTTEN_MS = 5 * 60_000;
const SILENT_MS = 5_000;

type Counts = {
  state: GateState;
  incarnation: string;
  epoch: number;
  since: Date;
  by: string | null;
  reason: string | null;
  now: Date;
  label: string | null;
  colour: EnvironmentColour | null;
  console: AddressParts | null;
  copyOf: string | null;
  scope: number[];
  heldConnections: number;
  isDecisionDue: boolean;
  verdictKind: VerdictKind | null;
  verdictSentence: string | null;
  unsent: number;
  ready: number;
  held: number;
  failed: number;
  oldest: Date | null;
  openPermits: number;
  sent: number;
  recent: number;
};

/**
 * All that the banner tells, in one round trip and of one moment. Cost stays flat as the backlog
 * grows: counts stop at the cap, the oldest entry comes from an index.
 */
export async function readGateStatus(db: DbOrTx): Promise<GateStatus> {
  const [[counts], workers, stopped, claimTroubles] = await Promise.all([
    db.$queryRaw<Counts[]>`
      select g.state, g.incarnation, g.epoch, g.since, g.by, g.reason, sync_now() as now,
             n.label, case when n.colour_of = n.identity then n.colour end as colour, g.console, n.copy_of as "copyOf", g.scope,
             (select count(*)::int from connection where held_sides <> '{}') as "heldConnections",
             decision_is_due() as "isDecisionDue", v.kind as "verdictKind", v.sentence as "verdictSentence",
             (select count(*)::int from (select from queue_entry where state in ('queued', 'running', 'retrying') limit ${COUNT_CAP + 1}) c) as unsent,
             (select count(*)::int from (
                select from unnest(case g.state when 'inactive' then '{}' else g.scope end) k, lateral
                  (select from queue_entry where connection_id = k and state in ('queued', 'running', 'retrying') limit ${COUNT_CAP + 1}) e
                 limit ${COUNT_CAP + 1}) c) as ready,
             (select count(*)::int from (select from queue_entry where state = 'held' limit ${COUNT_CAP + 1}) c) as held,
             (select count(*)::int from (select from queue_entry where state = 'failed' limit ${COUNT_CAP + 1}) c) as failed,
             (select created_at from queue_entry order by created_at, id limit 1) as oldest,
             (select count(*)::int from permit where outcome = 'open') as "openPermits",
             (select count(*)::int from (select from run where outcome = 'applied' and g.state <> 'inactive'
                and ended_at >= (select max(at) from gate_change where kind = 'opened') limit ${COUNT_CAP + 1}) c) as sent,
             (select count(*)::int from (select from run where outcome = 'applied'
                and ended_at > sync_now() - interval '5 minutes' limit ${COUNT_CAP + 1}) c) as recent
        from node n, gate g left join verdict v on v.id = g.verdict_id`,
    db.$queryRaw<
      (Omit<WorkerStatus, "startedAt" | "seenAt"> & { startedAt: Date; seenAt: Date })[]
    >`
      select id::text, host, pid, started_at as "startedAt", seen_at as "seenAt", doing,
             seen_at < sync_now() - ${SILENT_MS}::float8 * interval '1 millisecond' as "isSilent"
        from worker
       where stopped_at is null and seen_at > sync_now() - ${FORGOTTEN_MS}::float8 * interval '1 millisecond'
         and incarnation = (select incarnation from gate)
       order by started_at, id`,
    db.connection.findMany({
      where: { errorCode: { not: null }, retryAt: null },
      select: { id: true, name: true, errorCode: true, errorMessage: true },
      orderBy: { id: "asc" },
      take: 20,
    }),
    readClaimTroubles(db),
  ]);
  if (!counts) throw new Error("the database holds no gate: run the migrations");
  // What an opening leaves out is not sent by it.
  const isPartial = counts.state !== "inactive" && counts.scope.length > 0;
  const minutesOpen = Math.max(1 / 6, (counts.now.getTime() - counts.since.getTime()) / 60_000);
  return {
    state: counts.state,
    fence: { incarnation: counts.incarnation, epoch: counts.epoch },
    since: counts.since.toISOString(),
    by: counts.by,
    reason: counts.reason,
    waiting: counts.unsent + counts.held + counts.failed,
    ready: isPartial ? counts.ready : counts.unsent,
    held: counts.held,
    failed: counts.failed,
    oldestWaitingAt: counts.oldest?.toISOString() ?? null,
    openPermits: counts.openPermits,
    workers: workers.map((worker) => ({
      ...worker,
      startedAt: worker.startedAt.toISOString(),
      seenAt: worker.seenAt.toISOString(),
    })),
    stoppedConnections: stopped.map(({ id, name, errorCode, errorMessage }) => ({
      id,
      name,
      code: errorCode ?? "",
      message: errorMessage ?? "",
    })),
    sentSinceOpening: counts.sent,
    perMinute: Math.round(counts.recent / Math.min(5, minutesOpen)),
    label: counts.label,
    colour: counts.colour,
    consoleUrl: counts.console && fromParts(counts.console),
    decisionDue:
      counts.isDecisionDue && counts.verdictKind
        ? { kind: counts.verdictKind, sentence: counts.verdictSentence ?? "" }
        : null,
    copyOf: counts.copyOf,
    claimTroubles,
    heldConnections: counts.heldConnections,
    scope: counts.scope,
    now: counts.now.toISOString(),
  };
}

async function readClaimTroubles(db: DbOrTx): Promise<GateStatus["claimTroubles"]> {
  const claims = await db.claim.findMany({
    where: { state: { in: ["foreign", "contested"] } },
    include: { instance: { select: { name: true } } },
    orderBy: [{ instanceId: "asc" }, { project: "asc" }],
  });
  return claims.map(({ state, movedAt, instance }) => ({
    instance: instance.name,
    kind: state === "contested" ? "contested" : movedAt ? "alive" : "newer",
  }));
}
