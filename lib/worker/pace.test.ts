import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { Agent } from "undici";
import { describe, expect, vi } from "vitest";
import { z } from "zod";
import { openHttp } from "@/lib/connectors/http";
import type { Pace } from "@/lib/connectors/pace";
import type { Db } from "@/lib/db/database";
import { test as base } from "@/lib/testing/database";
import { openTicket } from "@/lib/testing/ticket";
import { openPaces } from "@/lib/worker/pace";

/** An instance that behaves as a test says, counts what reaches it, and knows how many were there at once. */
async function startInstance() {
  /** What it lets pass beyond its limit: calls that a busy machine delays arrive together. */
  const SLACK = 15;
  const received = { calls: 0, refused: 0, atOnce: 0, most: 0 };
  const behaviour = {
    isDown: false,
    latencyMs: 0,
    bucket: null as null | { size: number; perSecond: number },
  };
  let tokens = 0;
  let filledAt = 0;
  const server = createServer(async (_request, response) => {
    received.calls += 1;
    received.atOnce += 1;
    received.most = Math.max(received.most, received.atOnce);
    if (behaviour.latencyMs > 0) await pause(behaviour.latencyMs);
    received.atOnce -= 1;
    if (behaviour.isDown) return response.socket?.destroy();
    const { bucket } = behaviour;
    if (bucket) {
      const now = performance.now();
      tokens =
        filledAt === 0
          ? bucket.size
          : Math.min(bucket.size, tokens + ((now - filledAt) / 1_000) * bucket.perSecond);
      filledAt = now;
      response.setHeader("X-RateLimit-Limit", bucket.size);
      response.setHeader("X-RateLimit-FillRate", bucket.perSecond);
      response.setHeader("X-RateLimit-Interval-Seconds", 1);
      if (tokens < 1 - SLACK) {
        received.refused += 1;
        response.setHeader("X-RateLimit-Remaining", 0);
        response.statusCode = 429;
        return response.end("{}");
      }
      tokens -= 1;
      response.setHeader("X-RateLimit-Remaining", Math.max(0, Math.floor(tokens)));
    }
    response.end("{}");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    behaviour,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
type Started = Awaited<ReturnType<typeof startInstance>>;

type Fixtures = {
  acme: Started & { id: number; name: string };
  reach: (pace: Pace) => ReturnType<typeof openHttp>;
};

const test = base.extend<Fixtures>({
  acme: async ({ db }, use) => {
    const started = await startInstance();
    const { id, name } = await db.instance.create({
      data: { kind: "jira-data-center", name: "Acme", baseUrl: started.url, secret: "sealed" },
    });
    await use({ ...started, id, name });
    started.stop();
  },
  reach: async ({ acme }, use) => {
    const network = new Agent();
    await use((pace) =>
      openHttp(network, {
        instance: "Acme",
        baseUrl: acme.url,
        authorization: "Bearer secret",
        refuses: () => null,
        writeTimeoutMs: 5_000,
        pace,
      }),
    );
    await network.destroy();
  },
});

const anything = z.unknown();
const codes = (results: PromiseSettledResult<unknown>[]) =>
  results.map((result) =>
    result.status === "rejected" ? (result.reason as { code: string }).code : "answered",
  );
/** Moves what the database remembers into the past, as if so much time had gone by. */
const letPass = (db: Db, seconds: number) =>
  db.$executeRaw`update pace set ask_again_at = ask_again_at - ${seconds}::int * interval '1 second'`;

describe("a limit that an instance has named", () => {
  test("is kept by all workers together: none of their calls is refused", async ({
    acme,
    pool,
    reach,
  }) => {
    acme.behaviour.bucket = { size: 30, perSecond: 40 };
    const workers = [openPaces(pool), openPaces(pool)].map((paceOf) => reach(paceOf(acme)));
    // The first answer names the limit.
    await workers[0]?.read(anything, "/");
    await vi.waitFor(async () => {
      const { rows } = await pool.query("select from pace where rate is not null");
      expect(rows).toHaveLength(1);
    });
    const began = performance.now();
    const calls = Array.from({ length: 80 }, (_, index) => workers[index % 2]?.read(anything, "/"));
    expect(new Set(codes(await Promise.allSettled(calls)))).toEqual(new Set(["answered"]));
    expect(acme.received.refused).toBe(0);
    // 81 calls through a bucket of 27 that fills with 36 a second.
    expect(performance.now() - began).toBeGreaterThan(1_000);
  });

  test("is forgotten when the instance has not named it for ten minutes", async ({
    acme,
    db,
    pool,
    reach,
  }) => {
    await db.pace.create({
      data: {
        instanceId: acme.id,
        rate: 0.001,
        burst: 1,
        filledAt: new Date(),
        limitSeenAt: new Date(Date.now() - 11 * 60_000),
      },
    });
    await reach(openPaces(pool)(acme)).read(anything, "/");
    expect(acme.received.calls).toBe(1);
  });

  test("that would take too long to wait for gives the call back instead of keeping its place", async ({
    acme,
    db,
    pool,
    reach,
  }) => {
    await db.pace.create({
      data: {
        instanceId: acme.id,
        rate: 0.001,
        burst: 1,
        filledAt: new Date(),
        limitSeenAt: new Date(),
      },
    });
    const asked = reach(openPaces(pool)(acme)).read(anything, "/");
    await expect(asked).rejects.toMatchObject({ code: "rate_limited" });
    expect(acme.received.calls).toBe(0);
  });
});

describe("an instance that brings no answers", () => {
  test("is left alone after five of them, then asked by one call only, and by all when that is answered", async ({
    acme,
    db,
    pool,
    reach,
  }) => {
    acme.behaviour.isDown = true;
    const workers = [openPaces(pool), openPaces(pool)].map((paceOf) => reach(paceOf(acme)));
    const ask = (count: number) =>
      Promise.allSettled(
        Array.from({ length: count }, (_, index) => workers[index % 2]?.read(anything, "/")),
      );
    const opened = async () => (await db.pace.findFirst())?.askAgainAt != null;
    for (let call = 0; !(await opened()); call++) {
      expect(call).toBeLessThan(20);
      await ask(1);
    }
    const before = acme.received.calls;
    await vi.waitFor(async () =>
      expect(codes(await ask(4))).toEqual(Array(4).fill("instance_unreachable")),
    );
    expect(acme.received.calls).toBe(before);

    await letPass(db, 60);
    await ask(20);
    expect(acme.received.calls).toBe(before + 1);

    await vi.waitFor(async () => {
      const pace = await db.pace.findFirstOrThrow();
      // Twice as long as before.
      expect(pace.askAgainAt?.getTime()).toBeGreaterThan(Date.now() + 6_000);
    });
    acme.behaviour.isDown = false;
    await letPass(db, 60);
    await ask(1);
    await vi.waitFor(async () => expect((await db.pace.findFirst())?.askAgainAt).toBeNull());
    await vi.waitFor(async () => expect(codes(await ask(10))).toEqual(Array(10).fill("answered")));
  });

  test("costs a write no permit", async ({ acme, db, pool, reach }) => {
    await db.pace.create({
      data: {
        instanceId: acme.id,
        filledAt: new Date(),
        failures: 5,
        askAgainAt: new Date(Date.now() + 60_000),
      },
    });
    const ticket = openTicket();
    const sent = await reach(openPaces(pool)(acme)).write(ticket, z.object({}), "PUT", "/", {});
    expect(sent).toMatchObject({ kind: "failed", error: { code: "instance_unreachable" } });
    expect([ticket.asked, acme.received.calls]).toEqual([[], 0]);
  });
});

describe("calls at once", () => {
  test("are never more than the instance bears, and every one of them gets its turn", async ({
    acme,
    pool,
    reach,
  }) => {
    acme.behaviour.latencyMs = 5;
    const http = reach(openPaces(pool)(acme));
    const results = await Promise.allSettled(
      Array.from({ length: 200 }, () => http.read(anything, "/")),
    );
    expect(new Set(codes(results))).toEqual(new Set(["answered"]));
    expect(acme.received.most).toBeGreaterThan(8);
    expect(acme.received.most).toBeLessThanOrEqual(32);
  });

  test("a refused permit gives its place back", async ({ acme, pool, reach }) => {
    const http = reach(openPaces(pool)(acme));
    const refusing = { ...openTicket(), request: async () => ({ refused: "inactive" }) };
    for (let call = 0; call < 40; call++)
      expect(await http.write(refusing, z.object({}), "PUT", "/", {})).toEqual({
        kind: "refused",
        because: "inactive",
      });
    expect(acme.received.calls).toBe(0);
  });
});
