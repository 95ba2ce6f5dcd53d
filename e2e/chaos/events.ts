import { setTimeout as pause } from "node:timers/promises";
import {
  copyByBackup,
  copyByDump,
  copyByTemplate,
  type KeyOfCopy,
  whyNoDump,
} from "@/e2e/chaos/copies";
import { type Lane, SIDES } from "@/e2e/chaos/lane";
import {
  type ChaosNode,
  type ChaosWorker,
  freeze,
  killWorker,
  letGo,
  living,
  look,
  mend,
  noteLifeEnd,
  startWorker,
  takeUp,
  thaw,
} from "@/e2e/chaos/node";
import { openOnCopy, people } from "@/e2e/chaos/people";
import type { Kind, Moment, Step } from "@/e2e/chaos/plan";
import { count, stopwatch, type Tally } from "@/e2e/chaos/tally";

/** How long a step waits for its moment before it happens anyway; shorter where the moment can hardly come. */
const PATIENCE_MS = 2_500;
const LITTLE_PATIENCE_MS = 80;
/** More processes than this on one node only slow the machine down. */
const MOST_WORKERS = 3;

export type Happening = {
  lane: Lane;
  /** Fences as they were at earlier steps, for those who act on an old page. */
  shown: { incarnation: string; epoch: number }[];
  /** Acts of administrators that are not waited for any longer. */
  underway: Set<Promise<unknown>>;
  /** Acts of people at the trackers. */
  working: Set<Promise<unknown>>;
  tally: Tally;
  /** Milliseconds by what they were spent on. */
  spent: Tally;
  log: string[];
};

/** Makes one step happen, and counts it if it did: to kill somebody, somebody has to live. */
export async function happen(step: Step, happening: Happening): Promise<void> {
  const lap = stopwatch(happening.spent);
  await pause(step.afterMs);
  lap("pauses");
  const came = await waitFor(step.at, happening.lane);
  lap(`waiting until ${step.at}`);
  if (step.at !== "now") count(happening.tally, `${came ? "in time" : "too late"}: ${step.at}`);
  const did = await EVENTS[step.do](step, happening);
  lap(step.do);
  happening.log.push(`${did ? "" : "(nothing to do) "}${step.do}`);
  if (did) count(happening.tally, step.do);
}

async function waitFor(moment: Moment, { original, trackers }: Lane): Promise<boolean> {
  if (moment === "now") return true;
  const isOnTheWire = () =>
    SIDES.some((side) =>
      trackers[side].simulator.writes.entries
        .slice(-30)
        .some(
          ({ outcome, user, path }) =>
            outcome === "pending" && user === "exalate" && !path.includes("exalate.claim"),
        ),
    );
  const asks = (statement: string) => async () =>
    (await original.pool.query(statement).catch(() => null))?.rowCount !== 0;
  const isThere: Record<Exclude<Moment, "now">, () => boolean | Promise<boolean>> = {
    "a write is on the wire": isOnTheWire,
    "a question is answered": asks(
      `select from question q where q.answered_at > sync_now() - interval '200 milliseconds'
          and not exists (select from worker w where w.id = q.asked_by)`,
    ),
    closing: asks("select from gate where state = 'closing'"),
    "entries run": asks("select from queue_entry where state = 'running'"),
  };
  const isLikely = moment === "a question is answered" || original.marks.at(-1)?.state === "active";
  const until = performance.now() + (isLikely ? PATIENCE_MS : LITTLE_PATIENCE_MS);
  while (performance.now() < until) {
    if (await isThere[moment]()) return true;
    await pause(3);
  }
  return false;
}

type Event = (step: Step, happening: Happening) => Promise<boolean>;

const EVENTS: Record<Kind, Event> = {
  "start a worker": (_, { lane }) => start(lane, lane.original, 1),
  "start two at once": (_, { lane }) => start(lane, lane.original, 2),
  "add a worker": async (_, { lane }) =>
    living(lane.original).length > 0 && start(lane, lane.original, 1),
  kill: async (step, { lane }) => {
    const victim = await writer(lane, step.pick);
    if (victim) await killWorker(victim);
    return victim !== null;
  },
  "kill all": async (step, { lane }) => {
    const victims = living(lane.original).filter(({ isFrozen }) => step.size > 0 || !isFrozen);
    await Promise.all(victims.map(killWorker));
    return victims.length > 0;
  },
  "end politely": async (step, { lane }) => {
    const victim = await writer(lane, step.pick);
    victim?.child.kill("SIGTERM");
    return victim !== null;
  },
  stop: async (step, { lane }) => {
    // Near 1 means: the youngest, which is the one that is starting.
    const victim = step.pick > 0.99 ? living(lane.original).at(-1) : await writer(lane, step.pick);
    if (!victim || victim.isFrozen) return false;
    freeze(victim);
    return true;
  },
  continue: async (step, { lane }) => {
    const victim = chosen(
      everybody(lane).filter(({ isFrozen }) => isFrozen),
      step.pick,
    );
    if (victim) thaw(victim);
    return victim !== null;
  },
  "cut the database connection": async (step, { lane }) => {
    const victim = await writer(lane, step.pick);
    if (!victim) return false;
    const { rowCount } = await nodeOf(lane, victim).pool.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where client_port = any ($1)",
      [victim.cable.sessionPorts()],
    );
    return rowCount !== 0;
  },
  "half-open the database connection": async (step, { lane }) => {
    const victim = await writer(lane, step.pick);
    victim?.cable.goDead();
    return victim !== null;
  },
  "mend the database connection": async (step, { lane }) => {
    const dead = lane.original.workers
      .concat(lane.copies.flatMap(({ workers }) => workers))
      .filter(({ cable }) => cable.isDead());
    const victim = chosen(dead, step.pick);
    if (victim) await mend(victim);
    return victim !== null;
  },
  "restart the database, fast": (_, { lane }) => restartDatabase(lane, "fast"),
  "restart the database, immediate": (_, { lane }) => restartDatabase(lane, "immediate"),
  activate: (_, happening) => act(happening, people.activate(happening)),
  "activate with an old fence": async (step, happening) => {
    const fence = chosen(happening.shown, step.pick);
    return fence !== null && act(happening, people.activateAsShown(happening, fence));
  },
  deactivate: (_, happening) => act(happening, people.deactivate(happening)),
  "restart Jira": async (step, { lane, underway }) => {
    const side = step.pick < 0.6 ? "local" : "remote";
    const pauses = { downMs: step.size * 250, startingMs: (1 - step.size) * 250 };
    void track(underway, lane.trackers[side].client.restart(pauses));
    return true;
  },
  "copy: template, database alone": (step, happening) =>
    step.size < 0.4 && canDump() ? byDump(happening) : byTemplate(happening, "none"),
  "copy: template, with data directory": (step, happening) => byTemplate(happening, keyOf(step)),
  "copy: backup, database alone": (_, happening) => byBackup(happening, "none"),
  "copy: backup, with data directory": (step, happening) => byBackup(happening, keyOf(step)),
  "start one on the copy": async (_, { lane }) => {
    const copy = lane.copies.at(-1);
    return copy !== undefined && start(lane, copy, 1);
  },
  "start two on the copy": async (_, { lane }) => {
    const copy = lane.copies.at(-1);
    return copy !== undefined && start(lane, copy, 2);
  },
  "activate the copy": async (_, happening) => {
    const copy = happening.lane.copies.at(-1);
    return copy !== undefined && act(happening, openOnCopy(copy, happening.tally));
  },
  edit: (step, happening) => work(happening, people.edit(step, happening)),
  create: (step, happening) => work(happening, people.create(step, happening)),
  comment: (step, happening) => work(happening, people.comment(step, happening)),
};

/** People do not wait for each other. */
async function work({ working }: Happening, deed: Promise<boolean>): Promise<boolean> {
  void track(working, deed);
  return true;
}

/** A person's act: waited for, but not for ever; a lock may be held by somebody who is frozen. */
async function act({ underway }: Happening, deed: Promise<unknown>): Promise<boolean> {
  await Promise.race([track(underway, deed), pause(600)]);
  return true;
}

function track(underway: Set<Promise<unknown>>, work: Promise<unknown>): Promise<unknown> {
  const settled = work.catch(() => undefined).finally(() => underway.delete(settled));
  underway.add(settled);
  return settled;
}

async function start(lane: Lane, node: ChaosNode, workers: number): Promise<boolean> {
  if (living(node).length + workers > MOST_WORKERS) return false;
  await Promise.all(Array.from({ length: workers }, () => startWorker(node, lane.program)));
  return true;
}

function everybody(lane: Lane): ChaosWorker[] {
  return [lane.original, ...lane.copies].flatMap(living);
}

function nodeOf(lane: Lane, worker: ChaosWorker): ChaosNode {
  return lane.copies.find(({ workers }) => workers.includes(worker)) ?? lane.original;
}

function chosen<T>(from: readonly T[], pick: number): T | null {
  return from[Math.floor(pick * from.length)] ?? null;
}

/** Mostly whoever writes just now; else anybody. */
async function writer(lane: Lane, pick: number): Promise<ChaosWorker | null> {
  const all = everybody(lane).filter(({ isFrozen }) => !isFrozen);
  if (pick > 0.75) return chosen(all, (pick - 0.75) * 4);
  const { rows } = await lane.original.pool
    .query<{ pid: number }>(
      `select w.pid from permit p join worker w on w.id = p.worker_id
        where p.outcome = 'open' and p.pair_id is not null order by p.granted_at desc limit 1`,
    )
    .catch(() => ({ rows: [] }));
  return all.find(({ pid }) => pid === rows[0]?.pid) ?? chosen(all, pick / 0.75);
}

/** Comes back with the old processes still there; none of them may go on in the life that was. */
async function restartDatabase(lane: Lane, how: "fast" | "immediate"): Promise<boolean> {
  const { server } = lane;
  const here = [lane.original, ...lane.copies].filter((node) => node.server === server);
  const cables = here.flatMap(({ workers }) => workers.map(({ cable }) => cable));
  for (const cable of cables) cable.refuse(true);
  await server.stop(how);
  await Promise.all(here.map(letGo));
  await server.start();
  for (const node of here) {
    takeUp(node);
    // While nobody can reach it: what is granted from now on is granted by a database that restarted.
    await noteLifeEnd(node, "the database restarted", []);
    await look(node, lane.received);
  }
  for (const cable of cables) cable.refuse(false);
  return true;
}

function keyOf(step: Step): KeyOfCopy {
  return step.size < 0.5 ? "file" : "environment";
}

async function byTemplate({ lane }: Happening, key: KeyOfCopy): Promise<boolean> {
  await copyByTemplate(lane, key);
  return true;
}

let noDump: string | null | undefined;

function canDump(): boolean {
  if (noDump === undefined) noDump = whyNoDump();
  return noDump === null;
}

async function byDump({ lane, tally }: Happening): Promise<boolean> {
  await copyByDump(lane);
  count(tally, "copies by pg_dump | psql");
  return true;
}

async function byBackup({ lane }: Happening, key: KeyOfCopy): Promise<boolean> {
  await copyByBackup(lane, key);
  return true;
}
