import { randomUUID } from "node:crypto";
import pg from "pg";
import type { Fence } from "@/lib/gate/gate";
import type { ServerIdentity } from "@/lib/gate/life";

export type WorkerProcess = { id: string; host: string; pid: number };

/** A worker's part in the node's present life, in its memory only. */
export type Membership = { workerId: string; fence: Fence; server: ServerIdentity };

export type StartOptions = {
  url: string;
  worker: WorkerProcess;
  /** How long members have to answer, in all. */
  askMs: number;
  /** Called when this worker has joined, before the next starter may ask: it must answer from then on. */
  onJoined: (membership: Membership) => Promise<void>;
};

const ASKS = 3;
const START_LOCK = 1;

/** Connection settings that notice a dead peer within seconds: a lock must not outlive its host for hours. */
export const WATCHED_SESSION =
  "-c tcp_keepalives_idle=5 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3";

/**
 * Joins the present life of the node's workers, or begins a new one. Off is the boot state: only an
 * answer, made just now at the gate's current epoch by a member that lives, keeps the gate as it is.
 * Nothing stored can prove that; a copy of the database holds no one who could answer.
 */
export async function start(options: StartOptions): Promise<Membership> {
  const client = new pg.Client({
    connectionString: options.url,
    application_name: "exalate start",
    options: WATCHED_SESSION,
  });
  await client.connect();
  try {
    await client.query("select pg_advisory_lock($1, 0)", [START_LOCK]);
    for (;;) {
      const joined = (await ask(client, options)) ?? (await begin(client, options));
      if (!joined) continue;
      const membership = {
        workerId: options.worker.id,
        fence: joined,
        server: await readServer(client),
      };
      await options.onJoined(membership);
      return membership;
    }
  } finally {
    // Ending the session gives START back.
    await client.end();
  }
}

/** Asks up to three times; the fence that was joined, or null when nobody answered. */
async function ask(client: pg.Client, { worker, askMs }: StartOptions): Promise<Fence | null> {
  for (let asked = 0; asked < ASKS; asked++) {
    const nonce = randomUUID();
    await client.query(
      "insert into question (nonce, asked_by, asked_at) values ($1, $2, sync_now())",
      [nonce, worker.id],
    );
    await client.query("select pg_notify('sync_question', '')");
    if (!(await isAnswered(client, nonce, askMs / ASKS))) continue;
    const fence = await join(client, nonce, worker);
    if (fence) return fence;
    // Answered at an older epoch: the gate moved meanwhile. A fresh question gets a fresh answer.
    asked = -1;
  }
  return null;
}

async function isAnswered(client: pg.Client, nonce: string, withinMs: number): Promise<boolean> {
  const until = performance.now() + withinMs;
  for (;;) {
    const { rowCount } = await client.query(
      "select from question where nonce = $1 and answered_at is not null",
      [nonce],
    );
    if (rowCount) return true;
    if (performance.now() >= until) return false;
    await new Promise((wake) => setTimeout(wake, Math.min(40, withinMs)));
  }
}

/** Joins if the answer was made at the gate's present fence; the gate is read in the same statement. */
async function join(
  client: pg.Client,
  nonce: string,
  worker: WorkerProcess,
): Promise<Fence | null> {
  const { rows } = await client.query<Fence>(
    `with joined as (
       insert into worker (id, incarnation, host, pid, started_at, seen_at)
       select $2, g.incarnation, $3, $4, sync_now(), sync_now()
         from gate g join question q on q.nonce = $1
        where q.answer_incarnation = g.incarnation and q.answer_epoch = g.epoch
       returning incarnation)
     select g.incarnation, g.epoch from gate g join joined j on j.incarnation = g.incarnation`,
    [nonce, worker.id, worker.host, worker.pid],
  );
  return rows[0] ?? null;
}

/** Nobody answered: a new life, with the gate shut. Null when another starter was quicker. */
async function begin(client: pg.Client, { worker }: StartOptions): Promise<Fence | null> {
  const { rows } = await client.query<Fence>("select incarnation, epoch from gate");
  const seen = rows[0];
  if (!seen) throw new Error("the database holds no gate: run the migrations");
  const incarnation = randomUUID();
  const reason =
    seen.incarnation === ""
      ? "This node started for the first time."
      : "This node restarted: none of its workers was left.";
  await client.query("begin");
  try {
    const { rows: answers } = await client.query<{ begun: boolean }>(
      "select begin_incarnation($1, $2, $3, $4) as begun",
      [seen.incarnation, seen.epoch, incarnation, reason],
    );
    if (!answers[0]?.begun) {
      await client.query("rollback");
      return null;
    }
    await client.query(
      `insert into worker (id, incarnation, host, pid, started_at, seen_at)
       values ($1, $2, $3, $4, sync_now(), sync_now())`,
      [worker.id, incarnation, worker.host, worker.pid],
    );
    // Questions are of no use once their starter has decided.
    await client.query("delete from question where asked_at < sync_now() - interval '1 hour'");
    await client.query("commit");
    return { incarnation, epoch: seen.epoch + 1 };
  } catch (error) {
    await client.query("rollback");
    throw error;
  }
}

export async function readServer(client: pg.ClientBase): Promise<ServerIdentity> {
  const { rows } = await client.query<ServerIdentity>(
    `select pg_postmaster_start_time()::text as "startedAt",
            (select system_identifier::text from pg_control_system()) as "systemId",
            (select timeline_id from pg_control_checkpoint()) as timeline`,
  );
  if (!rows[0]) throw new Error("the server did not say who it is");
  return rows[0];
}
