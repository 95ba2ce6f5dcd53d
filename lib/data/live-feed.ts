import "server-only";
import pg from "pg";
import { database, databaseUrl, pool } from "@/lib/db/database";
import type { GateStatus } from "@/lib/gate/status";
import { readGateStatus } from "@/lib/gate/status-store";
import { log } from "@/lib/log";

/** What open pages are told: never rows, only what to look at again. */
export type LiveNews = { gate: GateStatus; changedIds: number[]; goneIds: number[] };
type Listener = (news: LiveNews) => void;

const LOOK_EVERY_MS = 2_000;
/** Notices within this time make one look. */
const COALESCE_MS = 300;
const RECONNECT_MS = 2_000;
/** What was committed while we looked is found by the next look. */
const OVERLAP_MS = 1_000;
export const MOST_IDS = 100;

/** While somebody listens: the timers and the connection of that time, given up as a whole. */
type Watch = {
  client?: pg.Client;
  timer?: NodeJS.Timeout;
  /** When `timer` looks, on the monotonic clock. */
  looksAt: number;
  isLooking: boolean;
  wantsLook: boolean;
  lookedAt?: Date;
  newest?: LiveNews;
  isTroubled: boolean;
};

/**
 * One look at the database per process, however many pages are open: at once when it notifies, every
 * two seconds besides, never when nobody listens. A lost database is waited for.
 */
export class LiveFeed {
  private readonly listeners = new Set<Listener>();
  private readonly losses = new Set<() => void>();
  private watch: Watch | undefined;

  /** The newest news at once, then whatever comes. Returns the function that leaves. */
  subscribe(listener: Listener): () => void {
    this.listeners.add(listener);
    if (!this.watch) {
      this.watch = { looksAt: Infinity, isLooking: false, wantsLook: false, isTroubled: false };
      void this.listen(this.watch);
      this.lookWithin(this.watch, 0);
    } else if (this.watch.newest) {
      listener({ ...this.watch.newest, changedIds: [], goneIds: [] });
    }
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size === 0) this.rest();
    };
  }

  /** Resolves when a look at the database fails; never otherwise. The signal ends the waiting. */
  lost(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      this.losses.add(resolve);
      signal.addEventListener("abort", () => this.losses.delete(resolve), { once: true });
    });
  }

  /** Looks after `delayMs`, unless it looks earlier anyway: a stream of notices must not put it off. */
  private lookWithin(watch: Watch, delayMs: number): void {
    if (this.watch !== watch) return;
    if (watch.isLooking) {
      watch.wantsLook = true;
      return;
    }
    const at = performance.now() + delayMs;
    if (watch.looksAt <= at) return;
    clearTimeout(watch.timer);
    watch.looksAt = at;
    watch.timer = setTimeout(() => void this.look(watch), delayMs);
    watch.timer.unref();
  }

  private async look(watch: Watch): Promise<void> {
    watch.isLooking = true;
    watch.wantsLook = false;
    try {
      const news = await readNews(watch.lookedAt);
      watch.lookedAt = new Date(Date.parse(news.gate.now) - OVERLAP_MS);
      watch.newest = news;
      watch.isTroubled = false;
      if (this.watch === watch) for (const listener of this.listeners) listener(news);
    } catch (error) {
      if (!watch.isTroubled)
        log.warn("the live feed waits for the database", { error: String(error) });
      watch.isTroubled = true;
      for (const resolve of this.losses) resolve();
      this.losses.clear();
    } finally {
      watch.isLooking = false;
      watch.looksAt = Infinity;
      this.lookWithin(watch, watch.wantsLook ? COALESCE_MS : LOOK_EVERY_MS);
    }
  }

  private async listen(watch: Watch): Promise<void> {
    if (this.watch !== watch) return;
    const client = new pg.Client({
      connectionString: databaseUrl(),
      application_name: "exalate live",
    });
    watch.client = client;
    let isOver = false;
    const again = () => {
      if (isOver) return;
      isOver = true;
      client.end().catch(() => undefined);
      setTimeout(() => void this.listen(watch), RECONNECT_MS).unref();
    };
    client.on("error", again);
    client.on("end", again);
    client.on("notification", () => this.lookWithin(watch, COALESCE_MS));
    try {
      await client.connect();
      await client.query("listen sync_changed");
      this.lookWithin(watch, COALESCE_MS);
    } catch {
      again();
    }
  }

  private rest(): void {
    const watch = this.watch;
    this.watch = undefined;
    clearTimeout(watch?.timer);
    watch?.client?.end().catch(() => undefined);
  }
}

/** The gate now, and which entries changed or left since; none when nobody looked before. */
async function readNews(since: Date | undefined): Promise<LiveNews> {
  if (!since) return { gate: await readGateStatus(database()), changedIds: [], goneIds: [] };
  // The gate first: its clock is where the next look begins, and must not be ahead of these two.
  const gate = await readGateStatus(database());
  const [changed, gone] = await Promise.all([
    pool().query<{ id: number }>(
      "select id from queue_entry where updated_at > $1 order by updated_at desc, id desc limit $2",
      [since, MOST_IDS],
    ),
    pool().query<{ id: number }>(
      `select distinct entry_id as id from run r where ended_at > $1
          and not exists (select from queue_entry e where e.id = r.entry_id) limit $2`,
      [since, MOST_IDS],
    ),
  ]);
  const ids = (rows: { id: number }[]) => rows.map(({ id }) => id);
  return { gate, changedIds: ids(changed.rows), goneIds: ids(gone.rows) };
}

// Routes may live in several module graphs of one process.
const shared = globalThis as unknown as { exalateLiveFeed?: LiveFeed };

/** The one feed of this process: one listener at the database, however many pages are open. */
export function liveFeed(): LiveFeed {
  shared.exalateLiveFeed ??= new LiveFeed();
  return shared.exalateLiveFeed;
}
