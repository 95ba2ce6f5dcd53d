import { describe, expect } from "vitest";
import { GET as readActivation } from "@/app/api/v1/activation/route";
import { POST as activate } from "@/app/api/v1/activations/route";
import { POST as release } from "@/app/api/v1/connections/[id]/releases/route";
import { POST as repoint } from "@/app/api/v1/connections/[id]/repointings/route";
import { POST as renewWebhookSecret } from "@/app/api/v1/connections/[id]/webhook-secrets/route";
import { POST as decide } from "@/app/api/v1/decisions/route";
import { GET as readGate } from "@/app/api/v1/gate/route";
import { POST as confirm } from "@/app/api/v1/instances/[id]/confirmations/route";
import { POST as renewToken } from "@/app/api/v1/instances/[id]/tokens/route";
import { POST as takeOver } from "@/app/api/v1/take-overs/route";
import { nodeKey, unseal } from "@/lib/access/seal";
import { secretContext } from "@/lib/connections/connection-opener";
import { webhookContext } from "@/lib/connections/connection-store";
import type { Db } from "@/lib/db/database";
import { toParts } from "@/lib/identity/address";
import { claimEntries, lendForPlanning } from "@/lib/sync-queue/worker-store";
import { type Answer, type Call, test } from "@/lib/testing/api";
import { heldConnection, undecided } from "@/lib/testing/copied";
import { activeGate, newLife, seedQueue, seedWorker } from "@/lib/testing/queue";

const TOKEN = "a-new-access-token";
const NOBODY = 999;

/** Somebody else's sign of life stands at an instance. */
async function anotherAt(db: Db, instanceId: number): Promise<void> {
  const seen = { identity: "ours", incarnation: "theirs", nonce: "n-7", console: null };
  await db.claim.updateMany({ where: { instanceId }, data: { state: "foreign", seen } });
}

async function sees(db: Db, id: number, reported: string): Promise<void> {
  const { baseUrl } = await db.instance.findUniqueOrThrow({ where: { id } });
  const seen = { address: toParts(baseUrl), reported: toParts(reported), applicationId: "B-1" };
  await db.instance.update({ where: { id }, data: { seen } });
}

const lastAudit = (db: Db) => db.audit.findFirstOrThrow({ orderBy: { id: "desc" } });

/** A refusal with its status, as a sentence of a problem's answer. */
function refused({ status, type, answer }: Answer): [number, unknown] {
  expect(type).toBe("application/problem+json");
  expect(answer.status).toBe(status);
  return [status, answer.detail];
}

test("each of these calls needs a token, of an administrator unless it only reads", async ({
  call,
  db,
}) => {
  const { id, name, remoteInstanceId } = await heldConnection(db);
  const reported = "https://jira.example.com";
  await sees(db, remoteInstanceId, reported);
  await anotherAt(db, remoteInstanceId);
  const verdictId = await undecided(db);
  const instance = { name: "Test Jira", baseUrl: "http://127.0.0.1:9/test", token: TOKEN };
  const calls: [Parameters<Call>[0], { body: unknown; params?: { id: number } }][] = [
    [decide, { body: { verdictId, decision: "copy" } }],
    [takeOver, { body: { instanceId: remoteInstanceId, project: "ACME", typedName: "x" } }],
    [release, { params: { id }, body: { typedName: name } }],
    [repoint, { params: { id }, body: { side: "remote", instance, project: "TEST" } }],
    [renewWebhookSecret, { params: { id }, body: {} }],
    [renewToken, { params: { id: remoteInstanceId }, body: { token: TOKEN } }],
    [confirm, { params: { id: remoteInstanceId }, body: { reported, applicationId: "B-1" } }],
  ];
  const all = () =>
    Promise.all([db.connection.findMany(), db.instance.findMany(), db.verdict.findMany()]);
  const before = await all();
  for (const [route, sent] of calls) {
    expect((await call(route, { ...sent, role: null })).status).toBe(401);
    for (const role of ["viewer", "operator"] as const)
      expect(refused(await call(route, { ...sent, role }))).toEqual([
        403,
        `This needs the role administrator; "${role}" is ${role}.`,
      ]);
    // More than is known is refused too: a typing error is no silent default.
    if (route !== renewWebhookSecret)
      expect(
        (await call(route, { ...sent, body: { ...(sent.body as object), forced: true } })).status,
      ).toBe(400);
  }
  expect(await all()).toEqual(before);
  expect(await db.audit.count()).toBe(0);
  expect((await call(readActivation, { role: null })).status).toBe(401);
  expect((await call(readActivation, { role: "viewer" })).status).toBe(200);
});

describe("what the Activation page shows", () => {
  test("is told to programs, without a secret", async ({ call, db }) => {
    const { id, name, remoteInstance } = await heldConnection(db);
    await anotherAt(db, remoteInstance.id);
    const verdictId = await undecided(db);
    const { answer, text } = await call(readActivation, { role: "viewer" });
    expect(answer).toMatchObject({
      verdict: { id: verdictId, needsDecision: true, decision: null },
      heldConnections: [{ id, name }],
      waiting: [{ connection: { id }, unplanned: 1 }],
      // `seedQueue` seals with nobody's key.
      unreadable: {
        instances: [{}, { id: remoteInstance.id, name: remoteInstance.name }],
        webhooks: [{ id, name }],
      },
    });
    expect(answer.obstacles).toHaveLength(3);
    expect(text).not.toMatch(/sealed|secret/i);
  });
});

describe("a decision", () => {
  test("is taken once, for the verdict that was read, while the gate is inactive", async ({
    call,
    db,
  }) => {
    await activeGate(db);
    await seedQueue(db);
    const verdictId = await undecided(db);
    const body = { verdictId, decision: "same_node", reason: "moved to node-2" };
    expect(refused(await call(decide, { body }))).toMatchObject([
      409,
      expect.stringContaining("deactivate first"),
    ]);
    await newLife(db);
    expect(
      refused(await call(decide, { body: { ...body, verdictId: verdictId + 1 } })),
    ).toMatchObject([409, expect.stringContaining("started again")]);
    expect((await call(decide, { body: { ...body, decision: "perhaps" } })).status).toBe(400);

    expect(await call(decide, { body })).toMatchObject({
      status: 201,
      answer: { verdictId, decision: "same_node" },
    });
    expect(await lastAudit(db)).toMatchObject({
      actor: "administrator",
      action: "node.decided_same",
      reason: "moved to node-2",
    });
    expect(refused(await call(decide, { body }))).toMatchObject([
      409,
      expect.stringContaining("decided already"),
    ]);
  });

  test("for a copy takes the token that asked for it away too", async ({ call, db }) => {
    await newLife(db, "today");
    const verdictId = await undecided(db);
    const body = { verdictId, decision: "copy", label: "REHEARSAL" };
    expect((await call(decide, { body })).status).toBe(201);
    expect((await db.node.findFirstOrThrow()).label).toBe("REHEARSAL");
    expect((await call(readGate)).status).toBe(401);
  });
});

describe("taking over", () => {
  test("needs the instance's name, and another node's sign of life there", async ({ call, db }) => {
    const { remoteInstance } = await heldConnection(db);
    const body = { instanceId: remoteInstance.id, project: "ACME", typedName: remoteInstance.name };
    expect(refused(await call(takeOver, { body }))).toEqual([
      409,
      "no other node's sign of life stands there now",
    ]);
    await anotherAt(db, remoteInstance.id);
    expect(refused(await call(takeOver, { body: { ...body, typedName: "it" } }))).toEqual([
      422,
      `type the instance's name, ${remoteInstance.name}, to take over`,
    ]);
    expect(refused(await call(takeOver, { body: { ...body, project: "ELSE" } }))).toEqual([
      404,
      "there is no such claim",
    ]);
    expect(await call(takeOver, { body })).toMatchObject({ status: 201 });
    expect(
      await db.claim.findFirstOrThrow({ where: { instanceId: remoteInstance.id } }),
    ).toMatchObject({ state: "listening", lastNonce: "n-7" });
    expect(await lastAudit(db)).toMatchObject({
      action: "claim.taken_over",
      actor: "administrator",
    });
  });
});

describe("a held connection", () => {
  test("is released by its name, once", async ({ call, db }) => {
    const { id, name } = await heldConnection(db);
    const ask = (typedName: string, at: number | string = id) =>
      call(release, { params: { id: at }, body: { typedName } });
    expect(refused(await ask("it"))).toEqual([
      422,
      `type the connection's name, ${name}, to release it`,
    ]);
    expect(refused(await ask(name, NOBODY))).toEqual([404, "there is no such connection"]);
    expect((await ask(name, "acme")).status).toBe(404);
    expect(await ask(name)).toMatchObject({ status: 201, answer: { id } });
    expect(refused(await ask(name))).toEqual([409, "this connection is not held"]);
    expect(await lastAudit(db)).toMatchObject({ action: "connection.released", subject: name });
  });

  test("is pointed elsewhere while the gate is inactive, and the token never comes back", async ({
    call,
    db,
  }) => {
    const { id, name } = await heldConnection(db);
    const instance = { name: "Test Jira", baseUrl: "http://127.0.0.1:9/test", token: TOKEN };
    const ask = (more: object = {}, at: number | string = id) =>
      call(repoint, {
        params: { id: at },
        body: { side: "remote", instance, project: "TEST", ...more },
      });
    expect(refused(await ask({}, NOBODY))).toEqual([404, "there is no such connection"]);
    expect((await ask({}, "acme")).status).toBe(404);
    expect(refused(await ask({ project: "no project" }))).toEqual([
      422,
      '"no project" cannot be a project there',
    ]);
    expect((await ask({ side: "both" })).status).toBe(400);
    expect((await ask({ instance: { ...instance, kind: "x" } })).status).toBe(400);
    await activeGate(db);
    expect(refused(await ask())).toMatchObject([409, expect.stringContaining("deactivate first")]);
    await newLife(db);

    const done = await ask();
    expect(done).toMatchObject({ status: 201, answer: { id, side: "remote" } });
    const told = await lastAudit(db);
    expect(told).toMatchObject({ action: "connection.repointed", subject: name });
    const { secret } = await db.instance.findUniqueOrThrow({ where: { name: "Test Jira" } });
    expect(unseal(nodeKey(), secret, secretContext("Test Jira"))).toBe(TOKEN);
    expect(`${done.text}${JSON.stringify(told.detail)}`).not.toContain(TOKEN);
    expect(
      refused(await ask({ instance: { ...instance, baseUrl: "http://127.0.0.1:9/else" } })),
    ).toMatchObject([409, expect.stringContaining("another address")]);
  });
});

describe("an instance", () => {
  test("is confirmed as it was shown, and not as something else", async ({ call, db }) => {
    const { remoteInstance } = await heldConnection(db);
    const { id, name } = remoteInstance;
    const shown = { reported: "https://jira.example.com", applicationId: "B-1" };
    const ask = (body: object, at: number | string = id) =>
      call(confirm, { params: { id: at }, body });
    expect((await ask(shown)).status).toBe(409);
    await sees(db, id, shown.reported);
    expect(refused(await ask({ ...shown, applicationId: "B-2" }))).toEqual([
      409,
      "it says something else by now: look again, then confirm",
    ]);
    expect(refused(await ask(shown, NOBODY))).toEqual([404, "there is no such instance"]);
    expect((await ask(shown, "acme")).status).toBe(404);
    expect((await ask({ reported: "jira" })).status).toBe(400);
    expect(await ask(shown)).toMatchObject({ status: 201, answer: { id } });
    expect(await lastAudit(db)).toMatchObject({ action: "instance.confirmed", subject: name });
  });

  test("gets another token, which never comes back", async ({ call, db }) => {
    const { id, name } = (await heldConnection(db)).remoteInstance;
    const ask = (body: object, at: number | string = id) =>
      call(renewToken, { params: { id: at }, body });
    expect(refused(await ask({ token: TOKEN }, NOBODY))).toEqual([
      404,
      "there is no such instance",
    ]);
    expect((await ask({ token: TOKEN }, "acme")).status).toBe(404);
    expect((await ask({ token: "" })).status).toBe(400);
    const long = await ask({ token: "x".repeat(4_001) });
    expect(long.status).toBe(400);
    expect(long.text).not.toContain("xxx");
    const done = await ask({ token: TOKEN });
    expect(done).toMatchObject({ status: 201, answer: { id } });
    const { secret } = await db.instance.findUniqueOrThrow({ where: { id } });
    expect(unseal(nodeKey(), secret, secretContext(name))).toBe(TOKEN);
    const told = await lastAudit(db);
    expect(told).toMatchObject({ action: "instance.token_renewed", subject: name });
    expect(`${done.text}${JSON.stringify(told.detail)}`).not.toContain(TOKEN);
  });
});

test("a connection gets another webhook secret, and only this answer holds it", async ({
  call,
  db,
}) => {
  const { id, name } = await heldConnection(db);
  const ask = (at: number | string) => call(renewWebhookSecret, { params: { id: at }, body: {} });
  expect(refused(await ask(NOBODY))).toEqual([404, "there is no such connection"]);
  expect((await ask("acme")).status).toBe(404);
  const { status, answer } = await ask(id);
  expect(status).toBe(201);
  expect(Object.keys(answer)).toEqual(["webhookSecret", "webhookKey"]);
  const { webhookSecret } = await db.connection.findUniqueOrThrow({ where: { id } });
  expect(unseal(nodeKey(), webhookSecret, webhookContext(name))).toBe(answer.webhookSecret);
  expect((await ask(id)).answer.webhookSecret).not.toBe(answer.webhookSecret);
  const told = await db.audit.findMany();
  expect(told.map(({ action, subject }) => [action, subject])).toEqual([
    ["connection.webhook_secret_renewed", name],
    ["connection.webhook_secret_renewed", name],
  ]);
  expect(JSON.stringify(told.map(({ detail }) => detail))).not.toContain(answer.webhookSecret);
  expect(JSON.stringify(told.map(({ detail }) => detail))).not.toContain(answer.webhookKey);
  expect((await call(readActivation)).text).not.toContain(answer.webhookSecret);
});

describe("an activation for some connections", () => {
  const scoped = (fence: object, ...scope: number[]) => ({ body: { fence, scope } });

  test("sends from these only; the others stay, and go on being planned", async ({
    call,
    db,
    pool,
  }) => {
    const fence = await newLife(db, "today");
    const chosen = await seedQueue(db, { pairs: 2 });
    const other = await seedQueue(db, { pairs: 3 });
    const { status, answer } = await call(activate, scoped(fence, chosen.connectionId));
    expect(status).toBe(201);
    const open = answer.fence as { incarnation: string; epoch: number };
    const worker = await seedWorker(db, open);
    const claimed = await claimEntries(pool, worker, open, 10);
    expect(claimed.map(({ id }) => id).toSorted()).toEqual(chosen.entryIds);
    const lent = await lendForPlanning(pool, 10);
    expect(lent.map(({ id }) => id).toSorted()).toEqual(other.entryIds);

    // The banner's numbers: what is left out waits, and is not on its way.
    expect((await call(readGate, { role: "viewer" })).answer).toMatchObject({
      state: "active",
      scope: [chosen.connectionId],
      ready: 2,
      waiting: 5,
    });
    expect(await lastAudit(db)).toMatchObject({
      action: "gate.activated",
      detail: { connections: [chosen.connectionId] },
    });
  });

  test("counts everything again once it is closed", async ({ call, db, pool }) => {
    const fence = await newLife(db, "today");
    const { connectionId } = await seedQueue(db);
    await seedQueue(db, { pairs: 3 });
    await call(activate, scoped(fence, connectionId));
    await pool.query("select close_gate('ada', null)");
    expect((await call(readGate)).answer).toMatchObject({
      state: "inactive",
      ready: 4,
      waiting: 4,
    });
  });

  test("names connections that are there; an empty list is not everything", async ({
    call,
    db,
  }) => {
    const fence = await newLife(db, "today");
    const { connectionId } = await seedQueue(db);
    expect(refused(await call(activate, scoped(fence, connectionId, NOBODY)))).toEqual([
      422,
      `there is no connection ${NOBODY} to open for`,
    ]);
    expect((await call(activate, scoped(fence))).status).toBe(400);
    expect((await db.gate.findFirstOrThrow()).state).toBe("inactive");
  });

  test("is refused while a decision is due", async ({ call, db }) => {
    const fence = await newLife(db, "today");
    const { connectionId } = await seedQueue(db);
    await undecided(db);
    for (const body of [{ fence }, scoped(fence, connectionId).body])
      expect(refused(await call(activate, { body }))).toMatchObject([
        409,
        expect.stringContaining("A decision is due"),
      ]);
    expect((await db.gate.findFirstOrThrow()).state).toBe("inactive");
  });

  test("is refused where another node is, and not elsewhere", async ({ call, db }) => {
    const fence = await newLife(db, "today");
    const there = await seedQueue(db);
    const elsewhere = await seedQueue(db);
    const { remoteInstanceId } = await db.connection.findUniqueOrThrow({
      where: { id: there.connectionId },
    });
    await anotherAt(db, remoteInstanceId);
    for (const body of [{ fence }, scoped(fence, there.connectionId).body])
      expect(refused(await call(activate, { body }))).toMatchObject([
        409,
        expect.stringContaining("Another node with this node's identity"),
      ]);
    expect(await call(activate, scoped(fence, elsewhere.connectionId))).toMatchObject({
      status: 201,
    });
  });
});
