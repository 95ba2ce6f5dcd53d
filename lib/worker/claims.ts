import { randomUUID } from "node:crypto";
import type pg from "pg";
import type { Dispatcher } from "undici";
import { openSides } from "@/lib/connections/connection-opener";
import type { OpenSide } from "@/lib/connectors/connector";
import type { Db } from "@/lib/db/database";
import { notifySoon } from "@/lib/db/notify";
import type { Env } from "@/lib/env";
import { SyncError } from "@/lib/errors";
import type { Fence, Gate } from "@/lib/gate/gate";
import type { AddressParts } from "@/lib/identity/address";
import {
  CLAIM_PLACES,
  type ClaimPlace,
  type ClaimRecord,
  claimKey,
  goodForMs,
  hear,
  mayTake,
  nextPlace,
} from "@/lib/identity/claim";
import {
  type ClaimUser,
  claimUser,
  giveClaimBack,
  keepHeard,
  type LentClaim,
  lendClaims,
  noteHeld,
  noteNextNonce,
  noteNoPlace,
} from "@/lib/identity/claim-store";
import { noteProbe } from "@/lib/identity/instance-store";
import { log } from "@/lib/log";
import { claimTicketFor } from "@/lib/sync/permit-store";

/** Looks at different instances do not wait for each other. */
const AT_ONCE = 8;
/** Nothing there took our record: somebody may have given us the right meanwhile. */
const NO_PLACE_AGAIN_MS = 10 * 60_000;

export type ClaimsInput = {
  db: Db;
  pool: pg.Pool;
  network: Dispatcher;
  env: Pick<Env, "CLAIM_PERIOD_MS" | "WRITE_TIMEOUT_MS">;
  workerId: string;
  /** The incarnation that this worker lives in. */
  incarnation: string;
  gate: Gate;
  console: AddressParts | null;
};

/**
 * One round over the claims that are due. While the gate is closed this only listens, from the node's
 * start on. While it is open, one worker per node renews each claim; another node's sign of life stops
 * what we write there, and is marked, so that the other one stops too. Never rejects for what an
 * instance does.
 */
export async function keepClaims(input: ClaimsInput): Promise<void> {
  // A worker that dies with a claim in its hands must not keep it silent for long; two that look at once
  // harm nobody, since each renewal's nonce is known before it is sent.
  const lent = await lendClaims(input.pool, AT_ONCE, input.env.CLAIM_PERIOD_MS / 2);
  await Promise.all(lent.map((claim) => keepOne(input, claim)));
}

async function keepOne(input: ClaimsInput, claim: LentClaim): Promise<void> {
  const { pool, env } = input;
  try {
    const user = await claimUser(pool, claim);
    if (!user) return await giveClaimBack(pool, claim, NO_PLACE_AGAIN_MS);
    await look(input, claim, user);
    const isThere = claim.state !== "no_place";
    await giveClaimBack(pool, claim, isThere ? env.CLAIM_PERIOD_MS / 2 : NO_PLACE_AGAIN_MS);
  } catch (error) {
    if (!(error instanceof SyncError)) throw error;
    log.warn("a claim could not be read", { instance: claim.instanceId, error: error.message });
    await giveClaimBack(pool, claim, env.CLAIM_PERIOD_MS, error.message);
  }
}

async function look(input: ClaimsInput, claim: LentClaim, user: ClaimUser): Promise<void> {
  const { db, pool, network, env, gate, incarnation } = input;
  const connection = await db.connection.findUnique({
    where: { id: user.connectionId },
    include: { localInstance: true, remoteInstance: true },
  });
  if (!connection) return;
  const side = openSides(connection, network, { writeTimeoutMs: env.WRITE_TIMEOUT_MS })[user.side];
  const instance = connection[`${user.side}Instance`];
  const isHeld = connection.heldSides.length > 0;
  // The first look of a life also asks who answers there; the polls go on asking.
  if (!isHeld && (claim.stillSince === null || instance.confirmed === null))
    await noteProbe(db, instance, await side.probe());
  const { identity } = await db.node.findUniqueOrThrow({ where: { id: 1 } });
  const key = claimKey(identity);
  const anchor = claim.anchor ?? user.anchor;
  const mayWrite =
    gate.state === "active" && !isHeld && connection.errorCode !== "another_instance";
  const speaking = { ...input, fence: gate.fence, claim, user, side, key, anchor };
  if (claim.state === "no_place") {
    if (mayWrite) await renew(speaking, identity, "project");
    return;
  }
  const { record, place } = await findRecord(side, key, claim.place, anchor);
  const heard = hear(claim, record, claim.now);
  if (!(await keepHeard(pool, claim, incarnation, heard, record, place))) return;
  const hasMoved = heard.movedAt?.getTime() !== claim.movedAt?.getTime();
  if (heard.state !== claim.state || hasMoved) notifySoon(pool, "sync_changed");

  if (!mayWrite) return;
  if (heard.state === "foreign" && record && claim.state !== "foreign")
    return await contest(speaking, record, place ?? "project");
  const isSilentLongEnough = mayTake(heard, claim.now, env.CLAIM_PERIOD_MS);
  if (heard.state === "held" ? isDue(claim, env) : isSilentLongEnough)
    await renew(speaking, identity, claim.place ?? place ?? "project");
}

/** Looks come twice in a period: the one nearest to its end renews. */
function isDue({ stillSince, now }: LentClaim, env: ClaimsInput["env"]): boolean {
  return stillSince === null || now.getTime() - stillSince.getTime() >= env.CLAIM_PERIOD_MS * 0.9;
}

/** Where a record stands: where we know it to be, or anywhere that it could be. */
async function findRecord(
  side: OpenSide,
  key: string,
  known: ClaimPlace | null,
  issueId: string | null,
): Promise<{ record: ClaimRecord | null; place: ClaimPlace | null }> {
  const places = known ? [known] : CLAIM_PLACES.filter((place) => place !== "issue" || issueId);
  for (const place of places) {
    const record = await side.readClaim({ key, place, issueId });
    if (record) return { record, place };
  }
  return { record: null, place: known };
}

type Speaking = ClaimsInput & {
  fence: Fence;
  claim: LentClaim;
  user: ClaimUser;
  side: OpenSide;
  key: string;
  anchor: string | null;
};

/** Writes our next nonce; where the place refuses it for good, the next place is tried. */
async function renew(speaking: Speaking, identity: string, first: ClaimPlace): Promise<void> {
  const { pool, claim, incarnation, anchor } = speaking;
  let refusal = "";
  for (let place: ClaimPlace | null = first; place; place = nextPlace(place)) {
    if (place === "issue" && !anchor) continue;
    const record: ClaimRecord = {
      identity,
      incarnation,
      nonce: randomUUID(),
      console: speaking.console,
    };
    const askedAt = await noteNextNonce(pool, claim, record.nonce, place, anchor);
    if (!askedAt) return;
    const sent = await write(speaking, "claim", place, record, claim.seen);
    if (sent.kind === "applied") {
      const goodMs = goodForMs(speaking.env.CLAIM_PERIOD_MS);
      await noteHeld(pool, claim, incarnation, record, { askedAt, goodMs });
      notifySoon(pool, "sync_wake");
      notifySoon(pool, "sync_changed");
      return;
    }
    // The gate shut, or nobody knows what became of it: looked at again soon.
    if (sent.kind === "refused" || !isForGood(sent.error)) return;
    refusal = sent.error.message;
  }
  await noteNoPlace(pool, claim, refusal);
  notifySoon(pool, "sync_wake");
  notifySoon(pool, "sync_changed");
}

function isForGood({ code }: SyncError): boolean {
  return code === "field_rejected" || code === "issue_gone";
}

/** Marks another node's record, so that it stops at its next look. Ours has stopped already. */
async function contest(speaking: Speaking, record: ClaimRecord, place: ClaimPlace): Promise<void> {
  const contested = { mark: randomUUID(), by: speaking.incarnation };
  log.warn("another node with our identity writes there", {
    instance: speaking.claim.instanceId,
    project: speaking.claim.project,
  });
  await write(speaking, "contest", place, { ...record, contested }, record);
}

function write(
  speaking: Speaking,
  kind: "claim" | "contest",
  place: ClaimPlace,
  record: ClaimRecord,
  before: ClaimRecord | null,
) {
  const { pool, workerId, fence, user, side, key, anchor } = speaking;
  const ticket = claimTicketFor(pool, {
    workerId,
    fence,
    connectionId: user.connectionId,
    side: user.side,
    kind,
    intended: record,
    before,
  });
  return side.writeClaim(ticket, { key, place, issueId: anchor }, record);
}
