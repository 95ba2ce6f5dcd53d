import { setTimeout as pause } from "node:timers/promises";
import type pg from "pg";
import type { Dispatcher } from "undici";
import { foldActivity } from "@/lib/activity/activity-store";
import { forgetOldCalls } from "@/lib/api/forget-store";
import { clearConnectionError, stopConnection } from "@/lib/connections/error-store";
import type { Db } from "@/lib/db/database";
import { notifySoon } from "@/lib/db/notify";
import type { Env } from "@/lib/env";
import { SyncError } from "@/lib/errors";
import type { Fence, Gate, GateState } from "@/lib/gate/gate";
import type { AddressParts } from "@/lib/identity/address";
import { log } from "@/lib/log";
import { cutHistory } from "@/lib/settings/history-store";
import type { Claim } from "@/lib/sync/permit-store";
import {
  claimEntries,
  type LentEntry,
  lendForPlanning,
  rescueEntries,
  returnEntry,
} from "@/lib/sync-queue/worker-store";
import { chore } from "@/lib/worker/chore";
import { keepClaims } from "@/lib/worker/claims";
import { type ConnectionContext, connectionContexts } from "@/lib/worker/contexts";
import { keepHighWater } from "@/lib/worker/keep-high-water";
import type { Life } from "@/lib/worker/membership";
import { openPaces } from "@/lib/worker/pace";
import { planAhead } from "@/lib/worker/plan-ahead";
import { pollDueSides } from "@/lib/worker/poll";
import { run } from "@/lib/worker/run";
import { sweepSome } from "@/lib/worker/sweep";
import { tellPeople } from "@/lib/worker/tell";
import { listenForWakes } from "@/lib/worker/wake";
import { watchInstances } from "@/lib/worker/watch-instances";
import { keepWebhooks } from "@/lib/worker/webhooks";

/** Entries that one worker sends, and plans, at a time; a connection's own limit comes on top. */
const SENDING = 8;
const PLANNING = 4;
const TICK_MS = 500;
const SWEEP_EVERY_MS = 2_000;
/** Both issues of a pair are read. */
const CALLS_A_PAIR = 2;
const RESCUE_EVERY_MS = 5_000;
const FOLD_EVERY_MS = 15_000;
/** A worker that gave no sign of life for this long is rescued from. */
const SILENT_MS = 15_000;

export type WorkInput = {
  life: Life;
  db: Db;
  pool: pg.Pool;
  network: Dispatcher;
  env: Env;
  url: string;
  console: AddressParts | null;
  stop: AbortSignal;
};

/** One life's work: sends while the gate is open, plans ahead while it is not, polls always. */
export async function work(input: WorkInput): Promise<void> {
  const { life, pool, stop } = input;
  const { workerId, fence } = life.membership;
  const paceOf = openPaces(pool);
  const contexts = connectionContexts(input.db, pool, input.network, input.env, paceOf);
  const sending = new Set<Promise<void>>();
  const planning = new Set<Promise<void>>();
  let rescuedAt = 0;
  let said = "idle";
  const watch = watchInstances();
  const raiseMark = keepHighWater(pool, input.env);

  let wake = () => {};
  const stopListening = listenForWakes(input.url, () => wake());
  const isOver = () => stop.aborted || life.endedBecause() !== null;
  stop.addEventListener("abort", () => wake());

  const chores = [
    chore(0, "nothing was polled", () => pollDueSides({ ...input, paceOf, isOver })),
    chore(0, "nothing was swept", sweep),
    chore(0, "webhooks were left alone", (gate: Fence) =>
      keepWebhooks({ ...input, workerId, fence: gate, paceOf }),
    ),
    chore(input.env.POLL_INTERVAL_MS, "no look at the instances", () =>
      watch({ ...input, isOver }),
    ),
    chore(FOLD_EVERY_MS, "nobody was told", () => tellPeople(input, isOver)),
    chore(FOLD_EVERY_MS, "what a worker does every minute was not done", () =>
      Promise.all([foldActivity(pool), forgetOldCalls(pool), cutHistory(pool, { isOver })]),
    ),
  ];
  const claiming = speak();
  while (!isOver()) {
    try {
      const { state, fence: current } = await readGateOf(pool);
      if (current.incarnation !== fence.incarnation) break;
      if (state === "closing") await pool.query("select settle_closing()");
      if (state === "active") await claimAndRun(current);
      await planSome();
      for (const { tick } of chores) tick(current);
      await raiseMark(fence.incarnation);
      if (performance.now() - rescuedAt > RESCUE_EVERY_MS) {
        rescuedAt = performance.now();
        if ((await rescueEntries(pool, SILENT_MS)) > 0) notifySoon(pool, "sync_changed");
      }
      await say();
    } catch (error) {
      // The database is away. Without it no permit is granted, so nothing is written meanwhile.
      log.warn("the database did not answer", { error: String(error) });
    }
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, TICK_MS);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
      if (isOver()) wake();
    });
  }
  // From here on nobody is answered in our name, while writes on the wire come to their end.
  await life.end();
  await Promise.allSettled([
    ...sending,
    ...planning,
    ...chores.map(({ ended }) => ended()),
    claiming,
  ]);
  await stopListening();
  await pool
    .query("update worker set stopped_at = sync_now(), doing = 'stopped' where id = $1", [workerId])
    .catch((error: unknown) => log.warn("could not note our stop", { error: String(error) }));

  /** Our sign of life at the instances has a pace of its own: a long queue must not silence it. */
  async function speak(): Promise<void> {
    while (!isOver()) {
      try {
        const { state, fence: current } = await readGateOf(pool);
        if (current.incarnation === fence.incarnation)
          await keepClaims({
            ...input,
            workerId,
            incarnation: fence.incarnation,
            gate: { state, fence: current },
          });
      } catch (error) {
        log.warn("claims could not be kept", { error: String(error) });
      }
      await pause(Math.min(TICK_MS, input.env.CLAIM_PERIOD_MS / 4));
    }
  }

  async function claimAndRun(gate: Fence): Promise<void> {
    const free = SENDING - sending.size;
    if (free <= 0) return;
    for (const entry of await claimEntries(pool, workerId, gate, free)) {
      const claim = { entryId: entry.id, attempt: entry.attempt, workerId, fence: gate };
      track(sending, send(entry, claim));
    }
  }

  async function send(entry: LentEntry, claim: Claim): Promise<void> {
    let context: ConnectionContext | undefined;
    try {
      context = await contexts.get(entry.connectionId);
      const end = await run({ context, entry, claim, shouldStop: isOver, random: Math.random });
      await judge(context, entry.connectionId, end.connectionError);
    } catch (error) {
      if (error instanceof SyncError) await judge(context, entry.connectionId, error);
      else log.error("a run failed", { entry: entry.id, error: describe(error) });
      await giveBack(claim, error);
    }
    notifySoon(pool, "sync_changed");
    wake();
  }

  /** A claim never stays with a worker that does not work on it, however long the database is away. */
  async function giveBack(claim: Claim, error: unknown): Promise<void> {
    const bug =
      error instanceof SyncError ? null : "Something went wrong in this worker; see its log.";
    for (;;) {
      try {
        await returnEntry(pool, claim, {
          state: bug ? "retrying" : "queued",
          delayMs: bug ? 30_000 : 0,
          writes: 0,
          code: bug && "internal",
          message: bug,
        });
        return;
      } catch {
        // A new life takes all claims back; a stopping worker's are rescued.
        if (isOver()) return;
        await new Promise((resolve) => setTimeout(resolve, 1_000));
      }
    }
  }

  async function planSome(): Promise<void> {
    const free = PLANNING - planning.size;
    if (free <= 0) return;
    for (const entry of await lendForPlanning(pool, free)) track(planning, planOne(entry));
  }

  async function planOne(entry: LentEntry): Promise<void> {
    let context: ConnectionContext | undefined;
    try {
      context = await contexts.get(entry.connectionId);
      await judge(context, entry.connectionId, await planAhead(context, entry));
    } catch (error) {
      if (error instanceof SyncError) await judge(context, entry.connectionId, error);
      else log.error("planning failed", { entry: entry.id, error: describe(error) });
    }
    notifySoon(pool, "sync_changed");
    wake();
  }

  /** Between two steps it rests, so that what somebody waits for goes first. */
  async function sweep(): Promise<void> {
    try {
      await sweepSome({
        pool,
        pace: {
          aMinute: Math.max(1, Math.floor(input.env.SWEEP_CALLS_PER_MINUTE / CALLS_A_PAIR)),
          restMs: input.env.SWEEP_REST_MS,
        },
        context: (connectionId) => contexts.get(connectionId),
        stopped: (connectionId, error) => judge(undefined, connectionId, error),
        isOver,
      });
    } catch (error) {
      log.warn("a sweep was cut short", { error: describe(error) });
    }
    await pauseUnlessStopped(SWEEP_EVERY_MS);
  }

  async function pauseUnlessStopped(ms: number): Promise<void> {
    await pause(ms, undefined, { signal: stop }).catch(() => undefined);
  }

  /** An error that reaches the connection stops it; a run without one clears what has mended itself. */
  async function judge(
    context: ConnectionContext | undefined,
    connectionId: number,
    error: SyncError | null,
  ): Promise<void> {
    if (error) {
      await stopConnection(input.db, connectionId, error);
      contexts.forget(connectionId);
    } else if (context?.hasError) {
      await clearConnectionError(input.db, connectionId);
      contexts.forget(connectionId);
    }
  }

  async function say(): Promise<void> {
    const doing =
      sending.size > 0
        ? `sending ${sending.size === 1 ? "1 issue" : `${sending.size} issues`}`
        : planning.size > 0
          ? `reading ${planning.size === 1 ? "1 issue" : `${planning.size} issues`}`
          : "idle";
    if (doing === said) return;
    said = doing;
    await pool.query("update worker set doing = $2 where id = $1", [workerId, doing]);
  }
}

async function readGateOf(pool: pg.Pool): Promise<Gate> {
  const { rows } = await pool.query<{ state: GateState } & Fence>(
    "select state, incarnation, epoch from gate",
  );
  if (!rows[0]) throw new Error("the database holds no gate");
  const { state, incarnation, epoch } = rows[0];
  return { state, fence: { incarnation, epoch } };
}

function track(set: Set<Promise<void>>, promise: Promise<void>): void {
  set.add(promise);
  // `send` and `planOne` report their own errors; what still gets through is a lost database.
  promise
    .catch((error: unknown) => log.warn("the database did not answer", { error: String(error) }))
    .finally(() => set.delete(promise));
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
