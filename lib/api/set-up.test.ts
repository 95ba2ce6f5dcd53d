import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, vi } from "vitest";
import { POST as retryConnection } from "@/app/api/v1/connections/[id]/retries/route";
import { POST as createConnection, GET as listConnections } from "@/app/api/v1/connections/route";
import { POST as createInstance, GET as listInstances } from "@/app/api/v1/instances/route";
import { GET as findPairs } from "@/app/api/v1/pairs/lookup/route";
import { POST as linkPair } from "@/app/api/v1/pairs/route";
import { test } from "@/lib/testing/api";
import { seedQueue } from "@/lib/testing/queue";

vi.stubEnv("ALLOWED_ADDRESSES", "127.0.0.1/32");

const WRITTEN = "very-secret-access-token";

const instance = (name: string) => ({
  kind: "jira-data-center",
  name,
  baseUrl: "http://127.0.0.1:9/",
  token: WRITTEN,
});
const between = (local: unknown, remote: unknown) => ({
  name: "Acme partner",
  local: { instance: local, project: "PROD", trigger: "project = PROD" },
  remote: { instance: remote, project: "ACME" },
  mapping: {
    fields: { labels: "to_remote" },
    comments: "both",
    values: {
      status: { toRemote: { Open: "To Do" }, toLocal: { "To Do": "Open" } },
      priority: { toRemote: {}, toLocal: {} },
    },
  },
});

describe("setting up over the API", () => {
  test("instances and a connection between them are kept, and their secrets never come back", async ({
    call,
    db,
  }) => {
    const local = await call(createInstance, { body: instance("Production") });
    const remote = await call(createInstance, { body: instance("Partner") });
    expect([local.status, remote.status]).toEqual([201, 201]);
    const made = await call(createConnection, { body: between(local.answer.id, "Partner") });
    expect(made).toMatchObject({
      status: 201,
      answer: { id: expect.any(Number), webhookSecret: expect.any(String) },
    });

    const listed = `${(await call(listInstances)).text}${(await call(listConnections)).text}`;
    expect(listed).toContain("Production");
    expect(listed).toContain("Acme partner");
    expect(listed).not.toContain(WRITTEN);
    expect(listed).not.toContain(made.answer.webhookSecret);
    expect(listed).not.toMatch(/secret/i);
    expect(JSON.stringify(await db.audit.findMany({ omit: { seq: true } }))).not.toContain(WRITTEN);
  });

  test("a name that is taken is a conflict; a kind that nobody knows names those that are", async ({
    call,
  }) => {
    expect((await call(createInstance, { body: instance("Production") })).status).toBe(201);
    expect((await call(createInstance, { body: instance("Production") })).status).toBe(409);
    expect(
      await call(createInstance, { body: { ...instance("Other"), kind: "trello" } }),
    ).toMatchObject({
      status: 400,
      answer: { errors: [{ path: "kind", message: expect.stringContaining("jira-data-center") }] },
    });
  });

  test("a connection to an instance that nobody set up could not work", async ({ call }) => {
    await call(createInstance, { body: instance("Partner") });
    expect(await call(createConnection, { body: between("Nobody", "Partner") })).toMatchObject({
      status: 422,
      answer: { detail: 'there is no instance "Nobody"' },
    });
  });

  test("a misspelt member is refused at its place, however deep it is, and nothing is kept", async ({
    call,
    db,
  }) => {
    const good = between("Production", "Partner");
    const wrong = [
      [{ ...good, polcy: "local" }, "", "polcy"],
      [{ ...good, local: { ...good.local, jql: "x" } }, "local", "jql"],
      [{ ...good, mapping: { ...good.mapping, field: {} } }, "mapping", "field"],
      [{ ...good, mapping: { fields: { labls: "none" } } }, "mapping.fields", "labls"],
      [{ ...good, mapping: { values: { state: {} } } }, "mapping.values", "state"],
      [{ ...good, mapping: { values: { status: { to: {} } } } }, "mapping.values.status", "to"],
    ] as const;
    for (const [body, path, member] of wrong) {
      const refused = await call(createConnection, { body });
      expect(refused).toMatchObject({
        status: 400,
        answer: { errors: [{ path, message: expect.stringContaining(member) }] },
      });
    }
    expect(await db.connection.count()).toBe(0);
  });

  test("an operator may look at connections, but not make one", async ({ call }) => {
    expect((await call(listConnections, { role: "operator" })).status).toBe(200);
    const body = instance("Production");
    expect((await call(createInstance, { role: "operator", body })).status).toBe(403);
  });

  test("a pair is found by either key", async ({ call, db }) => {
    const { pairIds } = await seedQueue(db);
    for (const key of ["PROD-1", "ACME-1"])
      expect((await call(findPairs, { query: `?key=${key}` })).answer).toMatchObject({
        pairs: [{ id: pairIds[0], localKey: "PROD-1", remoteKey: "ACME-1" }],
      });
    expect((await call(findPairs, { query: "?key=PROD-9" })).answer).toEqual({ pairs: [] });
    expect((await call(findPairs)).status).toBe(400);
  });

  test("linking says what the instance answered, without its credentials", async ({ call }) => {
    const jira = createServer((_request, response) => {
      response.writeHead(401, { "content-type": "application/json" }).end("{}");
    });
    await new Promise<void>((listening) => jira.listen(0, "127.0.0.1", listening));
    const baseUrl = `http://127.0.0.1:${(jira.address() as AddressInfo).port}`;
    await call(createInstance, { body: { ...instance("Production"), baseUrl } });
    await call(createInstance, { body: { ...instance("Partner"), baseUrl } });
    await call(createConnection, { body: between("Production", "Partner") });
    const body = { connection: "Acme partner", localKey: "PROD-1", remoteKey: "ACME-1" };
    const refused = await call(linkPair, { body });
    jira.close();
    expect(refused).toMatchObject({ status: 422, answer: { code: "credentials_rejected" } });
    expect(refused.text).not.toContain(WRITTEN);
  });

  test("a stopped connection is tried again once; another has not stopped, or is not there", async ({
    call,
    db,
  }) => {
    const { connectionId } = await seedQueue(db);
    await db.connection.update({
      where: { id: connectionId },
      data: { errorCode: "credentials_rejected", errorMessage: "401" },
    });
    const again = (id: number | string) =>
      call(retryConnection, { role: "operator", body: {}, params: { id } });
    expect((await again(connectionId)).status).toBe(201);
    expect((await again(connectionId)).status).toBe(409);
    expect((await again(connectionId + 1)).status).toBe(404);
    expect((await again("acme")).status).toBe(404);
  });
});
