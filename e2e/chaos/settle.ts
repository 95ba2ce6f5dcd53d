import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Happening } from "@/e2e/chaos/events";
import { endNode, type Lane, PAIRS, PROJECTS, SIDES } from "@/e2e/chaos/lane";
import {
  type ChaosNode,
  killWorker,
  living,
  look,
  type Mark,
  mend,
  startWorker,
  thaw,
} from "@/e2e/chaos/node";
import type { Finding, GateChange, History, Permit, Witnessed, Write } from "@/e2e/chaos/oracle";
import { open, sayItIsTheSame, takeOverAll } from "@/e2e/chaos/people";
import { count, type Tally } from "@/e2e/chaos/tally";
import { checkInStep } from "@/e2e/checker";
import { PRIORITY_PAIRS, STATUS_PAIRS } from "@/e2e/line";
import { auditKey, verifyAudit } from "@/lib/audit/audit-store";
import { findingWords } from "@/lib/audit/finding-words";
import { isNote } from "@/lib/audit/verify";
import { deactivate } from "@/lib/gate/gate-store";

/** A node that takes no step for so long has lost something, and so has one that is never done. */
const GIVE_UP_MS = 45_000;
const NEVER_DONE_MS = 240_000;
/** What a person has looked at and tried again for so long will not go. */
const TRIED_AGAIN_MS = 10_000;
const HELP_EVERY_MS = 300;

/** The copies end, and with them their histories. */
export async function endCopies(lane: Lane): Promise<History[]> {
  const histories: History[] = [];
  for (const copy of lane.copies.splice(0)) {
    for (const worker of copy.workers) {
      if (worker.isFrozen) thaw(worker);
      await killWorker(worker);
      await mend(worker);
    }
    await Promise.all(copy.pending);
    histories.push(await historyOf(copy));
    const chore = endNode(lane, copy).finally(() => lane.chores.delete(chore));
    lane.chores.add(chore);
  }
  return histories;
}

/**
 * Everything that was stopped goes on, everything broken is mended; then the original is activated until
 * all is sent. Where a copy has written, what it left half-done is only counted: it is gone, and nobody knows.
 */
export async function comeToRest(
  { lane, tally }: Happening,
  hasCopyWritten: boolean,
): Promise<Finding[]> {
  const { original } = lane;
  for (const side of SIDES) await lane.trackers[side].client.setFaults({});
  for (const worker of original.workers) {
    if (worker.isFrozen) thaw(worker);
    if (worker.cable.isDead()) await mend(worker);
  }
  const [{ now }] = (await original.pool.query<{ now: Date }>("select sync_now() as now")).rows as [
    { now: Date },
  ];
  const began = performance.now();
  let steppedAt = began;
  let sent = -1;
  let helpedAt = Number.NEGATIVE_INFINITY;
  let refusedSince: number | null = null;
  let words = "";
  while (performance.now() < Math.min(steppedAt + GIVE_UP_MS, began + NEVER_DONE_MS)) {
    if (living(original).length === 0) await startWorker(original, lane.program);
    const gate = await look(original, lane.received);
    if (living(original).some(({ state }) => state === "ready"))
      await putInOrder(original, gate, tally).catch(() => undefined);
    if (performance.now() > helpedAt + HELP_EVERY_MS) {
      helpedAt = performance.now();
      await helpAlong(original);
    }
    const waits = await whatWaits(original, now);
    // A busy machine is slow, which is no loss.
    if (waits.sent !== sent) steppedAt = performance.now();
    sent = waits.sent;
    words = `${gate?.state ?? "no answer"}: ${waits.words}`;
    refusedSince = waits.isRefused ? (refusedSince ?? performance.now()) : null;
    if (refusedSince !== null && performance.now() > refusedSince + TRIED_AGAIN_MS)
      return [{ rule: "what a person looked at and tried again goes on", words }];
    if (gate?.state === "active" && waits.words === null) {
      const differences = await compare(lane);
      if (differences.length === 0) return [];
      if (hasCopyWritten) {
        count(tally, "sequences that a copy left different");
        return [];
      }
      words = differences.join("; ");
      await pause(200);
    }
    await pause(40);
  }
  return [{ rule: "nothing is lost, and nothing stands twice", words }];
}

async function putInOrder(original: ChaosNode, gate: Mark | null, tally: Tally): Promise<void> {
  await takeOverAll(original, tally);
  if (gate?.state !== "inactive") return;
  await sayItIsTheSame(original, tally);
  await open(original, tally);
}

/** What a person does who does not want to wait: everything that waits is tried now. */
async function helpAlong({ pool }: ChaosNode): Promise<void> {
  await pool.query(
    `update connection set error_code = null, error_message = null, retry_at = null, error_count = 0
      where error_code is not null`,
  );
  await pool.query("update instance set paused_until = null where paused_until is not null");
  await pool.query(
    `update queue_entry set state = 'queued', ready_at = sync_now()
      where state = 'failed' or (state = 'retrying' and ready_at > sync_now() + interval '200 milliseconds')`,
  );
}

/** What is not done yet, in words; `isRefused`: nothing else waits than what was refused for the sake of another node. */
async function whatWaits(
  { pool }: ChaosNode,
  since: Date,
): Promise<{ words: string | null; sent: number; isRefused: boolean }> {
  const { rows } = await pool.query<{
    entries: number;
    sent: number;
    refused: number;
    permits: number;
    unpolled: number;
    detail: string | null;
  }>(
    `select (select count(*)::int from queue_entry) as entries,
            (select count(*)::int from permit where outcome = 'applied') as sent,
            (select count(*)::int from queue_entry where error_code = 'another_node') as refused,
            (select count(*)::int from permit where outcome = 'open' and deadline_at + permit_margin() > sync_now()) as permits,
            (select count(*)::int from watermark where at <= $1 or polled_at <= $1) as unpolled,
            (select string_agg(concat_ws(' ', id, state, error_code, words), ', ') from (select * from queue_entry limit 5) e) as detail`,
    [since],
  );
  const row = rows[0];
  if (!row) return { words: "no answer", sent: -1, isRefused: false };
  const { entries, sent, refused, permits, unpolled, detail } = row;
  if (entries + permits + unpolled === 0) return { words: null, sent, isRefused: false };
  return {
    sent,
    words: `${entries} entries wait (${detail ?? ""}), ${permits} permits are open, ${unpolled} sides were not polled`,
    isRefused: refused > 0 && refused === entries,
  };
}

async function compare(lane: Lane): Promise<string[]> {
  const { local, remote } = lane.trackers;
  const linked = new Map<string, string>();
  for (let number = 1; number <= PAIRS; number++) linked.set(`PROD-${number}`, `ACME-${number}`);
  // Those that began at the remote side carry the note about their twin there.
  for (const issue of remote.simulator.state.issues.values()) {
    const noted = (
      await remote.client.as("admin-token").getIssue(issue.key, { properties: "*all" })
    ).properties?.["exalate.twin"] as { twinId?: string } | undefined;
    const twin = local.simulator.state.issues.get(noted?.twinId ?? "");
    if (twin) linked.set(twin.key, issue.key);
  }
  const { differences } = await checkInStep({
    local: local.client,
    remote: remote.client,
    localProject: PROJECTS.local,
    remoteProject: PROJECTS.remote,
    status: STATUS_PAIRS,
    priority: PRIORITY_PAIRS,
    linked,
  });
  return differences;
}

/** What helps to understand a finding, read before anything is tidied. */
export async function circumstances({ original }: Lane): Promise<Record<string, unknown>> {
  const rows = async (statement: string) => (await original.pool.query(statement)).rows;
  const log = await readFile(join(original.dataDir, "worker.log"), "utf8").catch(() => "");
  return {
    processes: original.workers.map(({ pid, state, isFrozen }) => ({ pid, state, isFrozen })),
    workers: await rows("select * from worker order by started_at desc limit 8"),
    entries: await rows("select * from queue_entry order by id"),
    claims: await rows("select * from claim"),
    connections: await rows("select * from connection"),
    watermarks: await rows("select * from watermark"),
    pairs: await rows("select * from pair order by id"),
    sessions: await rows(
      `select pid, application_name, state, wait_event, query, xact_start, query_start, client_port
         from pg_stat_activity where datname = current_database()`,
    ),
    log: log.split("\n").slice(-120),
  };
}

/** Leaves the original as the next sequence finds it: at most one worker; the gate as it is, or shut. */
export async function tidy(lane: Lane, isShut: boolean): Promise<void> {
  const { original } = lane;
  if (isShut) await deactivate(original.db, { by: "ada" });
  for (const worker of living(original).slice(1)) await killWorker(worker);
  original.workers = living(original);
  await Promise.all(original.pending);
}

export async function historyOf(node: ChaosNode): Promise<History> {
  const { pool, before, name, isCopy, openings, marks, lifeEnds } = node;
  const permits = await pool.query<Permit>(
    `select id::text, incarnation, epoch, worker_id::text as "workerId", pair_id as "pairId", side, kind, outcome,
            extract(epoch from granted_at)::float8 * 1000 as "grantedAt",
            extract(epoch from deadline_at)::float8 * 1000 as "deadlineAt"
       from permit order by granted_at`,
  );
  const gateChanges = await pool.query<GateChange>(
    "select id, kind, state, incarnation, epoch from gate_change order by id",
  );
  const audit = await pool.query<{ action: string; incarnation: string; epoch: number }>(
    `select action, detail ->> 'incarnation' as incarnation, (detail ->> 'epoch')::int as epoch
       from audit where action in ('gate.activated', 'gate.new_incarnation') order by id`,
  );
  const witnessed = await pool.query<Witnessed>(
    "select n::int, extract(epoch from at)::float8 * 1000 as at, about, deed, was, became from witness where n > $1 order by n",
    [before.witness],
  );
  return {
    ...{ name, isCopy, openings, marks, lifeEnds, before },
    permits: permits.rows,
    gateChanges: gateChanges.rows,
    audit: { moves: audit.rows, broken: isCopy ? [] : await brokenAudit(node) },
    witnessed: witnessed.rows,
  };
}

/** A copy may have another key than ours, and then nothing can be said. */
async function brokenAudit({ db }: ChaosNode): Promise<string[]> {
  const { findings } = await verifyAudit(db, auditKey(), null);
  return findings.filter((finding) => !isNote(finding)).map(findingWords);
}

export function writesSince(lane: Lane, start: Record<"local" | "remote", number>): Write[] {
  return SIDES.flatMap((side) =>
    lane.trackers[side].simulator.writes.entries
      .filter(({ n }) => n > start[side])
      .map((write) => ({ ...write, side })),
  );
}
