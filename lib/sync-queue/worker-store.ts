import type pg from "pg";
import type { Fence } from "@/lib/gate/gate";
import type { Claim } from "@/lib/sync/permit-store";
import type { Plan } from "@/lib/sync/plan-types";

// The workers' side of the queue: each function here is one SQL function, one round trip.

/** An entry in a worker's or planner's hands. */
export type LentEntry = {
  id: number;
  connectionId: number;
  pairId: number;
  attempt: number;
  version: number;
  failures: number;
  plannedVersion: number | null;
  planDigest: string | null;
};

type EntryRow = {
  id: number;
  connection_id: number;
  pair_id: number;
  attempt: number;
  version: number;
  failures: number;
  planned_version: number | null;
  plan_digest: string | null;
};

function lent(row: EntryRow): LentEntry {
  return {
    id: row.id,
    connectionId: row.connection_id,
    pairId: row.pair_id,
    attempt: row.attempt,
    version: row.version,
    failures: row.failures,
    plannedVersion: row.planned_version,
    planDigest: row.plan_digest,
  };
}

/** Claims up to `limit` entries, if the gate is open under `fence`; see `claim_entries`. */
export async function claimEntries(
  pool: pg.Pool,
  workerId: string,
  fence: Fence,
  limit: number,
): Promise<LentEntry[]> {
  const { rows } = await pool.query<EntryRow>("select * from claim_entries($1, $2, $3, $4)", [
    workerId,
    fence.incarnation,
    fence.epoch,
    limit,
  ]);
  return rows.map(lent);
}

function claimValues(claim: Claim) {
  return [
    claim.entryId,
    claim.attempt,
    claim.workerId,
    claim.fence.incarnation,
    claim.fence.epoch,
  ] as const;
}

export type Completion = {
  outcome: "applied" | "nothing_to_send";
  writes: number;
  words: string;
  /** The two readings that are the new base; null while the pair has no twin. */
  reading: object | null;
};

/**
 * Takes a finished entry off the queue. `requeued`: it changed while it ran and stays, to be read
 * again; `lost`: another worker has it, and nothing was changed.
 */
export async function completeEntry(
  pool: pg.Pool,
  claim: Claim,
  done: Completion,
): Promise<"done" | "requeued" | "lost"> {
  const { rows } = await pool.query<{ result: "done" | "requeued" | "lost" }>(
    "select complete_entry($1,$2,$3,$4,$5,$6,$7,$8,$9::jsonb) as result",
    [
      ...claimValues(claim),
      done.outcome,
      done.writes,
      done.words,
      done.reading && JSON.stringify(done.reading),
    ],
  );
  return rows[0]?.result ?? "lost";
}

export type Returned = {
  /** `queued`: no try was spent. `held`: a person lets it go. */
  state: "queued" | "retrying" | "failed" | "held";
  delayMs: number;
  writes: number;
  code: string | null;
  message: string | null;
};

/** Gives a claim back. `false`: it was not ours any more, and nothing was changed. */
export async function returnEntry(pool: pg.Pool, claim: Claim, end: Returned): Promise<boolean> {
  const { rows } = await pool.query<{ returned: boolean }>(
    "select return_entry($1,$2,$3,$4,$5,$6,$7,$8,$9,$10) as returned",
    [
      ...claimValues(claim),
      end.state,
      Math.max(0, Math.round(end.delayMs)),
      end.writes,
      end.code,
      end.message,
    ],
  );
  return rows[0]?.returned ?? false;
}

/** Entries taken back from workers that stopped or have been silent for `silentMs`. */
export async function rescueEntries(pool: pg.Pool, silentMs: number): Promise<number> {
  const { rows } = await pool.query<{ rescued: number }>("select rescue_entries($1) as rescued", [
    silentMs,
  ]);
  return rows[0]?.rescued ?? 0;
}

/** Entries to read and plan ahead, while nothing may be sent; see `lend_for_planning`. */
export async function lendForPlanning(pool: pg.Pool, limit: number): Promise<LentEntry[]> {
  const { rows } = await pool.query<EntryRow>("select * from lend_for_planning($1)", [limit]);
  return rows.map(lent);
}

export type KeptPlan = {
  plan: Plan;
  digest: string;
  direction: string | null;
  words: string;
  summary: string;
};

/** Keeps a plan beside its entry, for people to read. */
export async function savePlan(
  pool: pg.Pool,
  entryId: number,
  version: number,
  kept: KeptPlan,
): Promise<void> {
  await pool.query("select save_plan($1,$2,$3::jsonb,$4,$5,$6,$7,null)", [
    entryId,
    version,
    JSON.stringify(kept.plan),
    kept.digest,
    kept.direction,
    kept.words,
    kept.summary,
  ]);
}

/** Lets an entry with nothing to send leave the queue, unless it changed or is held. */
export async function leaveQueue(
  pool: pg.Pool,
  entryId: number,
  version: number,
  { reading, summary, words }: { reading: object | null; summary: string; words: string },
): Promise<void> {
  await pool.query("select save_plan($1,$2,null,null,null,$5,$3,$4::jsonb)", [
    entryId,
    version,
    summary,
    reading && JSON.stringify(reading),
    words,
  ]);
}

/** An entry that cannot be planned keeps its place and says why; it is tried again after `delayMs`. */
export async function notePlanningError(
  pool: pg.Pool,
  entryId: number,
  version: number,
  error: { code: string; message: string; delayMs: number },
): Promise<void> {
  await pool.query(
    `update queue_entry
        set error_code = $3, error_message = $4,
            planning_until = sync_now() + $5 * interval '1 millisecond', updated_at = sync_now()
      where id = $1 and version = $2 and state <> 'running'`,
    [entryId, version, error.code, error.message, error.delayMs],
  );
}
