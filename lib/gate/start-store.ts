import { randomUUID } from "node:crypto";
import pg from "pg";
import { recordAuditWith } from "@/lib/audit/audit-store";
import type { Fence } from "@/lib/gate/gate";
import type { ServerIdentity } from "@/lib/gate/life";
import { type AddressParts, fromParts, sameParts } from "@/lib/identity/address";
import { judgeStart, keepVerdict, type Looked } from "@/lib/identity/identity-store";
import type { Verdict } from "@/lib/identity/verdict";

export type WorkerProcess = { id: string; host: string; pid: number };

/** A worker's part in the node's present life, in its memory only. */
export type Membership = { workerId: string; fence: Fence; server: ServerIdentity };

export type StartOptions = {
  url: string;
  worker: WorkerProcess;
  /** How long members have to answer, in all. */
  askMs: number;
  /** Looks at where this process runs; asked once, when nobody answers and a new life begins. */
  look: (client: pg.ClientBase) => Promise<Looked>;
  /** What this process was told its node is called. Null: it was not told. */
  told: { console: AddressParts | null; label: string | null };
  /** Why this process's last life ended, if it had one. */
  after?: string | undefined;
  /** Called when this worker has joined, before the next starter may ask: it must answer from then on. */
  onJoined: (membership: Membership) => Promise<void>;
};

/** This process belongs to another node than the one whose database it was given. Only a person can mend that. */
export class WrongNode extends Error {
  override name = "WrongNode";
}

/** `LISTEN` and the START lock belong to one session; a transaction pooler gives each statement another. */
export class NeedsDirectConnection extends Error {
  override name = "NeedsDirectConnection";
}

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
  client.on("error", () => undefined); // the query under way reports it
  await client.connect();
  try {
    if (await isPooled(client))
      throw new NeedsDirectConnection(
        "DATABASE_URL leads through a connection pooler that shares sessions between clients. A worker holds a lock and answers questions in a session of its own: give it the address of PostgreSQL itself",
      );
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

/**
 * Whether something between us and PostgreSQL hands our statements to sessions of its own choice. The
 * protocol names the session's process when it opens; the server names the one that works.
 */
async function isPooled(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ pid: number }>("select pg_backend_pid() as pid");
  // Not in pg's types, but part of its client: the BackendKeyData of the protocol.
  const { processID } = client as unknown as { processID: number | null };
  return processID !== null && rows[0]?.pid !== processID;
}

/** Asks up to three times; the fence that was joined, or null when nobody answered. */
async function ask(
  client: pg.Client,
  { worker, askMs, told }: StartOptions,
): Promise<Fence | null> {
  for (let asked = 0; asked < ASKS; asked++) {
    const nonce = randomUUID();
    await client.query(
      "insert into question (nonce, asked_by, asked_at) values ($1, $2, sync_now())",
      [nonce, worker.id],
    );
    await client.query("select pg_notify('sync_question', '')");
    if (!(await isAnswered(client, nonce, askMs / ASKS))) continue;
    await refuseAnotherNode(client, told);
    const fence = await join(client, nonce, worker);
    if (fence) return fence;
    // Answered at an older epoch: the gate moved meanwhile. A fresh question gets a fresh answer.
    asked = -1;
  }
  return null;
}

/** A node that lives is called what its first worker was told; who was told something else is not part of it. */
export async function refuseAnotherNode(
  client: Pick<pg.ClientBase, "query">,
  told: StartOptions["told"],
): Promise<void> {
  const { rows } = await client.query<{ console: AddressParts | null; label: string | null }>(
    "select console, label from gate",
  );
  const node = rows[0];
  if (!node) return;
  if (told.console && node.console && !sameParts(told.console, node.console))
    throw new WrongNode(
      `this database belongs to a living node whose console is ${fromParts(node.console)}, and this process was told ${fromParts(told.console)}: set CONSOLE_URL to the former, or DATABASE_URL to this process's own database`,
    );
  if (told.label !== null && node.label !== null && told.label !== node.label)
    throw new WrongNode(
      `this database belongs to a living node with the label ${node.label}, and this process was told ${told.label}: set NODE_LABEL to the former, or DATABASE_URL to this process's own database`,
    );
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

/** Nobody answered: a new life, with the gate shut, and a verdict on what that means. Null when another starter was quicker. */
async function begin(client: pg.Client, options: StartOptions): Promise<Fence | null> {
  const { worker } = options;
  const { rows } = await client.query<Fence>("select incarnation, epoch from gate");
  const seen = rows[0];
  if (!seen) throw new Error("the database holds no gate: run the migrations");
  const looked = await options.look(client);
  const incarnation = randomUUID();
  await client.query("begin");
  try {
    const judged = await judgeStart(client, looked);
    const reason = reasonOf(judged.verdict, options.after);
    const { rows: answers } = await client.query<{ begun: boolean }>(
      "select begin_incarnation($1, $2, $3, $4) as begun",
      [seen.incarnation, seen.epoch, incarnation, reason],
    );
    if (!answers[0]?.begun) {
      await client.query("rollback");
      return null;
    }
    await keepVerdict(client, incarnation, looked, judged);
    await client.query(
      `insert into worker (id, incarnation, host, pid, started_at, seen_at)
       values ($1, $2, $3, $4, sync_now(), sync_now())`,
      [worker.id, incarnation, worker.host, worker.pid],
    );
    // Questions are of no use once their starter has decided.
    await client.query("delete from question where asked_at < sync_now() - interval '1 hour'");
    await recordAuditWith(client, {
      actor: "node",
      action: "gate.new_incarnation",
      reason,
      detail: { incarnation, epoch: seen.epoch + 1, verdict: judged.verdict.kind },
    });
    await client.query("commit");
    return { incarnation, epoch: seen.epoch + 1 };
  } catch (error) {
    await client.query("rollback");
    throw error;
  }
}

/** What ended this process's last life explains a restart better than that it was one. */
function reasonOf({ kind, sentence }: Verdict, after: string | undefined): string {
  return kind === "restart" && after
    ? `A new life began: ${after}, and none of the other workers was left.`
    : sentence;
}

/** Which server this session is at: since when it runs, which data it has, and which of its histories it is on. */
export async function readServer(client: pg.ClientBase): Promise<ServerIdentity> {
  const { rows } = await client.query<ServerIdentity>(
    `select pg_postmaster_start_time()::text as "startedAt",
            (select system_identifier::text from pg_control_system()) as "systemId",
            (select timeline_id from pg_control_checkpoint()) as timeline`,
  );
  if (!rows[0]) throw new Error("the server did not say who it is");
  return rows[0];
}
