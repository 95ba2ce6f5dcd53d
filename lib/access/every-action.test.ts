import { encode } from "next-auth/jwt";
import type { Pool } from "pg";
import { beforeEach, describe, expect, vi } from "vitest";
import * as gateAndQueue from "@/app/(console)/actions";
import * as activation from "@/app/(console)/activation/actions";
import { GET as live } from "@/app/api/live/route";
import { GET as queue } from "@/app/api/queue/route";
import { hashPassword } from "@/lib/access/password";
import { leastRoleFor, mayDo, type Permission, type Role } from "@/lib/access/permissions";
import { derivedSecret } from "@/lib/access/seal";
import { startSession } from "@/lib/access/session-store";
import type { Db } from "@/lib/db/database";
import { toParts } from "@/lib/identity/address";
import { USUAL } from "@/lib/testing/evidence";
import { newLife, seedQueue } from "@/lib/testing/queue";
import { test } from "@/lib/testing/served";

// The framework around a request: its cookies, and what an answer does to the browser.
const browser = vi.hoisted(() => ({ cookies: new Map<string, string>() }));
vi.mock("server-only", () => ({}));
vi.mock("next/cache", () => ({ revalidatePath: () => undefined }));
vi.mock("next/navigation", () => ({
  redirect: (to: string) => {
    throw new Error(`redirected to ${to}`);
  },
}));
vi.mock("next/headers", () => ({
  cookies: async () => ({
    get: (name: string) =>
      browser.cookies.has(name) ? { name, value: browser.cookies.get(name) } : undefined,
    set: (name: string, value: string, options: { maxAge: number; secure: boolean }) => {
      // As browsers do: a `__Secure-` cookie is neither set nor taken away without Secure.
      if (name.startsWith("__Secure-") && !options.secure) return;
      if (options.maxAge === 0) browser.cookies.delete(name);
      else browser.cookies.set(name, value);
    },
  }),
  headers: async () => new Headers(),
}));

vi.stubEnv("SECRET_KEY", Buffer.alloc(32, 1).toString("base64"));
vi.stubEnv("CONSOLE_URL", "https://console.example.com");
vi.stubEnv("PORT", "9"); // nobody listens there: waking the workers over HTTP fails
vi.stubEnv("DATABASE_URL", "postgres://127.0.0.1:9/none"); // so notices are never heard either

beforeEach(() => browser.cookies.clear());

/** Signs the browser in. Returns its session's id. */
async function signIn(db: Db, role: Role, name: string = role): Promise<string> {
  const passwordHash = await hashOfPassword;
  const user = await db.user.create({
    data: { email: `${name}@example.com`, name: `The ${name}`, passwordHash, role },
  });
  const sessionId = await startSession(db, user.id, null);
  await carry(db, sessionId, derivedSecret("next-auth"));
  return sessionId;
}

async function carry(db: Db, sessionId: string, secret: string): Promise<void> {
  const { identity } = await db.node.findFirstOrThrow();
  const name = `__Secure-exalate-${identity.slice(0, 8)}.session`;
  browser.cookies.set(name, await encode({ token: { sessionId }, secret }));
}

const PASSWORD = "a sentence is a fine password";
/** Slow by design: made once. */
const hashOfPassword = hashPassword(PASSWORD);

const FENCE = { incarnation: "today", epoch: 1 };
const TOKEN = "a-new-access-token";
const SESSION_ENDED = { ok: false, message: "Your session has ended. Sign in again." };

// Its address is not an action: it takes no input, and ends with the browser being sent elsewhere.
const { signOutAction, ...others } = gateAndQueue;
const actions = { ...others, ...activation };
type Name = keyof typeof actions;
const NAMES = Object.keys(actions) as Name[];

/** What cannot be undone, or decides who this node is and where it writes. */
const ASKS_PASSWORD: Name[] = [
  "activateSync",
  "decide",
  "takeOver",
  "releaseConnection",
  "repointSide",
  "renewToken",
];

type Listed = {
  permission: Permission;
  /** One that does something. */
  input: unknown;
  /** What has to be so before, where a ready node is not enough. */
  first?: () => Promise<unknown>;
  /** The audit's word for it. */
  recorded: string;
};

/** Every action the console exports, who may do it, and what is left behind. */
function listed(db: Db, node: ReadyNode): Record<Name, Listed> {
  const { id, connection, claim, seen, verdictId } = node;
  const to = (state: string) => () =>
    db.queueEntry.updateMany({ data: { state, ...(state === "held" && { heldBy: "ada" }) } });
  const settle = () => db.verdict.updateMany({ data: { decision: "same_node" } });
  const decided = { verdictId, decision: "same_node", reason: "moved" };
  const discardAll = { act: "discard", filter: { connection: connection.id }, count: 1 };
  return {
    activateSync: {
      permission: "gate:operate",
      input: { fence: FENCE, scope: [connection.id] },
      first: settle,
      recorded: "gate.activated",
    },
    confirmPasswordAgain: {
      permission: "gate:read",
      input: { password: PASSWORD },
      recorded: "session.password_confirmed",
    },
    deactivateSync: {
      permission: "gate:operate",
      input: { reason: "done" },
      first: () => db.gate.updateMany({ data: { state: "active", epoch: 2 } }),
      recorded: "gate.deactivated",
    },
    holdEntries: { permission: "queue:act", input: { ids: [id] }, recorded: "entry.held" },
    releaseEntries: {
      permission: "queue:act",
      input: { ids: [id] },
      first: to("held"),
      recorded: "entry.released",
    },
    retryEntries: {
      permission: "queue:act",
      input: { ids: [id] },
      first: to("failed"),
      recorded: "entry.retried",
    },
    discardEntries: { permission: "queue:act", input: { ids: [id] }, recorded: "entry.discarded" },
    retryConnectionNow: {
      permission: "connections:retry",
      input: { id: connection.id },
      first: () => db.connection.updateMany({ data: { errorCode: "credentials_rejected" } }),
      recorded: "connection.retried",
    },
    decide: { permission: "gate:operate", input: decided, recorded: "node.decided_same" },
    revokeDecision: {
      permission: "gate:operate",
      input: { verdictId, reason: "a slip" },
      first: () => asAdministrator(db, () => activation.decide(decided)),
      recorded: "node.decision_revoked",
    },
    takeOver: {
      permission: "gate:operate",
      input: { instanceId: claim.id, project: "ACME", typedName: claim.name },
      recorded: "claim.taken_over",
    },
    releaseConnection: {
      permission: "gate:operate",
      input: { id: connection.id, typedName: connection.name },
      recorded: "connection.released",
    },
    repointSide: {
      permission: "connections:write",
      input: {
        id: connection.id,
        side: "remote",
        instance: { name: "Test Jira", baseUrl: "http://127.0.0.1:9/test", token: TOKEN },
        project: "TEST",
      },
      recorded: "connection.repointed",
    },
    confirmInstance: {
      permission: "connections:write",
      input: { id: claim.id, reported: seen.reported, applicationId: seen.applicationId },
      recorded: "instance.confirmed",
    },
    renewToken: {
      permission: "connections:write",
      input: { id: claim.id, token: TOKEN },
      recorded: "instance.token_renewed",
    },
    actOnFilter: { permission: "queue:act", input: discardAll, recorded: "queue.discarded" },
    undoAct: {
      permission: "queue:act",
      input: { undoId: "11111111-2222-4333-8444-555555555555" },
      first: () => asAdministrator(db, () => activation.actOnFilter(discardAll)),
      recorded: "queue.undone",
    },
  };
}

function run(name: Name, input: unknown) {
  return actions[name](input);
}

type ReadyNode = Awaited<ReturnType<typeof readyNode>>;

/**
 * A node at which every action has something to do: an entry waits, its connection is held, a decision is
 * due, another node wrote at its partner, and the partner has not been confirmed.
 */
async function readyNode(db: Db) {
  await newLife(db, FENCE.incarnation);
  const { entryIds, connectionId } = await seedQueue(db);
  const { name, remoteInstance } = await db.connection.update({
    where: { id: connectionId },
    data: { heldSides: ["remote"], heldAt: new Date() },
    include: { remoteInstance: true },
  });
  const { id: claimed } = remoteInstance;
  await db.claim.updateMany({
    where: { instanceId: claimed },
    data: {
      state: "foreign",
      seen: { identity: "ours", incarnation: "theirs", nonce: "n-7", console: null },
    },
  });
  const seen = {
    address: toParts(remoteInstance.baseUrl),
    reported: toParts("https://jira.example.com"),
    applicationId: "B-1",
  };
  await db.instance.update({ where: { id: claimed }, data: { seen } });
  const { id: verdictId } = await db.verdict.create({
    data: {
      incarnation: FENCE.incarnation,
      at: new Date(),
      kind: "moved_or_copy",
      sentence: "This node was moved, or it is a copy.",
      facts: [],
      evidence: USUAL,
      needsDecision: true,
    },
  });
  await db.gate.updateMany({ data: { verdictId } });
  return {
    id: entryIds[0] ?? 0,
    connection: { id: connectionId, name },
    claim: { id: claimed, name: remoteInstance.name },
    seen: { reported: "https://jira.example.com", applicationId: seen.applicationId },
    verdictId,
  };
}

const TOUCHED = ["node", "gate", "gate_change", "verdict", "instance", "connection", "claim"];
const IN_THE_QUEUE = ["pair", "queue_entry", "run", "undo", "undo_entry", "watermark", "audit"];

/** Everything that an action may touch, to compare. */
async function everything(pool: Pool): Promise<unknown[]> {
  const tables: unknown[] = [];
  for (const table of [...TOUCHED, ...IN_THE_QUEUE]) {
    const { rows } = await pool.query(
      `select to_jsonb(t) as row from ${table} t order by to_jsonb(t)::text`,
    );
    tables.push([table, rows]);
  }
  return tables;
}

/** Does something beforehand as somebody else, who signs out again by putting the cookie away. */
async function asAdministrator<T>(db: Db, doing: () => Promise<T>): Promise<T> {
  const before = [...browser.cookies];
  await signIn(db, "administrator", "before");
  const result = await doing();
  browser.cookies.clear();
  for (const [name, value] of before) browser.cookies.set(name, value);
  return result;
}

describe("every action answers for itself", () => {
  test("a stranger who posts to an action's address changes nothing", async ({ db, pool }) => {
    const actionsOf = listed(db, await readyNode(db));
    const before = await everything(pool);
    for (const name of NAMES)
      expect(await run(name, actionsOf[name].input), name).toEqual(SESSION_ENDED);
    expect(await everything(pool)).toEqual(before);
  });

  test("an administrator whose session has ended changes nothing", async ({ db, pool }) => {
    const actionsOf = listed(db, await readyNode(db));
    await signIn(db, "administrator");
    await db.session.updateMany({ data: { endedAt: new Date() } });
    const before = await everything(pool);
    for (const name of NAMES)
      expect(await run(name, actionsOf[name].input), name).toEqual(SESSION_ENDED);
    expect(await everything(pool)).toEqual(before);
  });

  test.for(["viewer", "operator"] as const)(
    "whoever is %s changes nothing by what needs more, and is told which role may",
    async (role, { db, pool }) => {
      const actionsOf = listed(db, await readyNode(db));
      await signIn(db, role);
      const before = await everything(pool);
      const tooMuch = NAMES.filter((name) => !mayDo(role, actionsOf[name].permission));
      expect(tooMuch).toHaveLength({ viewer: NAMES.length - 1, operator: 9 }[role]);
      for (const name of tooMuch)
        expect(await run(name, actionsOf[name].input), name).toEqual({
          ok: false,
          message: `This needs the role ${leastRoleFor(actionsOf[name].permission)}.`,
        });
      expect(await everything(pool)).toEqual(before);
    },
  );

  test.for(NAMES)(
    "%s is done by the least role that may, and the audit says by whom",
    async (name, { db }) => {
      const { permission, input, first, recorded } = listed(db, await readyNode(db))[name];
      const better = (await first?.()) as { undoId?: string } | undefined;
      const earlier = await db.audit.count();
      const role = leastRoleFor(permission);
      await signIn(db, role);
      const answer = await run(name, better?.undoId ? { undoId: better.undoId } : input);
      expect(answer).toMatchObject({ ok: true });
      const records = await db.audit.findMany({ orderBy: { id: "asc" }, skip: earlier });
      expect(records).toMatchObject([{ action: recorded, actor: `${role}@example.com` }]);
      expect(JSON.stringify([answer, records[0]?.detail])).not.toContain(TOKEN);
    },
  );

  test("what a form would never send is refused in words, and changes nothing", async ({
    db,
    pool,
  }) => {
    const actionsOf = listed(db, await readyNode(db));
    await signIn(db, "administrator");
    const before = await everything(pool);
    for (const name of NAMES) {
      const { input } = actionsOf[name];
      const wrong = Object.keys(input as object).map((member) => ({
        ...(input as object),
        [member]: { some: "thing" },
      }));
      for (const raw of [undefined, null, "all", 7, [], ...wrong])
        expect(await run(name, raw), `${name} ${JSON.stringify(raw)}`).toEqual({
          ok: false,
          message: expect.stringMatching(/^✖ /),
        });
    }
    expect(await everything(pool)).toEqual(before);
  });

  test("what is well formed and still means nothing is refused too", async ({ db }) => {
    await signIn(db, "administrator");
    const nonsense: [Name, object][] = [
      ["discardEntries", { ids: [] }],
      ["discardEntries", { ids: ["1"] }],
      ["discardEntries", { ids: [-1] }],
      ["activateSync", { fence: FENCE, scope: [] }],
      ["activateSync", { fence: FENCE, scope: [2 ** 31] }],
      ["decide", { verdictId: 2 ** 31, decision: "same_node" }],
      ["decide", { verdictId: 1, decision: "maybe" }],
      ["decide", { verdictId: 1, decision: "copy", label: "x".repeat(41) }],
      ["takeOver", { instanceId: 1, project: "", typedName: "x" }],
      ["releaseConnection", { id: 1, typedName: "x", force: true }],
      ["renewToken", { id: 1, token: "" }],
      ["renewToken", { id: 0, token: TOKEN }],
      ["confirmInstance", { id: 1, reported: "no address", applicationId: null }],
      ["actOnFilter", { act: "discard", filter: {}, count: 1 }],
      ["actOnFilter", { act: "discard", filter: { stat: "held" }, count: 1 }],
      ["undoAct", { undoId: "1" }],
    ];
    for (const [name, raw] of nonsense)
      expect(await run(name, raw), `${name} ${JSON.stringify(raw)}`).toEqual({
        ok: false,
        message: expect.stringMatching(/^✖ /),
      });
    expect(await db.audit.count()).toBe(0);
  });

  test("what is not there, or not so any more, is said as a sentence", async ({ db }) => {
    const { claim, connection, verdictId } = await readyNode(db);
    await signIn(db, "administrator");
    const said = async (name: Name, raw: object) => {
      const answer = await run(name, raw);
      return answer.ok ? "it was done" : answer.message;
    };
    expect(await said("renewToken", { id: 999, token: TOKEN })).toBe("There is no such instance.");
    expect(await said("releaseConnection", { id: connection.id, typedName: "x" })).toBe(
      `Type the connection's name, ${connection.name}, to release it.`,
    );
    expect(
      await said("takeOver", { instanceId: claim.id, project: "ACME", typedName: "x" }),
    ).toContain(claim.name);
    expect(await said("decide", { verdictId: verdictId + 1, decision: "same_node" })).toContain(
      "has started again",
    );
    expect(await said("revokeDecision", { verdictId })).toContain("cannot be taken back");
    expect(await said("activateSync", { fence: FENCE })).toContain("A decision is due");
    expect(await said("activateSync", { fence: FENCE, scope: [connection.id, 999] })).toContain(
      "no connection 999",
    );
    expect(await db.audit.count()).toBe(0);
  });

  test("an administrator opens the gate under the fence that was shown, and it stands although no worker answers", async ({
    db,
  }) => {
    await newLife(db, FENCE.incarnation);
    await signIn(db, "administrator");
    const stale = await actions.activateSync({ fence: { ...FENCE, epoch: 0 } });
    expect(stale).toMatchObject({ ok: false, message: expect.stringContaining("changed") });
    expect(await actions.activateSync({ fence: FENCE })).toEqual({ ok: true, workersWoken: false });
    expect((await db.gate.findFirst())?.state).toBe("active");
    expect(await actions.deactivateSync({ reason: "done" })).toMatchObject({ ok: true });
    expect((await db.gate.findFirst())?.state).toBe("inactive");
  });

  test("a database that fails is never quoted to the browser", async ({ db, pool }) => {
    const { id } = await readyNode(db);
    await signIn(db, "operator");
    await pool.query("alter table queue_entry rename column held_by to gone_missing");
    const answer = await actions.holdEntries({ ids: [id] });
    expect(answer).toMatchObject({ ok: false });
    expect(JSON.stringify(answer)).not.toMatch(/held_by|gone_missing|prisma/i);
  });
});

describe("a session that has ended", () => {
  test("signing out ends the session itself: a kept copy of its cookie opens nothing", async ({
    db,
  }) => {
    const { id } = await readyNode(db);
    const sessionId = await signIn(db, "operator");
    await expect(signOutAction()).rejects.toThrow("redirected to /sign-in");
    expect(browser.cookies.size).toBe(0);
    await carry(db, sessionId, derivedSecret("next-auth"));
    expect(await actions.holdEntries({ ids: [id] })).toMatchObject({ ok: false });
    expect((await queue(new Request("https://x/api/queue"), noParams())).status).toBe(401);
  });

  test("a cookie that another node made opens nothing here", async ({ db }) => {
    const sessionId = await signIn(db, "administrator");
    await carry(db, sessionId, derivedSecret("next-auth", Buffer.alloc(32, 9)));
    expect((await queue(new Request("https://x/api/queue"), noParams())).status).toBe(401);
  });

  test("a page's question is answered for a living session, and kept by nobody in between", async ({
    db,
  }) => {
    const { id } = await readyNode(db);
    await signIn(db, "viewer");
    const answer = await queue(new Request("https://x/api/queue?sort=oldest"), noParams());
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(await answer.json()).toMatchObject({ rows: [{ id }], total: 1 });
  });
});

describe("a password that was entered long ago", () => {
  test("is asked for again before what cannot be undone, and nothing is done until it is right", async ({
    db,
  }) => {
    const node = await readyNode(db);
    const sessionId = await signIn(db, "administrator");
    const cases = listed(db, node);
    await db.session.update({
      where: { id: sessionId },
      data: { passwordAt: new Date(Date.now() - 16 * 60_000) },
    });
    for (const name of ASKS_PASSWORD) {
      await cases[name].first?.();
      expect(await run(name, cases[name].input)).toMatchObject({ ok: false, asksPassword: true });
    }
    expect(await db.audit.count({ where: { action: "gate.activated" } })).toBe(0);
    expect(await actions.confirmPasswordAgain({ password: "not this one" })).toMatchObject({
      ok: false,
    });
    expect(await actions.activateSync(cases.activateSync.input)).toMatchObject({
      asksPassword: true,
    });
    expect(await actions.confirmPasswordAgain({ password: PASSWORD })).toEqual({ ok: true });
    await cases.activateSync.first?.();
    expect(await actions.activateSync(cases.activateSync.input)).toMatchObject({ ok: true });
  });
});

describe("the live stream", () => {
  test("is closed to strangers", async () => {
    expect((await live(new Request("https://x/api/live"), noParams())).status).toBe(401);
  });

  test("begins with the gate, then names the entry that changed, even when notices are not heard", async ({
    db,
  }) => {
    const { id } = await readyNode(db);
    await signIn(db, "operator");
    const leave = new AbortController();
    const request = new Request("https://x/api/live", { signal: leave.signal });
    const response = await live(request, noParams());
    expect(response.headers.get("x-accel-buffering")).toBe("no");
    const events = eventsOf(response);
    expect(await events.next()).toMatchObject({
      value: { gate: { state: "inactive", waiting: 1 } },
    });
    await actions.holdEntries({ ids: [id] });
    for (;;) {
      const { value } = await events.next();
      if (value?.changedIds.includes(id) && value.gate.held === 1) break;
    }
    leave.abort();
    expect((await events.next()).done).toBe(true);
  });

  test("can be left from the browser's side without an error", async ({ db }) => {
    await signIn(db, "viewer");
    const response = await live(new Request("https://x/api/live"), noParams());
    await expect(response.body?.cancel()).resolves.toBeUndefined();
  });
});

type LiveEvent = { gate: { state: string; waiting: number; held: number }; changedIds: number[] };

async function* eventsOf(response: Response): AsyncGenerator<LiveEvent, undefined> {
  if (!response.body) throw new Error("the stream has no body");
  let text = "";
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    const events = text.split("\n\n");
    text = events.pop() ?? "";
    for (const event of events) {
      const data = /^data: (.*)$/m.exec(event)?.[1];
      if (data) yield JSON.parse(data) as LiveEvent;
    }
  }
}

function noParams() {
  return { params: Promise.resolve({}) };
}
