import { setTimeout as pause } from "node:timers/promises";
import type pg from "pg";
import type { Dispatcher } from "undici";
import { openSides } from "@/lib/connections/connection-opener";
import { stopConnection } from "@/lib/connections/error-store";
import {
  finishPoll,
  giveSideBack,
  type LentSide,
  lendSide,
} from "@/lib/connections/watermark-store";
import type { ChangedIssue } from "@/lib/connectors/connector";
import type { Db } from "@/lib/db/database";
import { notifySoon } from "@/lib/db/notify";
import type { Env } from "@/lib/env";
import { SyncError } from "@/lib/errors";
import { noteProbe } from "@/lib/identity/instance-store";
import { log } from "@/lib/log";
import { isSettled } from "@/lib/sync/settled";
import { beginPairs, recordFound } from "@/lib/sync-queue/detection-store";
import { giveChangedIssues } from "@/lib/worker/changed-issues";
import { type Holding, holdSide } from "@/lib/worker/hold-side";
import type { PaceOf } from "@/lib/worker/pace";

/** One instance that hangs must not keep the others from being looked at. */
const LANES = 4;
/**
 * What lies between a change and the search that finds it: the index's lag, other cluster nodes, clocks.
 * At least two minutes by the rules of polling Jira.
 */
const OVERLAP_MS = 3 * 60_000;
/** The priority of what exists already: edits of people go first. */
const LATER = 1;
/** Before any issue; not 1970 itself, which in some time zones is the year before. */
const THE_BEGINNING = new Date("1970-01-02T00:00:00Z");
/** A clock's reading over the network is not exact. */
const CLOCK_SLACK_MS = 1_000;

export type PollInput = {
  db: Db;
  pool: pg.Pool;
  network: Dispatcher;
  env: Pick<Env, "POLL_INTERVAL_MS" | "WRITE_TIMEOUT_MS">;
  paceOf?: PaceOf;
  isOver: () => boolean;
};

/**
 * Polls the sides that are due, each by one worker at a time, until none is. Goes on while the gate is
 * closed: it only reads. Never rejects: what an instance does stops its connection, and a database
 * that is away is asked again at the next call.
 */
export async function pollDueSides(input: PollInput): Promise<void> {
  let busy = 0;
  const lane = async () => {
    while (!input.isOver()) {
      const lent = await lendSide(input.pool, input.env.POLL_INTERVAL_MS);
      if (lent) {
        busy++;
        await pollSide(input, lent).finally(() => busy--);
      } else if (busy === 0) return;
      else await pause(500);
    }
  };
  const lanes = await Promise.allSettled(Array.from({ length: LANES }, lane));
  for (const result of lanes)
    if (result.status === "rejected") log.warn("a poll failed", { error: String(result.reason) });
}

/** One look at one side. */
async function pollSide(input: PollInput, lent: LentSide): Promise<void> {
  const { db, pool, env } = input;
  const holding = holdSide(pool, lent);
  const giveBack = async (delayMs: number) => {
    const held = await holding.end();
    if (held) await giveSideBack(pool, held, delayMs);
  };
  try {
    await look(input, lent, holding);
  } catch (error) {
    if (!(error instanceof SyncError)) {
      await giveBack(env.POLL_INTERVAL_MS);
      throw error;
    }
    log.warn("a side could not be polled", {
      connection: lent.connectionId,
      side: lent.side,
      error: error.message,
    });
    // Before the side is due again, or it would be lent once more at once.
    if (error.stops === "connection") await stopConnection(db, lent.connectionId, error, lent.side);
    await giveBack(error.stops === "connection" ? 0 : env.POLL_INTERVAL_MS);
  } finally {
    await holding.end();
  }
}

async function look(input: PollInput, lent: LentSide, holding: Holding): Promise<void> {
  const { db, pool, network, env } = input;
  const { connectionId } = lent;
  const connection = await db.connection.findUnique({
    where: { id: connectionId },
    include: { localInstance: true, remoteInstance: true },
  });
  if (!connection) return;
  const side = openSides(connection, network, {
    writeTimeoutMs: env.WRITE_TIMEOUT_MS,
    paceOf: input.paceOf,
  })[lent.side];
  // Asked anew in each cycle: somebody who changes our account's time zone moves every search's window.
  const probe = await side.probe();
  await noteProbe(db, connection[`${lent.side}Instance`], probe);
  const { clockOffsetMs } = probe;
  const startedAt = new Date(Date.now() + clockOffsetMs);
  const since = new Date(lent.at.getTime() - OVERLAP_MS);
  // The overlap reaches back before the connection: what was so already, its trigger did not bring in.
  const agreedAt = connection.createdAt.getTime() + clockOffsetMs - CLOCK_SLACK_MS;
  const isRecent = ({ updatedAt }: ChangedIssue) => Date.parse(updatedAt) >= agreedAt;

  /** Records a page; goes on while the side is ours. */
  const taking = (begins: "recent" | "all" | "none") => async (listed: ChangedIssue[]) => {
    // What may change again within its second is for the next poll, whose overlap reaches back to it.
    const now = Date.now() + clockOffsetMs;
    const issues = listed.filter(({ updatedAt }) => isSettled(updatedAt, now));
    let found = await recordFound(pool, connectionId, lent.side, issues);
    if (begins === "recent")
      found += await beginPairs(pool, connectionId, lent.side, issues.filter(isRecent));
    if (begins === "all") found += await beginPairs(pool, connectionId, lent.side, issues, LATER);
    if (found > 0) {
      notifySoon(pool, "sync_wake");
      notifySoon(pool, "sync_changed");
    }
    return (await holding.keep()) !== null && !input.isOver();
  };
  const byTrigger = await giveChangedIssues(side, since, "trigger", taking("recent"));
  const byProject = await giveChangedIssues(side, since, "project", taking("none"));
  const at = earliest(startedAt, byTrigger, byProject);
  const { existingWishedAt: wishedAt, existingFrom } = lent;
  const broughtIn = wishedAt && {
    wishedAt,
    // After what changed: a long round keeps no edit waiting.
    cameTo: await giveChangedIssues(side, existingFrom ?? THE_BEGINNING, "trigger", taking("all")),
  };
  const held = await holding.end();
  if (held) await finishPoll(pool, held, at, clockOffsetMs, broughtIn);
}

function earliest(first: Date, ...others: (Date | null)[]): Date {
  return others.reduce<Date>((least, each) => (each && each < least ? each : least), first);
}
