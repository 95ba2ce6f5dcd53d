import { describe, expect, vi } from "vitest";
import type { LiveFeed, LiveNews } from "@/lib/data/live-feed";
import { test as base } from "@/lib/testing/database";
import { activeGate, seedQueue } from "@/lib/testing/queue";

// The marker that keeps a module out of browsers; there is none here.
vi.mock("server-only", () => ({}));

const shared = globalThis as unknown as { exalateDb?: unknown; exalatePool?: unknown };

const test = base.extend<{ feed: LiveFeed }>({
  feed: async ({ db, pool, url }, use) => {
    vi.stubEnv("DATABASE_URL", url);
    vi.resetModules();
    shared.exalateDb = db;
    shared.exalatePool = pool;
    // Settings are parsed once per module graph, and each test has a database of its own.
    const fresh = await import("@/lib/data/live-feed");
    await use(new fresh.LiveFeed());
    delete shared.exalateDb;
    delete shared.exalatePool;
    vi.unstubAllEnvs();
  },
});

/** Listens until `leave`, keeping everything it was told. */
function listenTo(feed: LiveFeed) {
  const told: LiveNews[] = [];
  const leave = feed.subscribe((news) => told.push(news));
  const wasTold = (isSo: (news: LiveNews) => boolean) =>
    vi.waitFor(() => expect(told.some(isSo)).toBe(true), { timeout: 10_000 });
  return { told, leave, wasTold };
}

describe("the live feed", () => {
  test("tells the gate at once, then which entries changed and which left", async ({
    feed,
    db,
    pool,
  }) => {
    const page = listenTo(feed);
    await page.wasTold((news) => news.gate.state === "inactive");
    const { entryIds } = await seedQueue(db);
    const id = Number(entryIds[0]);
    await page.wasTold((news) => news.changedIds.includes(id) && news.gate.waiting === 1);
    await pool.query(
      `with gone as (delete from queue_entry where id = $1 returning *)
       insert into run (connection_id, pair_id, entry_id, attempt, ended_at, outcome)
       select connection_id, pair_id, id, 1, sync_now(), 'applied' from gone`,
      [id],
    );
    await page.wasTold((news) => news.goneIds.includes(id) && news.gate.waiting === 0);
    page.leave();
  });

  test("a steady stream of notices does not put the news off", async ({ feed, db, pool }) => {
    const page = listenTo(feed);
    await page.wasTold(() => true);
    const notices = setInterval(() => void pool.query("select pg_notify('sync_changed', '')"), 50);
    const { entryIds } = await seedQueue(db);
    // The notices go on until it was told: a look that waited for quiet would never come.
    await page.wasTold((news) => news.changedIds.includes(Number(entryIds[0])));
    clearInterval(notices);
    page.leave();
  });

  test("who comes after a time in which nobody looked is not told what was true before", async ({
    feed,
    db,
  }) => {
    const first = listenTo(feed);
    await first.wasTold((news) => news.gate.state === "inactive");
    first.leave();
    await activeGate(db);
    const second = listenTo(feed);
    await second.wasTold(() => true);
    expect(second.told.map((news) => news.gate.state)).not.toContain("inactive");
    second.leave();
  });

  test("tells at the next look that the database is away", async ({ feed, pool }) => {
    const page = listenTo(feed);
    await page.wasTold(() => true);
    const over = new AbortController();
    let isLost = false;
    void feed.lost(over.signal).then(() => {
      isLost = true;
    });
    shared.exalatePool = { query: () => Promise.reject(new Error("connection refused")) };
    await vi.waitFor(() => expect(isLost).toBe(true), { timeout: 10_000 });
    shared.exalatePool = pool;
    over.abort();
    page.leave();
  });

  test("goes on by itself when its connections to the database were cut", async ({
    feed,
    db,
    pool,
  }) => {
    const page = listenTo(feed);
    await page.wasTold(() => true);
    const listening =
      "select count(*)::int as count from pg_stat_activity where application_name = 'exalate live' and datname = current_database()";
    await vi.waitFor(async () => expect((await pool.query(listening)).rows[0].count).toBe(1));
    await pool.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
        where application_name = 'exalate live' and datname = current_database()`,
    );
    await vi.waitFor(async () => expect((await pool.query(listening)).rows[0].count).toBe(1), {
      timeout: 10_000,
    });
    const { entryIds } = await seedQueue(db);
    await page.wasTold((news) => news.changedIds.includes(Number(entryIds[0])));
    page.leave();
    await vi.waitFor(async () => expect((await pool.query(listening)).rows[0].count).toBe(0));
  });
});
