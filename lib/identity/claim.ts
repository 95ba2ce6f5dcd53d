import { z } from "zod";
import { addressParts } from "@/lib/identity/address";

/** Our sign of life as it stands at an instance. */
export const claimRecord = z.object({
  identity: z.string(),
  incarnation: z.string(),
  /** New with every renewal: a copy of our database cannot know the ones that come after it. */
  nonce: z.string(),
  console: addressParts.nullable(),
  /** Set by a node that found two of us: nobody with this identity writes until a person has decided. */
  contested: z.object({ mark: z.string(), by: z.string() }).nullish(),
});
export type ClaimRecord = z.infer<typeof claimRecord>;

export type ClaimState = "listening" | "held" | "foreign" | "contested" | "no_place";

/** Where a record is kept: the project, one issue of it, or our own account there. */
export const CLAIM_PLACES = ["project", "issue", "account"] as const;
export type ClaimPlace = (typeof CLAIM_PLACES)[number];

/** What this node knows of a claim between two looks. Moments by the database's clock. */
export type ClaimMemory = {
  state: ClaimState;
  /** All that we wrote lately or were about to write. */
  nonces: string[];
  acceptedMark: string | null;
  seen: ClaimRecord | null;
  stillSince: Date | null;
  movedAt: Date | null;
};

export type Heard = Pick<ClaimMemory, "state" | "stillSince" | "movedAt">;

/**
 * What one look at the record means. It is ours if it carries a nonce that we wrote lately, or were about
 * to: an answer may be missed, and a write may come late. Anything else was written by another node with our identity, or
 * by ourselves after the backup that this database came from; only a person can tell which.
 */
export function hear(memory: ClaimMemory, record: ClaimRecord | null, now: Date): Heard {
  const isSame =
    memory.stillSince !== null && (memory.seen?.nonce ?? null) === (record?.nonce ?? null);
  const stillSince = isSame ? memory.stillSince : now;
  // A first look in a life cannot tell a move; a record that was ours a moment ago, and is not, has moved.
  const hasMoved = !isSame && memory.stillSince !== null;
  if (record?.contested && record.contested.mark !== memory.acceptedMark)
    return { state: "contested", stillSince, movedAt: memory.movedAt };
  const isOurs = record === null || memory.nonces.includes(record.nonce);
  if (!isOurs) return { state: "foreign", stillSince, movedAt: hasMoved ? now : memory.movedAt };
  // A record that is gone was removed by somebody: listen anew, as for one that moved.
  const isStillHeld = memory.state === "held" && record !== null;
  return { state: isStillHeld ? "held" : "listening", stillSince, movedAt: null };
}

/** Listen before talking: the record must have stood still for one and a half periods of its renewal. */
export const STILL_PERIODS = 1.5;

/**
 * How long a renewal that was asked for at a moment keeps speaking for us: as long as others listen before
 * they speak, less the time in which a write that was permitted may still begin.
 */
export function goodForMs(periodMs: number): number {
  return STILL_PERIODS * periodMs - Math.min(2_000, periodMs / 4);
}

/** Whether this incarnation may write its first claim. */
export function mayTake(heard: Heard, now: Date, periodMs: number): boolean {
  return (
    heard.state === "listening" &&
    heard.stillSince !== null &&
    now.getTime() - heard.stillSince.getTime() >= STILL_PERIODS * periodMs
  );
}

/** The next place to try when the present one refuses our claim; null when none is left. */
export function nextPlace(place: ClaimPlace): ClaimPlace | null {
  return CLAIM_PLACES[CLAIM_PLACES.indexOf(place) + 1] ?? null;
}

/** The name of the record at an instance. Each identity has its own, so that unrelated nodes do not meet. */
export function claimKey(identity: string): string {
  return `exalate.claim.${identity.slice(0, 8)}`;
}
