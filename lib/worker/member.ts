import { uptime } from "node:os";
import pg from "pg";
import { closeByNode } from "@/lib/gate/close-store";
import type { Fence } from "@/lib/gate/gate";
import { endedBecause } from "@/lib/gate/life";
import { type Membership, readServer, WATCHED_SESSION } from "@/lib/gate/start-store";
import { type Clocks, wasSuspended } from "@/lib/gate/suspension";

const TICK_MS = 250;
/** How often a member raises the beat and says what it is doing. */
const BEAT_MS = 1_000;

export type GateSeen = { state: string; fence: Fence; beat: number };
export type MemberReport =
  | { kind: "answering" }
  | { kind: "gate"; gate: GateSeen }
  | { kind: "lost"; why: string }
  | { kind: "ended"; why: string };

type Say = (report: MemberReport) => void;

/** On Linux the uptime counts sleep, and the monotonic clock does not. A test gives clocks of its own. */
const hostClocks = (): Clocks => ({ sinceBoot: uptime(), monotonic: performance.now() / 1_000 });

/**
 * A living member: answers starters' questions at the epoch that the gate has at that moment, and
 * raises the beat. Returns when its life is over, and says why; survives a lost connection as long
 * as the database is the same and nothing went back.
 */
export async function live(
  url: string,
  membership: Membership,
  say: Say,
  readClocks: () => Clocks = hostClocks,
): Promise<void> {
  const awakeSince = readClocks();
  const seen = { server: membership.server, fence: membership.fence, beat: 0 };
  for (;;) {
    const client = new pg.Client({
      connectionString: url,
      application_name: "exalate member",
      options: WATCHED_SESSION,
      connectionTimeoutMillis: 5_000,
      query_timeout: 5_000,
    });
    client.on("error", () => undefined); // the query under way reports it
    try {
      await client.connect();
      const server = await readServer(client);
      const now = await readBeat(client);
      const why = endedBecause(seen, { server, ...now });
      if (why) return say({ kind: "ended", why });
      const isAwake = () => !wasSuspended(awakeSince, readClocks());
      await answerWhileConnected(client, membership, seen, say, isAwake);
      return;
    } catch (error) {
      say({ kind: "lost", why: error instanceof Error ? error.message : String(error) });
      await new Promise((wake) => setTimeout(wake, BEAT_MS));
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}

async function answerWhileConnected(
  client: pg.Client,
  membership: Membership,
  seen: { fence: Fence; beat: number },
  say: Say,
  isAwake: () => boolean,
): Promise<void> {
  let wake = () => {};
  client.on("notification", () => wake());
  await client.query("listen sync_question");
  say({ kind: "answering" });
  let lastBeat = Number.NEGATIVE_INFINITY;
  for (;;) {
    if (!isAwake()) {
      // Other workers may live elsewhere; what this host slept through is reason enough to look first.
      await closeByNode(client, "The host of a worker was suspended and resumed.");
      return say({ kind: "ended", why: "the host was suspended and resumed" });
    }
    await answerQuestions(client, membership);
    if (performance.now() - lastBeat >= BEAT_MS) {
      lastBeat = performance.now();
      const gate = await raiseBeat(client, membership);
      if (!gate) return say({ kind: "ended", why: "a new life of the workers began" });
      if (gate.beat < seen.beat || gate.fence.epoch < seen.fence.epoch)
        return say({ kind: "ended", why: "the database was rewound" });
      Object.assign(seen, gate);
      say({ kind: "gate", gate });
    }
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, TICK_MS);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** The gate is read in the statement that answers: an answer carries the epoch of this moment. */
async function answerQuestions(client: pg.Client, { workerId, fence }: Membership): Promise<void> {
  await client.query(
    `update question q
        set answered_by = $1, answered_at = sync_now(), answer_incarnation = g.incarnation, answer_epoch = g.epoch
       from gate g
      where q.answered_at is null and q.asked_by <> $1 and g.incarnation = $2
        and q.asked_at > sync_now() - interval '1 minute'`,
    [workerId, fence.incarnation],
  );
}

async function raiseBeat(client: pg.Client, membership: Membership): Promise<GateSeen | null> {
  const { rows } = await client.query<GateRow>(
    `with alive as (update worker set seen_at = sync_now() where id = $1)
     update gate set beat = beat + 1 where incarnation = $2
     returning state, incarnation, epoch, beat::int`,
    [membership.workerId, membership.fence.incarnation],
  );
  return rows[0] ? gateSeen(rows[0]) : null;
}

async function readBeat(client: pg.Client): Promise<GateSeen> {
  const { rows } = await client.query<GateRow>(
    "select state, incarnation, epoch, beat::int from gate",
  );
  if (!rows[0]) throw new Error("the database holds no gate");
  return gateSeen(rows[0]);
}

type GateRow = { state: string; incarnation: string; epoch: number; beat: number };

function gateSeen({ state, incarnation, epoch, beat }: GateRow): GateSeen {
  return { state, fence: { incarnation, epoch }, beat };
}
