import { randomUUID } from "node:crypto";
import { describe, expect, vi } from "vitest";
import { DELETE as deactivate } from "@/app/api/v1/activations/current/route";
import { POST as activate } from "@/app/api/v1/activations/route";
import { GET as listAudit } from "@/app/api/v1/audit/route";
import { GET as listConnections } from "@/app/api/v1/connections/route";
import { GET as readGate } from "@/app/api/v1/gate/route";
import { GET as readHealth } from "@/app/api/v1/health/route";
import { GET as listInstances } from "@/app/api/v1/instances/route";
import { GET as listPermits } from "@/app/api/v1/permits/route";
import { POST as discardEntry } from "@/app/api/v1/queue/[id]/discards/route";
import { POST as holdEntry } from "@/app/api/v1/queue/[id]/holds/route";
import { POST as releaseEntry } from "@/app/api/v1/queue/[id]/releases/route";
import { POST as retryEntry } from "@/app/api/v1/queue/[id]/retries/route";
import { GET as readEntry } from "@/app/api/v1/queue/[id]/route";
import { GET as listQueue } from "@/app/api/v1/queue/route";
import { POST as wakeWorkers } from "@/app/api/worker/route";
import type { Role } from "@/lib/access/permissions";
import { derivedSecret } from "@/lib/access/seal";
import { keepToken } from "@/lib/access/token-store";
import type { Db } from "@/lib/db/database";
import { activeGate, newLife, seedQueue, seedWorker } from "@/lib/testing/queue";
import { test } from "@/lib/testing/served";

vi.stubEnv("SECRET_KEY", Buffer.alloc(32, 1).toString("base64"));
vi.stubEnv("CONSOLE_URL", "https://console.example.com");
vi.stubEnv("PORT", "9"); // nobody listens there: waking the workers over HTTP fails

type Route = (
  request: Request,
  context: { params: Promise<Record<string, string>> },
) => Promise<Response>;
type Sent = {
  role?: Role;
  body?: unknown;
  query?: string;
  params?: Record<string, string>;
  headers?: Record<string, string>;
};

/** Calls a route as a program with a token of `role`, or with none. */
async function call(db: Db, route: Route, method: string, sent: Sent = {}) {
  const headers = new Headers(sent.headers);
  if (sent.role) {
    const token = `token-of-the-${sent.role}-${"x".repeat(24)}`;
    await keepToken(db, sent.role, token, sent.role);
    headers.set("authorization", `Bearer ${token}`);
  }
  if (sent.body !== undefined && !headers.has("content-type"))
    headers.set("content-type", "application/json");
  const body = typeof sent.body === "string" ? sent.body : JSON.stringify(sent.body);
  const request = new Request(`https://console.example.com/api${sent.query ?? ""}`, {
    method,
    headers,
    ...(sent.body === undefined ? {} : { body }),
  });
  const response = await route(request, { params: Promise.resolve(sent.params ?? {}) });
  const answer: unknown = await response.json();
  return { status: response.status, headers: response.headers, answer };
}

describe("who may call the API", () => {
  test("without a token, or with one nobody knows, everything but the health is refused", async ({
    db,
  }) => {
    for (const authorization of ["", "Bearer made-up", "Basic x"]) {
      const refused = await call(db, readGate, "GET", { headers: { authorization } });
      expect(refused.status).toBe(401);
      expect(refused.headers.get("content-type")).toBe("application/problem+json");
      expect(refused.headers.get("www-authenticate")).toContain("Bearer");
    }
    expect((await call(db, readHealth, "GET")).status).toBe(200);
  });

  test("a role that may not do something is told which role may, and nothing is done", async ({
    db,
  }) => {
    const { entryIds } = await seedQueue(db);
    const params = { id: String(entryIds[0]) };
    const refused = await call(db, holdEntry, "POST", { role: "viewer", params });
    expect(refused).toMatchObject({
      status: 403,
      answer: { detail: expect.stringContaining("operator") },
    });
    expect(await db.queueEntry.count({ where: { state: "held" } })).toBe(0);
    const fence = { incarnation: "x", epoch: 0 };
    expect((await call(db, activate, "POST", { role: "operator", body: { fence } })).status).toBe(
      403,
    );
    expect((await call(db, deactivate, "DELETE", { role: "operator" })).status).toBe(403);
  });

  test("a revoked token is refused at its next call", async ({ db }) => {
    expect((await call(db, readGate, "GET", { role: "viewer" })).status).toBe(200);
    await db.apiToken.updateMany({ data: { revokedAt: new Date() } });
    const headers = { authorization: `Bearer token-of-the-viewer-${"x".repeat(24)}` };
    expect((await call(db, readGate, "GET", { headers })).status).toBe(401);
  });
});

describe("the gate over the API", () => {
  test("opens under the fence that was read, and once: the second is told that it has changed", async ({
    db,
  }) => {
    await newLife(db, "today");
    const { answer } = await call(db, readGate, "GET", { role: "administrator" });
    const { fence } = answer as { fence: { incarnation: string; epoch: number } };
    const sent = { role: "administrator", body: { fence, reason: "after the patch" } } as const;
    // Nobody could be woken, and the activation stands.
    expect(await call(db, activate, "POST", sent)).toMatchObject({
      status: 201,
      answer: { fence: { incarnation: "today", epoch: 2 }, workersWoken: false },
    });
    expect(await call(db, activate, "POST", sent)).toMatchObject({ status: 409 });
    expect(await db.gate.findFirst()).toMatchObject({ state: "active", epoch: 2 });
    expect(await db.audit.findFirst()).toMatchObject({
      action: "gate.activated",
      actor: "administrator",
      reason: "after the patch",
    });
  });

  test("closing answers only when the write on the wire has been answered", async ({
    db,
    pool,
  }) => {
    const fence = await activeGate(db);
    const permit = await openPermit(db, fence);
    let isAnswered = false;
    const closing = call(db, deactivate, "DELETE", { role: "administrator" }).then((result) => {
      expect(isAnswered).toBe(true);
      return result;
    });
    await vi.waitFor(async () => expect((await db.gate.findFirst())?.state).toBe("closing"));
    isAnswered = true;
    await pool.query(
      "update permit set outcome = 'applied', answered_at = sync_now() where id = $1",
      [permit],
    );
    expect(await closing).toMatchObject({ status: 200, answer: { state: "inactive" } });
  });

  test("the health tells whether the node can work, and nothing about what it works on", async ({
    db,
  }) => {
    const { answer } = await call(db, readHealth, "GET");
    expect(Object.keys(answer as object).toSorted()).toEqual([
      "database",
      "gate",
      "status",
      "workers",
    ]);
  });
});

describe("the Sync Queue over the API", () => {
  test("is paged to its end, with each entry once", async ({ db }) => {
    const { entryIds } = await seedQueue(db, { pairs: 5 });
    const seen: number[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const query: string = `?limit=2${cursor ? `&cursor=${cursor}` : ""}`;
      const { answer } = await call(db, listQueue, "GET", { role: "viewer", query });
      const page = answer as { rows: { id: number }[]; nextCursor: string | null };
      seen.push(...page.rows.map((row) => row.id));
      cursor = page.nextCursor;
    }
    expect(seen).toEqual(entryIds);
  });

  test("a filter with a typing error is refused, not taken for no filter", async ({ db }) => {
    for (const query of ["?stat=held", "?state=hold", "?limit=9999", "?cursor=nonsense"]) {
      const refused = await call(db, listQueue, "GET", { role: "viewer", query });
      expect(refused.status).toBe(400);
      expect(refused.headers.get("content-type")).toBe("application/problem+json");
    }
  });

  test("an operator holds and releases an entry; what its state does not allow is a conflict", async ({
    db,
  }) => {
    const { entryIds } = await seedQueue(db);
    const act = (verb: Route, id: unknown = entryIds[0]) =>
      call(db, verb, "POST", { role: "operator", params: { id: String(id) } });
    expect((await act(holdEntry)).status).toBe(201);
    expect((await act(holdEntry)).status).toBe(409);
    expect((await act(releaseEntry)).status).toBe(201);
    expect((await act(retryEntry)).status).toBe(409);
    expect((await act(discardEntry)).status).toBe(201);
    expect((await act(discardEntry)).status).toBe(404);
    expect((await act(holdEntry, "x")).status).toBe(404);
    const audit = await db.audit.findMany({ orderBy: { id: "asc" } });
    expect(audit.map((record) => [record.actor, record.action])).toEqual([
      ["operator", "entry.held"],
      ["operator", "entry.released"],
      ["operator", "entry.discarded"],
    ]);
  });

  test("a body that is not JSON, is too large, or says more than is known is refused", async ({
    db,
  }) => {
    const { entryIds } = await seedQueue(db);
    const params = { id: String(entryIds[0]) };
    const send = async (body: unknown, headers: Record<string, string> = {}) =>
      (await call(db, holdEntry, "POST", { role: "operator", params, body, headers })).status;
    expect(await send("reason=x", { "content-type": "text/plain" })).toBe(415);
    expect(await send("{")).toBe(400);
    expect(await send({ reasons: "x" })).toBe(400);
    expect(await send({ reason: "x".repeat(1_100_000) })).toBe(413);
    expect(await db.queueEntry.count({ where: { state: "held" } })).toBe(0);
  });

  test("an entry that left the queue is not there any more", async ({ db }) => {
    const params = { id: "999" };
    expect((await call(db, readEntry, "GET", { role: "viewer", params })).status).toBe(404);
  });
});

describe("what the API tells", () => {
  test("no secret of an instance or a connection ever comes back", async ({ db }) => {
    await seedQueue(db);
    await db.instance.updateMany({ data: { secret: "sealed-instance-secret" } });
    await db.connection.updateMany({ data: { webhookSecret: "sealed-webhook-secret" } });
    for (const route of [listInstances, listConnections]) {
      const { status, answer } = await call(db, route, "GET", { role: "administrator" });
      expect(status).toBe(200);
      expect(JSON.stringify(answer)).not.toMatch(/secret/i);
    }
  });

  test("what was written is listed with its fence, page after page", async ({ db }) => {
    const fence = await activeGate(db);
    const ids = [await openPermit(db, fence), await openPermit(db, fence, 2)];
    const page = async (query: string) => {
      const { status, answer } = await call(db, listPermits, "GET", { role: "viewer", query });
      expect(answer).toMatchObject({ permits: expect.any(Array) });
      expect(status).toBe(200);
      return answer as { permits: { id: string; fence: object }[]; next: string };
    };
    const first = await page("?limit=1");
    const second = await page(`?limit=1&since=${first.next}`);
    const seen = [...first.permits, ...second.permits];
    expect(seen.map((permit) => permit.id).toSorted()).toEqual(ids.toSorted());
    expect(seen[0]?.fence).toEqual(fence);
    expect((await page(`?since=${second.next}`)).permits).toEqual([]);
  });

  test("the audit is for operators and administrators", async ({ db }) => {
    expect((await call(db, listAudit, "GET", { role: "viewer" })).status).toBe(403);
    expect((await call(db, listAudit, "GET", { role: "operator" })).status).toBe(200);
  });
});

describe("the background worker route", () => {
  const ours = () => ({ authorization: `Bearer ${derivedSecret("worker-route")}` });

  test("takes the internal secret and nothing else, not even an administrator's token", async ({
    db,
  }) => {
    expect((await call(db, wakeWorkers, "POST")).status).toBe(401);
    expect((await call(db, wakeWorkers, "POST", { role: "administrator" })).status).toBe(401);
    const elsewhere = { ...ours(), origin: "https://elsewhere.example.com" };
    expect((await call(db, wakeWorkers, "POST", { headers: elsewhere })).status).toBe(403);
  });

  test("wakes the workers and tells what they do; without a living one it says so", async ({
    db,
    pool,
  }) => {
    expect((await call(db, wakeWorkers, "POST", { headers: ours() })).status).toBe(503);
    const workerId = await seedWorker(db, await activeGate(db));
    const listener = await pool.connect();
    const woken = new Promise((resolve) => listener.once("notification", resolve));
    await listener.query("listen sync_wake");
    expect(await call(db, wakeWorkers, "POST", { headers: ours() })).toMatchObject({
      status: 200,
      answer: { workers: [{ id: workerId, doing: "idle" }] },
    });
    await woken;
    listener.release(true);
  });
});

/** A write that is on the wire, as `grant_permit` notes it. */
async function openPermit(
  db: Db,
  fence: { incarnation: string; epoch: number },
  pairId = 1,
): Promise<string> {
  const { id } = await db.permit.create({
    data: {
      id: randomUUID(),
      ...fence,
      workerId: randomUUID(),
      connectionId: 1,
      pairId,
      entryId: pairId,
      attempt: 1,
      side: "remote",
      kind: "update_issue",
      method: "PUT",
      path: "/issue/1",
      intended: {},
      grantedAt: new Date(),
      deadlineAt: new Date(Date.now() + 30_000),
    },
  });
  return id;
}
