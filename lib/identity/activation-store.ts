import { readUnreadable } from "@/lib/connections/credential-store";
import type { DbOrTx } from "@/lib/db/database";
import { type Claim, type Instance, Prisma } from "@/lib/db/generated/client";
import type { GateState } from "@/lib/gate/gate";
import { COUNT_CAP } from "@/lib/gate/status";
import type {
  ActivationView,
  ClaimFinding,
  ConnectionPlans,
  Decision,
  HeldConnection,
  PlanTotals,
  WaitingLine,
} from "@/lib/identity/activation";
import { type AddressParts, fromParts, sameParts, toParts } from "@/lib/identity/address";
import { claimRecord, STILL_PERIODS } from "@/lib/identity/claim";
import { isRevocable } from "@/lib/identity/decision-store";
import { confirmedSchema } from "@/lib/identity/instance-identity";
import type { Fact, VerdictKind } from "@/lib/identity/verdict";
import type { Plan } from "@/lib/sync/plan-types";

/** Entries of each connection whose plans are shown. */
const SHOWN_PLANS = 50;
const SHOWN_LINES = 100;

/** Everything that the Activation page shows, of about one moment. Flat in the size of the backlog. */
export async function readActivation(db: DbOrTx, periodMs: number): Promise<ActivationView> {
  const [[clock], gate, node, claims, connections, unlinked, [unverified], foreign, waiting] =
    await Promise.all([
      db.$queryRaw<[{ now: Date }]>`select sync_now() as now`,
      db.gate.findUniqueOrThrow({ where: { id: 1 } }),
      db.node.findUniqueOrThrow({ where: { id: 1 } }),
      db.claim.findMany({
        include: { instance: true },
        orderBy: [{ instanceId: "asc" }, { project: "asc" }],
      }),
      db.connection.findMany({
        include: { localInstance: true, remoteInstance: true },
        orderBy: { id: "asc" },
      }),
      db.unlinkedPair.findMany({
        include: { connection: { select: { name: true } } },
        orderBy: { id: "desc" },
        take: SHOWN_LINES,
      }),
      db.$queryRaw<[{ pairs: number }]>`
        select count(*)::int as pairs from (select from pair where local_unverified or remote_unverified limit ${COUNT_CAP + 1}) c`,
      db.foreignEvent.findMany({
        include: { connection: { select: { name: true } } },
        orderBy: { lastAt: "desc" },
        take: SHOWN_LINES,
      }),
      readWaiting(db),
    ]);
  const verdict = gate.verdictId
    ? await db.verdict.findUnique({ where: { id: gate.verdictId } })
    : null;
  const used = claims.filter((claim) => connections.some((connection) => uses(connection, claim)));
  const lines = used.map((claim) => ({
    instance: { id: claim.instance.id, name: claim.instance.name },
    project: claim.project,
    finding: findingOf(claim, gate.incarnation, periodMs),
  }));
  const unconfirmed = unconfirmedOf(
    connections.flatMap((each) => [each.localInstance, each.remoteInstance]),
  );
  const isDecisionDue =
    verdict?.needsDecision === true && (verdict.decision ?? "stay_inactive") === "stay_inactive";
  return {
    now: clock.now.toISOString(),
    gate: {
      state: gate.state as GateState,
      fence: { incarnation: gate.incarnation, epoch: gate.epoch },
      since: gate.since.toISOString(),
      by: gate.by,
      reason: gate.reason,
    },
    node: {
      identity: node.identity,
      label: node.label,
      console: gate.console ? fromParts(gate.console as AddressParts) : null,
      copyOf: node.copyOf,
    },
    verdict: verdict && {
      id: verdict.id,
      at: verdict.at.toISOString(),
      kind: verdict.kind as VerdictKind,
      sentence: verdict.sentence,
      facts: verdict.facts as unknown as Fact[],
      needsDecision: verdict.needsDecision,
      decision:
        verdict.decision === null
          ? null
          : {
              kind: verdict.decision as Decision,
              by: verdict.decidedBy ?? "",
              at: (verdict.decidedAt ?? verdict.at).toISOString(),
              reason: verdict.decisionReason,
              isRevocable: gate.state === "inactive" && (await isRevocable(db, verdict.id)),
            },
    },
    claims: lines,
    heldConnections: connections.filter(({ heldSides }) => heldSides.length > 0).map(toHeld),
    unconfirmed,
    unlinked: unlinked.map(({ id, connection, localKey, remoteKey, reason, at }) => ({
      id,
      connection: connection.name,
      localKey,
      remoteKey,
      reason,
      at: at.toISOString(),
    })),
    unverifiedPairs: unverified.pairs,
    foreignEvents: foreign.map(({ connection, side, base, events, lastAt }) => ({
      connection: connection.name,
      side,
      base,
      events,
      lastAt: lastAt.toISOString(),
    })),
    waiting,
    unreadable: await readUnreadable(db),
    plans: await Promise.all(connections.map((connection) => readPlans(db, connection))),
    obstacles: [
      ...(gate.incarnation === "" ? ["No worker has started on this node yet."] : []),
      ...(isDecisionDue ? ["Decide first whether this is the same node, moved, or a copy."] : []),
      ...lines.flatMap(({ instance, finding }) =>
        finding.kind === "alive"
          ? [`Another node with this node's identity is alive at ${instance.name}.`]
          : finding.kind === "newer"
            ? [`Another node with this node's identity wrote at ${instance.name} after this one.`]
            : finding.kind === "contested"
              ? [`Two nodes with one identity were found at ${instance.name}.`]
              : [],
      ),
    ],
  };
}

type Joined = Awaited<ReturnType<DbOrTx["connection"]["findMany"]>>[number] & {
  localInstance: Instance;
  remoteInstance: Instance;
};

function projectOf(settings: unknown): string {
  return typeof settings === "object" && settings !== null && "project" in settings
    ? String(settings.project)
    : "";
}

function uses(connection: Joined, claim: Claim): boolean {
  return (
    (connection.localInstanceId === claim.instanceId &&
      projectOf(connection.localSettings) === claim.project) ||
    (connection.remoteInstanceId === claim.instanceId &&
      projectOf(connection.remoteSettings) === claim.project)
  );
}

function findingOf(claim: Claim, incarnation: string, periodMs: number): ClaimFinding {
  const seen = claimRecord.safeParse(claim.seen);
  const console = seen.success && seen.data.console ? fromParts(seen.data.console) : null;
  const seenAt = (claim.seenAt ?? claim.dueAt).toISOString();
  if (claim.state === "no_place")
    return { kind: "no_place", why: claim.trouble ?? "nothing there takes our sign of life" };
  if (claim.state === "contested") return { kind: "contested", seenAt, console };
  const readyAt = (claim.stillSince?.getTime() ?? 0) + STILL_PERIODS * periodMs;
  const isStill = claim.stillSince !== null && (claim.seenAt?.getTime() ?? 0) >= readyAt;
  if (claim.state === "foreign")
    return claim.movedAt
      ? { kind: "alive", movedAt: claim.movedAt.toISOString(), console }
      : {
          kind: "newer",
          seenAt,
          console,
          readyAt: isStill ? null : new Date(readyAt).toISOString(),
        };
  if (claim.state === "held" && claim.heldIn === incarnation)
    return { kind: "held", at: claim.writtenAt?.toISOString() ?? null };
  if (claim.stillSince === null)
    return claim.trouble
      ? { kind: "unreadable", why: claim.trouble }
      : { kind: "listening", readyAt: null };
  if (!isStill) return { kind: "listening", readyAt: new Date(readyAt).toISOString() };
  return claim.seen === null
    ? { kind: "free", since: claim.stillSince.toISOString() }
    : { kind: "ours", at: claim.writtenAt?.toISOString() ?? null };
}

function toHeld(connection: Joined): HeldConnection {
  const sides = ["local", "remote"] as const;
  return {
    id: connection.id,
    name: connection.name,
    heldAt: (connection.heldAt ?? connection.createdAt).toISOString(),
    sides: sides.map((side) => ({
      side,
      instance: connection[`${side}Instance`].name,
      address: connection[`${side}Instance`].baseUrl,
      project: projectOf(connection[`${side}Settings`]),
      isHeld: connection.heldSides.includes(side),
    })),
  };
}

function unconfirmedOf(instances: Instance[]): ActivationView["unconfirmed"] {
  const unique = new Map(instances.map((instance) => [instance.id, instance]));
  return [...unique.values()].flatMap((instance) => {
    const seen = confirmedSchema.safeParse(instance.seen);
    if (!seen.success) return [];
    const confirmed = confirmedSchema.safeParse(instance.confirmed);
    const isConfirmed =
      confirmed.success &&
      sameParts(confirmed.data.address, toParts(instance.baseUrl)) &&
      sameParts(confirmed.data.reported, seen.data.reported) &&
      confirmed.data.applicationId === seen.data.applicationId;
    if (isConfirmed) return [];
    return [
      {
        id: instance.id,
        name: instance.name,
        address: instance.baseUrl,
        reported: fromParts(seen.data.reported),
        applicationId: seen.data.applicationId,
        confirmed: confirmed.success
          ? {
              address: fromParts(confirmed.data.address),
              reported: fromParts(confirmed.data.reported),
              applicationId: confirmed.data.applicationId,
            }
          : null,
      },
    ];
  });
}

async function readWaiting(db: DbOrTx): Promise<WaitingLine[]> {
  const rows = await db.$queryRaw<
    (Omit<WaitingLine, "connection" | "oldestAt" | "ready"> & {
      readyToRemote: number;
      readyToLocal: number;
      readyBoth: number;
      readyUnplanned: number;
      id: number;
      name: string;
      oldestAt: Date | null;
    })[]
  >`
    select c.id, c.name,
           count(*) filter (where direction = 'to_remote')::int as "toRemote",
           count(*) filter (where direction = 'to_local')::int as "toLocal",
           count(*) filter (where direction = 'both')::int as "both",
           count(*) filter (where direction is null)::int as "unplanned",
           count(*) filter (where inherited_from is not null)::int as "inherited",
           count(*) filter (where state = 'held')::int as "held",
           count(*) filter (where state = 'held' and inherited_from is not null)::int as "setAside",
           count(*) filter (where state = 'failed')::int as "failed",
           count(*) filter (where is_ready and direction = 'to_remote')::int as "readyToRemote",
           count(*) filter (where is_ready and direction = 'to_local')::int as "readyToLocal",
           count(*) filter (where is_ready and direction = 'both')::int as "readyBoth",
           count(*) filter (where is_ready and direction is null)::int as "readyUnplanned",
           min(e.created_at) as "oldestAt"
      from connection c cross join lateral
           (select *, state in ('queued', 'retrying', 'running') as is_ready
              from queue_entry where connection_id = c.id limit ${COUNT_CAP + 1}) e
     group by c.id, c.name order by c.id`;
  return rows.map(
    ({
      id,
      name,
      oldestAt,
      readyToRemote,
      readyToLocal,
      readyBoth,
      readyUnplanned,
      ...counts
    }) => ({
      connection: { id, name },
      ...counts,
      oldestAt: oldestAt?.toISOString() ?? null,
      ready: {
        toRemote: readyToRemote,
        toLocal: readyToLocal,
        both: readyBoth,
        unplanned: readyUnplanned,
      },
    }),
  );
}

type PlannedRow = {
  entryId: number;
  localKey: string | null;
  remoteKey: string | null;
  summary: string;
  direction: string | null;
  words: string | null;
  plan: Plan | null;
  isInherited: boolean;
};

/** Overwrites what somebody edited there. */
const OVERWRITES = Prisma.sql`exists (
  select from jsonb_array_elements(plan -> 'conflicts') c where c ->> 'resolution' <> 'hold')`;
const EMPTIES = Prisma.sql`exists (
  select from jsonb_array_elements(plan -> 'writes') w, jsonb_array_elements(w -> 'changes') c
   where w ->> 'kind' = 'update_issue' and c -> 'to' in ('null', '""', '[]'))`;
const CREATES = Prisma.sql`plan @? '$.writes[*] ? (@.kind == "create_issue")'`;

/** What waits and may be sent, as far as counts go. */
const READY = (connectionId: number) => Prisma.sql`
  select * from queue_entry
   where connection_id = ${connectionId}::int and state in ('queued', 'retrying', 'running') limit ${COUNT_CAP}`;

/** The riskiest first, then in the order in which they would be sent. */
async function readPlans(db: DbOrTx, { id, name }: Joined): Promise<ConnectionPlans> {
  const [rows, [counted], totals] = await Promise.all([
    db.$queryRaw<PlannedRow[]>`
      select e.id as "entryId", p.local_key as "localKey", p.remote_key as "remoteKey", p.summary, e.direction, e.words,
             e.plan, e.inherited_from is not null as "isInherited"
        from (${READY(id)}) e join pair p on p.id = e.pair_id
       order by ${OVERWRITES} desc, ${EMPTIES} desc, ${CREATES} desc nulls last, e.priority, e.ready_at, e.id
       limit ${SHOWN_PLANS}`,
    db.$queryRaw<[{ ready: number }]>`
      select count(*)::int as ready from (select from queue_entry
       where connection_id = ${id}::int and state in ('queued', 'retrying', 'running') limit ${COUNT_CAP + 1}) c`,
    readTotals(db, id),
  ]);
  return {
    connection: { id, name },
    ready: counted.ready,
    totals,
    entries: rows.map(
      ({ entryId, localKey, remoteKey, summary, direction, words, plan, isInherited }) => {
        const fromRemote = direction === "to_local" && remoteKey !== null;
        return {
          entryId,
          issueKey: (fromRemote ? remoteKey : (localKey ?? remoteKey)) ?? "",
          twinKey: fromRemote ? localKey : localKey === null ? null : remoteKey,
          summary,
          connection: { id, name },
          words: words ?? "",
          plan,
          isInherited,
        };
      },
    ),
  };
}

/** Over everything that waits and may be sent, as far as counts go. */
async function readTotals(db: DbOrTx, connectionId: number): Promise<PlanTotals> {
  const [totals] = await db.$queryRaw<[PlanTotals]>`
    with ready as materialized (${READY(connectionId)}
    ), writes as (
      select w ->> 'kind' as kind from ready, jsonb_array_elements(ready.plan -> 'writes') w
    )
    select (select count(*)::int from ready) as entries,
           (select count(*)::int from ready where plan is null) as "notPlanned",
           (select count(*)::int from ready where ${OVERWRITES}) as overwrites,
           (select count(*)::int from ready where ${EMPTIES}) as empties,
           count(*) filter (where kind = 'create_issue')::int as creates,
           count(*) filter (where kind = 'update_issue')::int as updates,
           count(*) filter (where kind = 'transition')::int as transitions,
           count(*) filter (where kind in ('add_comment', 'update_comment'))::int as comments
      from writes`;
  return totals;
}
