import { Validator } from "@seriousme/openapi-schema-validator";
import Ajv from "ajv/dist/2020";
import addFormats from "ajv-formats";
import { afterAll, beforeAll, describe, expect, vi } from "vitest";
import { type Simulator, startJiraSimulator } from "@/e2e/simulators/jira-data-center/server";
import { ROLES, type Role } from "@/lib/access/permissions";
import { keepToken } from "@/lib/access/token-store";
import type { Answer, Described, JsonSchema } from "@/lib/api/document";
import { CALLS_A_MINUTE } from "@/lib/api/rate-limit";
import { apiDocument, OPERATIONS } from "@/lib/api/registry";
import type { Db } from "@/lib/db/database";
import { test as base } from "@/lib/testing/api";
import { CASES, type Sent } from "@/lib/testing/api-cases";
import { bodySchema, forbidden, unstorable } from "@/lib/testing/api-forbidden";
import { findRoutes, type Route } from "@/lib/testing/api-routes";

vi.stubEnv("ALLOWED_ADDRESSES", "127.0.0.1/32");
vi.stubEnv("CONSOLE_URL", "https://console.example.com");

// As a program gets it: through JSON.
const document = JSON.parse(JSON.stringify(apiDocument())) as ReturnType<typeof apiDocument>;
const described = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(
    ([method, operation]) => [method.toUpperCase(), path, operation] as const,
  ),
);
/** Answers may gain members; until they are described, they may not. */
const promised = close(document);

let routes: Route[] = [];
const jiras: Simulator[] = [];
beforeAll(async () => {
  routes = await findRoutes();
});
afterAll(async () => {
  for (const jira of jiras) await jira.stop();
});

async function startJira(name: string): Promise<Simulator> {
  const jira = await startJiraSimulator({ name });
  jiras.push(jira);
  return jira;
}

/** `call` of the fixture puts the test's database in the place of the process's. */
const test = base.extend<{ served: undefined }>({
  served: [async ({ call: _ }, use) => use(undefined), { auto: true }],
});

describe("the description of the API", () => {
  test("is valid by the official schema of OpenAPI 3.1", async () => {
    const validator = new Validator();
    expect(
      await validator.validate(structuredClone(document) as unknown as Record<string, unknown>),
    ).toMatchObject({
      valid: true,
    });
    expect(validator.version).toBe("3.1");
  });

  test("names every route, and nothing that has none", async () => {
    const served = routes.map(({ method, path }) => `${method} ${path}`).toSorted();
    expect(described.map(([method, path]) => `${method} ${path}`).toSorted()).toEqual(served);
    const ids = OPERATIONS.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    // Each file serves what stands at its own place in the registry.
    for (const { handler, method, path, file } of routes)
      expect([file, (handler as { operation?: unknown }).operation]).toEqual([
        file,
        OPERATIONS.find((each) => each.method === method && each.path === path),
      ]);
  });

  test("has a case in lib/testing/api-cases.ts for every operation", () => {
    expect(Object.keys(CASES).toSorted()).toEqual(OPERATIONS.map(({ id }) => id).toSorted());
  });

  test("is what GET /openapi.json answers, to everybody", async () => {
    const answer = await send(null, "GET", "/openapi.json", {});
    expect([answer.status, JSON.parse(answer.text)]).toEqual([200, document]);
  });
});

describe.for(described)("%s %s", ([method, path, operation]) => {
  test("forbids what it says that it forbids, and does what it says that it does", async ({
    db,
  }) => {
    const tokens = await tokensOf(db);
    const valid = (await CASES[operation.operationId]?.(db, startJira)) ?? {};
    const isOpen = operation.security.length === 0;
    const recorded = await db.audit.count();
    const schema = bodySchema(operation);

    if (!isOpen) {
      for (const token of [null, "unknown", tokens.expired, tokens.revoked])
        await refused(await send(token, method, path, valid), operation, [401], String(token));
      for (const role of rolesBelow(operation))
        await refused(await send(tokens[role], method, path, valid), operation, [403], role);
    }
    for (const { what, sent, expected } of forbidden(operation, valid)) {
      const isOfBody = sent.body !== valid.body;
      if (isOfBody && schema) expect([what, isValid(schema, sent.body)]).toEqual([what, false]);
      await refused(
        await send(tokens.administrator, method, path, sent),
        operation,
        expected,
        what,
      );
    }
    for (const sent of unstorable(valid))
      await refused(
        await send(tokens.administrator, method, path, sent),
        operation,
        [400],
        JSON.stringify(sent),
      );
    if (schema) {
      const raw = (text: string, type = "application/json") =>
        send(tokens.administrator, method, path, { ...valid, body: undefined }, { text, type });
      await refused(await raw("{"), operation, [400], "broken JSON");
      await refused(await raw("a=b", "text/plain"), operation, [415], "a form");
      await refused(await raw(`"${"x".repeat(1_100_000)}"`), operation, [413], "a large body");
      expect(isValid(schema, valid.body)).toBe(true);
    }
    expect(await db.audit.count()).toBe(recorded);

    const done = await send(isOpen ? null : tokens.administrator, method, path, valid);
    const said = answerOf(promised.paths[path]?.[method.toLowerCase()], done.status);
    expect([done.status, done.text]).toEqual([expect.toSatisfy(isSuccess), expect.anything()]);
    const type = done.headers.get("content-type")?.replace(/;.*/, "") ?? "";
    expect(Object.keys(said?.content ?? {})).toContain(type);
    if (type === "application/json")
      conforms(said?.content[type]?.schema ?? {}, JSON.parse(done.text));
    expect(done.headers.get("cache-control")).toBe("no-store");
    expect(done.headers.has("ratelimit")).toBe(!isOpen);
  });
});

describe("the limits", () => {
  test("a token has so many calls a minute on every console, and is told when to come back", async ({
    db,
  }) => {
    const { administrator } = await tokensOf(db);
    const first = await send(administrator, "GET", "/gate", {});
    expect(first.headers.get("ratelimit-policy")).toBe('"token";q=600;w=60');
    expect(first.headers.get("ratelimit")).toMatch(/^"token";r=599;t=\d+$/);
    await db.apiCalls.updateMany({ data: { calls: CALLS_A_MINUTE.token } });
    for (const [method, path, operation] of described.filter(([, , each]) => each.security[0])) {
      // Nothing of the request is looked at any more.
      const answer = await send(administrator, method, path, { params: { id: "1" } });
      await refused(answer, operation, [429], path);
      expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
      expect(answer.headers.get("ratelimit")).toMatch(/^"token";r=0;/);
    }
    await db.$executeRaw`update api_calls set minute = minute - interval '1 minute'`;
    expect((await send(administrator, "GET", "/gate", {})).status).toBe(200);
  });

  test("an address that guesses tokens is stopped, also with the right one; others are not", async ({
    db,
  }) => {
    const { viewer } = await tokensOf(db);
    const from = (address: string, token: string | null) =>
      send(token, "GET", "/gate", {}, {}, { "x-forwarded-for": `10.9.9.9, ${address}` });
    expect((await from("192.0.2.1", "a-guess")).status).toBe(401);
    await db.apiCalls.updateMany({ data: { calls: CALLS_A_MINUTE.address } });
    expect((await from("192.0.2.1", "a-guess")).status).toBe(429);
    expect((await from("192.0.2.1", viewer)).status).toBe(429);
    expect((await from("192.0.2.2", viewer)).status).toBe(200);
    expect((await send(null, "GET", "/health", {})).status).toBe(200);
  });
});

function isSuccess(status: unknown): boolean {
  return status === 200 || status === 201;
}

type Told = { status: number; headers: Headers; text: string };

/** Sends a request to the file that Next would send it to. */
async function send(
  token: string | null,
  method: string,
  path: string,
  { params = {}, query = {}, body }: Sent,
  raw: { text?: string; type?: string } = {},
  more: Record<string, string> = {},
): Promise<Told> {
  const route = routes.find((each) => each.method === method && each.path === path);
  if (!route) throw new Error(`${method} ${path} has no route`);
  const headers = new Headers(more);
  if (token) headers.set("authorization", `Bearer ${token}`);
  const text = raw.text ?? (body === undefined ? undefined : JSON.stringify(body));
  if (text !== undefined) headers.set("content-type", raw.type ?? "application/json");
  const texts = Object.fromEntries(
    Object.entries(params).map(([name, value]) => [name, String(value)]),
  );
  const url = new URL(`https://console.example.com/api/v1${path}`);
  url.search = new URLSearchParams(query).toString();
  const response = await route.handler(
    new Request(url, { method, headers, ...(text === undefined ? {} : { body: text }) }),
    { params: Promise.resolve(texts) },
  );
  return { status: response.status, headers: response.headers, text: await response.text() };
}

async function refused(
  { status, headers, text }: Told,
  operation: Described,
  expected: number[],
  what: string,
): Promise<void> {
  expect([what, status, text]).toEqual([
    what,
    expect.toSatisfy((each) => expected.includes(each as number)),
    text,
  ]);
  expect([what, headers.get("content-type")]).toEqual([what, "application/problem+json"]);
  const schema = answerOf(operation, status)?.content["application/problem+json"]?.schema;
  expect([what, status, schema]).toEqual([what, status, expect.anything()]);
  conforms(schema ?? {}, JSON.parse(text));
}

/** What the document says of an answer with this status, wherever it says it. */
function answerOf(operation: Described | undefined, status: number): Answer | undefined {
  const answer = operation?.responses[status];
  if (!answer || !("$ref" in answer)) return answer;
  return document.components.responses[answer.$ref.replace("#/components/responses/", "")];
}

type Tokens = Record<Role | "expired" | "revoked", string>;

async function tokensOf(db: Db): Promise<Tokens> {
  const named = (name: string) => `token-of-the-${name}-${"x".repeat(24)}`;
  for (const role of ROLES) await keepToken(db, role, named(role), role);
  for (const name of ["expired", "revoked"])
    await keepToken(db, name, named(name), "administrator");
  const past = new Date(Date.now() - 1_000);
  await db.apiToken.update({ where: { name: "expired" }, data: { expiresAt: past } });
  await db.apiToken.update({ where: { name: "revoked" }, data: { revokedAt: past } });
  const [viewer, operator, administrator] = ROLES.map(named) as [string, string, string];
  return {
    viewer,
    operator,
    administrator,
    expired: named("expired"),
    revoked: named("revoked"),
  };
}

function rolesBelow({ "x-least-role": least }: Described): Role[] {
  return ROLES.slice(0, Math.max(0, ROLES.indexOf(least as Role)));
}

function isValid(schema: JsonSchema, value: unknown): boolean {
  return validatorOf(schema)(value) as boolean;
}

function conforms(schema: JsonSchema, value: unknown): void {
  const validate = validatorOf(schema);
  validate(value);
  expect(validate.errors ?? []).toEqual([]);
}

const ajv = new Ajv({ strict: false, allErrors: true });
addFormats(ajv);
const validators = new Map<JsonSchema, ReturnType<typeof ajv.compile>>();

/** The document's references stand at its root. */
function validatorOf(schema: JsonSchema) {
  const validator =
    validators.get(schema) ?? ajv.compile({ ...schema, components: promised.components });
  validators.set(schema, validator);
  return validator;
}

/** The same document with every described object closed. */
function close<T>(value: T): T {
  if (Array.isArray(value)) return value.map(close) as T;
  if (typeof value !== "object" || value === null) return value;
  const closed = Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, close(inner)]),
  );
  if (closed.type === "object" && closed.properties && closed.additionalProperties === undefined)
    closed.additionalProperties = false;
  return closed as T;
}
