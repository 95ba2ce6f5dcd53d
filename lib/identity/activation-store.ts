import { readRejected, readUnreadable } from "@/lib/connections/credential-store";
import type { DbOrTx } from "@/lib/db/database";
import type { Claim, Instance } from "@/lib/db/generated/client";
import type { GateState } from "@/lib/gate/gate";
import { COUNT_CAP } from "@/lib/gate/status";
import type {
  ActivationView,
  ClaimFinding,
  Decision,
  HeldConnection,
} from "@/lib/identity/activation";
import { type AddressParts, fromParts, sameParts, toParts } from "@/lib/identity/address";
import { claimRecord, STILL_PERIODS } from "@/lib/identity/claim";
import { isRevocable } from "@/lib/identity/decision-store";
import { confirmedSchema } from "@/lib/identity/instance-identity";
import type { Fact, VerdictKind } from "@/lib/identity/verdict";
import { readPlans, readWaiting } from "@/lib/identity/waiting-store";

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
      db.$queryRaw<[{ pairs: number; isAnythingPaired: boolean }]>`
        select count(*)::int as pairs,
               exists (select from pair where stopped_at is null) as "isAnythingPaired"
        from (select from pair where local_unverified or remote_unverified limit ${COUNT_CAP + 1}) c`,
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
    isAnythingPaired: unverified.isAnythingPaired,
    foreignEvents: foreign.map(({ connection, side, base, events, lastAt }) => ({
      connection: connection.name,
      side,
      base,
      events,
      lastAt: lastAt.toISOString(),
    })),
    waiting,
    unreadable: await readUnreadable(db),
    rejectedTokens: await readRejected(db),
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
