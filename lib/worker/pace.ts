import { setTimeout as pause } from "node:timers/promises";
import type pg from "pg";
import { lendCalls, noteCall, noteLimit } from "@/lib/connections/pace-store";
import {
  adapted,
  type CallEnd,
  FIRST_WIDTH,
  isSilence,
  limitIn,
  type Pace,
} from "@/lib/connectors/pace";
import { SyncError } from "@/lib/errors";
import { log } from "@/lib/log";

/** Calls that are fetched at a time; what is not used within a second goes to nobody. */
const LEASE = 10;
const LEASE_MS = 1_000;
/** A call that would have to wait longer gives its place back. */
const LONGEST_WAIT_MS = 15_000;
/** How often the instance's own word on its limit is shared with the other workers. */
const SHARE_LIMIT_MS = 1_000;

export type PaceOf = (instance: { id: number; name: string }) => Pace;

/**
 * One process's share in the pace of each instance: so many calls at once as it bears, so many a second as it
 * allows to all workers together, and none for a while when it brings no answers.
 */
export function openPaces(pool: pg.Pool): PaceOf {
  const paces = new Map<number, Pace>();
  return (instance) => {
    let pace = paces.get(instance.id);
    if (!pace) {
      pace = openPace(pool, instance);
      paces.set(instance.id, pace);
    }
    return pace;
  };
}

function openPace(pool: pg.Pool, { id, name }: { id: number; name: string }): Pace {
  let width = FIRST_WIDTH;
  let running = 0;
  const waiting: (() => void)[] = [];
  let lease = { calls: 0, until: 0, isCounted: false };
  let asking: Promise<void> | undefined;
  let failures = 0;
  let sharedAt = Number.NEGATIVE_INFINITY;

  async function begin(): Promise<(end: CallEnd) => void> {
    await takePlace();
    try {
      await takeCall();
    } catch (error) {
      leavePlace();
      throw error;
    }
    return (end) => {
      width = adapted(width, end, running, performance.now());
      leavePlace();
      tell(end).catch((error: unknown) => log.debug("pace not noted", { error: String(error) }));
    };
  }

  async function takePlace(): Promise<void> {
    if (running >= Math.floor(width.limit))
      await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
  }

  function leavePlace(): void {
    running -= 1;
    while (waiting.length > 0 && running < Math.floor(width.limit)) {
      running += 1;
      waiting.shift()?.();
    }
  }

  async function takeCall(): Promise<void> {
    const giveUpAt = performance.now() + LONGEST_WAIT_MS;
    for (;;) {
      if (performance.now() < lease.until) {
        if (!lease.isCounted) return;
        if (lease.calls > 0) {
          lease.calls -= 1;
          return;
        }
      }
      asking ??= fetchLease(giveUpAt).finally(() => {
        asking = undefined;
      });
      await asking;
    }
  }

  async function fetchLease(giveUpAt: number): Promise<void> {
    const lent = await lendCalls(pool, id, LEASE);
    failures = lent.failures;
    if (lent.calls > 0) {
      const isCounted = lent.isLimited || lent.isSilent;
      lease = { calls: lent.calls, until: performance.now() + LEASE_MS, isCounted };
      return;
    }
    if (lent.isSilent)
      throw new SyncError(
        "instance_unreachable",
        `${name} is not asked for ${seconds(lent.waitMs)}: its last ${lent.failures} calls brought no answer`,
        { retryAfterMs: lent.waitMs },
      );
    if (performance.now() + lent.waitMs > giveUpAt)
      throw new SyncError("rate_limited", `${name} allows no call for ${seconds(lent.waitMs)}`, {
        retryAfterMs: lent.waitMs,
      });
    await pause(lent.waitMs);
  }

  async function tell(end: CallEnd): Promise<void> {
    if (end.kind === "unsent") return;
    if (isSilence(end)) {
      lease = { calls: 0, until: 0, isCounted: false };
      failures = await noteCall(pool, id, false);
      return;
    }
    if (failures > 0) {
      failures = 0;
      lease = { calls: 0, until: 0, isCounted: false };
      await noteCall(pool, id, true);
    }
    const limit = end.kind === "answered" ? limitIn(end.header) : null;
    if (!limit || performance.now() - sharedAt < SHARE_LIMIT_MS) return;
    sharedAt = performance.now();
    if (!lease.isCounted) lease = { calls: 0, until: 0, isCounted: false };
    await noteLimit(pool, id, limit);
  }

  return { begin };
}

function seconds(ms: number): string {
  return ms < 1_000 ? "a moment" : `${Math.ceil(ms / 1_000)} s`;
}
