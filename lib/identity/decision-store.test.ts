import { randomUUID } from "node:crypto";
import type pg from "pg";
import { describe, expect } from "vitest";
import { readSession, startSession } from "@/lib/access/session-store";
import { keepToken, readToken } from "@/lib/access/token-store";
import { releaseConnection, repointSide } from "@/lib/connections/hold-store";
import type { Db } from "@/lib/db/database";
import { activate, deactivate, readGate, settleClosing } from "@/lib/gate/gate-store";
import { start } from "@/lib/gate/start-store";
import type { Decision } from "@/lib/identity/activation";
import { type Deciding, decide, isRevocable, revokeDecision } from "@/lib/identity/decision-store";
import type { Evidence } from "@/lib/identity/evidence";
import { readPair } from "@/lib/sync/pair-store";
import { hold } from "@/lib/sync-queue/queue-store";
import { test as base } from "@/lib/testing/database";
import { lookAlike, USUAL } from "@/lib/testing/evidence";
import { seedQueue } from "@/lib/testing/queue";

/** What a clone sees on another machine: another address, another host. */
const ELSEWHERE: Partial<Evidence> = {
  console: ["https", "test", "example", "com"],
  host: "node-2",
};
const ANOTHER_KEY: Partial<Evidence> = { keyId: "ffee9988" };

type Rest = Parameters<typeof lookAlike>[1];

type Fixtures = {
  /** A start at which nobody answers, so that it begins a life; the id of its verdict. */
  begin: (seen?: Partial<Evidence>, rest?: Rest) => Promise<number>;
};

const test = base.extend<Fixtures>({
  begin: async ({ url, db }, use) => {
    await use(async (seen = {}, rest = {}) => {
      await start({
        url,
        askMs: 3,
        worker: { id: randomUUID(), host: "test", pid: 1 },
        look: lookAlike(seen, rest),
        told: { console: null, label: null },
        onJoined: async () => {},
      });
      return (await db.gate.findFirstOrThrow()).verdictId ?? 0;
    });
  },
});

const declaredCopy = (label: string | null = null): Rest => ({
  declared: { console: null, label, isCopy: true },
});

async function tryToActivate(db: Db) {
  const { fence } = await readGate(db);
  return activate(db, { fence, by: "ada" });
}

const record = (pool: pg.Pool, connectionId: number, issueId: string, fingerprint: string) =>
  pool.query(
    "select record_change($1, 'local', $2, 'updated', 'webhook', null, null, $3, 0) as result",
    [connectionId, issueId, fingerprint],
  );

/** All that a decision may touch, as it can be compared. */
async function everything(pool: pg.Pool) {
  const { rows } = await pool.query(`select
    (select jsonb_build_object('identity', identity, 'label', label, 'copy_of', copy_of, 'evidence', evidence) from node) as node,
    (select jsonb_agg(jsonb_build_array(id, held_sides, held_at) order by id) from connection) as connections,
    (select jsonb_agg(jsonb_build_array(id, identity) order by id) from pair) as pairs,
    (select jsonb_agg(jsonb_build_array(id, state, held_by, held_reason, inherited_from) order by id) from queue_entry) as entries,
    (select jsonb_agg(jsonb_build_array(instance_id, project, state, place, anchor, last_nonce, next_nonce, accepted_mark)
              order by instance_id, project) from claim) as claims`);
  return rows[0];
}

describe("while a decision is due", () => {
  test.for([
    ["another key lies beside it", ANOTHER_KEY],
    ["its console and its host have other names", ELSEWHERE],
  ] as const)("sync cannot be activated: %s", async ([, seen], { begin, db }) => {
    await begin();
    const verdictId = await begin(seen);
    expect(await db.verdict.findUniqueOrThrow({ where: { id: verdictId } })).toMatchObject({
      kind: "moved_or_copy",
      needsDecision: true,
    });
    expect(await tryToActivate(db)).toEqual({
      refused: expect.stringContaining("A decision is due"),
    });
    expect((await readGate(db)).state).toBe("inactive");
  });

  test("what was seen does not become what the node looks like, so the next start asks again", async ({
    begin,
    db,
  }) => {
    await begin();
    await begin(ELSEWHERE);
    expect((await db.node.findFirstOrThrow()).evidence).toEqual(USUAL);
    const again = await begin(ELSEWHERE);
    expect((await db.verdict.findUniqueOrThrow({ where: { id: again } })).needsDecision).toBe(true);
  });

  test("a node that is back where it was needs no decision any more", async ({ begin, db }) => {
    await begin();
    await begin(ELSEWHERE);
    await begin();
    expect(await tryToActivate(db)).toHaveProperty("opened");
  });

  test("staying inactive keeps it shut, and it can still be decided later", async ({
    begin,
    db,
  }) => {
    await begin();
    const verdictId = await begin(ELSEWHERE);
    await decide(db, { verdictId, decision: "stay_inactive", by: "ada", reason: "I ask Bob" });
    expect(await tryToActivate(db)).toHaveProperty("refused");
    await decide(db, { verdictId, decision: "same_node", by: "bob" });
    expect(await tryToActivate(db)).toHaveProperty("opened");
  });

  test("a decision for a verdict that is not the present one is refused", async ({ begin, db }) => {
    await begin();
    const earlier = await begin(ELSEWHERE);
    await begin(ELSEWHERE);
    const before = await db.node.findFirstOrThrow();
    for (const verdictId of [earlier, 999_999])
      for (const decision of ["same_node", "copy", "stay_inactive"] as const)
        await expect(decide(db, { verdictId, decision, by: "ada" })).rejects.toMatchObject({
          reason: "conflict",
          message: expect.stringContaining("started again"),
        });
    expect(await db.node.findFirstOrThrow()).toEqual(before);
    expect(await db.verdict.count({ where: { decision: { not: null } } })).toBe(0);
  });

  test("a restart that needs no decision cannot be decided", async ({ begin, db }) => {
    await begin();
    const verdictId = await begin();
    await expect(decide(db, { verdictId, decision: "copy", by: "ada" })).rejects.toMatchObject({
      reason: "conflict",
    });
  });

  test("of two people who decide at once exactly one does, and it is that one's decision", async ({
    begin,
    db,
    pool,
  }) => {
    await begin();
    const { entryIds } = await seedQueue(db);
    const verdictId = await begin(ELSEWHERE);
    const { identity } = await db.node.findFirstOrThrow();
    const said: Deciding[] = [
      { verdictId, decision: "same_node", by: "ada" },
      { verdictId, decision: "copy", by: "bob" },
    ];
    const ends = await Promise.allSettled(said.map((each) => decide(db, each)));
    const won = ends.findIndex(({ status }) => status === "fulfilled");
    expect(ends.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(ends.find(({ status }) => status === "rejected")).toMatchObject({
      reason: { reason: "conflict", message: expect.stringContaining("decided already") },
    });
    const verdict = await db.verdict.findUniqueOrThrow({ where: { id: verdictId } });
    expect([verdict.decision, verdict.decidedBy]).toEqual([said[won]?.decision, said[won]?.by]);
    const isCopy = verdict.decision === "copy";
    expect((await db.node.findFirstOrThrow()).identity === identity).toBe(!isCopy);
    const entry = await db.queueEntry.findUniqueOrThrow({ where: { id: entryIds[0] ?? 0 } });
    expect(entry.state).toBe(isCopy ? "held" : "queued");
    const { rows } = await pool.query(
      "select count(*)::int from audit where action like 'node.decided_%'",
    );
    expect(rows).toEqual([{ count: 1 }]);
  });
});

describe("the same node, moved", () => {
  test("looks from then on as it looks now: the next start there is a restart", async ({
    begin,
    db,
  }) => {
    await begin();
    const verdictId = await begin(ELSEWHERE);
    const { identity } = await db.node.findFirstOrThrow();
    await decide(db, { verdictId, decision: "same_node", by: "ada", reason: "New machine" });
    expect(await db.node.findFirstOrThrow()).toMatchObject({
      identity,
      copyOf: null,
      evidence: { ...USUAL, ...ELSEWHERE },
    });
    const next = await begin(ELSEWHERE);
    expect(await db.verdict.findUniqueOrThrow({ where: { id: next } })).toMatchObject({
      kind: "restart",
      needsDecision: false,
    });
  });

  test("goes on with its queue, its people and its connections", async ({ begin, db, pool }) => {
    await begin();
    await seedQueue(db, { pairs: 2 });
    await pool.query("update claim set state = 'listening', last_nonce = 'n7'");
    const session = await signedIn(db);
    const verdictId = await begin(ELSEWHERE);
    await decide(db, { verdictId, decision: "same_node", by: "ada" });
    expect(await db.queueEntry.count({ where: { state: "queued", inheritedFrom: null } })).toBe(2);
    expect(await readSession(db, session)).toMatchObject({ name: "Ada" });
    expect((await db.connection.findFirstOrThrow()).heldSides).toEqual([]);
    expect(await db.claim.findMany()).toMatchObject([{ lastNonce: "n7" }, { lastNonce: "n7" }]);
  });

  test("holds a connection where nothing tells it from a copy, until somebody types its name", async ({
    begin,
    db,
    pool,
  }) => {
    await begin();
    const { connectionId } = await seedQueue(db);
    const { name, remoteInstanceId } = await db.connection.findFirstOrThrow();
    await pool.query("update claim set state = 'listening' where instance_id <> $1", [
      remoteInstanceId,
    ]);
    const verdictId = await begin(ELSEWHERE);
    await decide(db, { verdictId, decision: "same_node", by: "ada" });
    expect(await db.connection.findFirstOrThrow()).toMatchObject({
      heldSides: ["remote"],
      heldAt: expect.any(Date),
    });
    await expect(
      releaseConnection(db, { id: connectionId, typedName: "yes", by: "ada" }),
    ).rejects.toMatchObject({ reason: "invalid" });
    await releaseConnection(db, { id: connectionId, typedName: name, by: "ada" });
    expect((await db.connection.findFirstOrThrow()).heldSides).toEqual([]);
  });

  test("is called as its processes are told now, when they are told something new", async ({
    begin,
    db,
  }) => {
    await begin();
    const verdictId = await begin({ ...ELSEWHERE, label: "PRODUCTION 2" });
    expect((await db.node.findFirstOrThrow()).label).toBe("PRODUCTION");
    await decide(db, { verdictId, decision: "same_node", by: "ada" });
    expect((await db.node.findFirstOrThrow()).label).toBe("PRODUCTION 2");
  });
});

async function signedIn(db: Db): Promise<string> {
  const { id } = await db.user.upsert({
    where: { email: "ada@example.com" },
    update: {},
    create: { email: "ada@example.com", name: "Ada", passwordHash: "-", role: "administrator" },
  });
  return startSession(db, id, null);
}

describe("a copy", () => {
  test("has an identity of its own, knows whose copy it is, and has the label it was given", async ({
    begin,
    db,
  }) => {
    await begin();
    const original = await db.node.findFirstOrThrow();
    const verdictId = await begin(ELSEWHERE);
    await decide(db, { verdictId, decision: "copy", by: "ada", label: "TEST" });
    const copy = await db.node.findFirstOrThrow();
    expect(copy.identity).not.toBe(original.identity);
    expect(copy).toMatchObject({
      copyOf: original.identity,
      label: "TEST",
      evidence: { ...USUAL, ...ELSEWHERE },
    });
    const next = await begin(ELSEWHERE);
    expect(await db.verdict.findUniqueOrThrow({ where: { id: next } })).toMatchObject({
      kind: "restart",
      needsDecision: false,
    });
    expect((await db.node.findFirstOrThrow()).label).toBe("TEST");
  });

  test("without a label of its own is called as its processes are told, not as the original", async ({
    begin,
    db,
  }) => {
    await begin();
    const verdictId = await begin({ ...ELSEWHERE, label: "TEST" });
    await decide(db, { verdictId, decision: "copy", by: "ada" });
    expect((await db.node.findFirstOrThrow()).label).toBe("TEST");
  });

  test("knows nobody who was signed in at the original, and no token or link of it", async ({
    begin,
    db,
    pool,
  }) => {
    await begin();
    const session = await signedIn(db);
    await keepToken(db, "operations", "a-long-token", "operator");
    await pool.query(
      "insert into one_time_link (token_hash, created_at, expires_at) values ('x', sync_now(), sync_now() + interval '1 hour')",
    );
    const verdictId = await begin(ELSEWHERE);
    expect(await readToken(db, "a-long-token")).not.toBeNull();
    await decide(db, { verdictId, decision: "copy", by: "ada" });
    expect(await readSession(db, session)).toBeNull();
    expect(await readToken(db, "a-long-token")).toBeNull();
    const { rows } = await pool.query("select expires_at <= sync_now() as over from one_time_link");
    expect(rows).toEqual([{ over: true }]);
  });

  test("sets aside what the original had to send, and not what arose here since its first start", async ({
    begin,
    db,
    pool,
  }) => {
    await begin();
    const original = await db.node.findFirstOrThrow();
    const { connectionId, entryIds, pairIds } = await seedQueue(db, { pairs: 4 });
    const [waiting, held, failed] = entryIds;
    await hold(db, [held ?? 0], { by: "bob", reason: "Ask the customer" });
    await db.queueEntry.update({ where: { id: failed ?? 0 }, data: { state: "failed" } });
    // The fourth pair is in step when the copy is made.
    await pool.query("delete from queue_entry where pair_id = $1", [pairIds[3]]);
    await begin(ELSEWHERE);
    await record(pool, connectionId, "10004", "here");
    await record(pool, connectionId, "10001", "one more of an inherited one");
    // Another start before anybody decides: what was found since the first one is still this node's own.
    const verdictId = await begin(ELSEWHERE);
    await decide(db, { verdictId, decision: "copy", by: "ada" });

    const entries = await db.queueEntry.findMany({ orderBy: { pairId: "asc" } });
    expect(
      entries.map(({ state, heldBy, heldReason, inheritedFrom }) => [
        state,
        heldBy,
        heldReason,
        inheritedFrom,
      ]),
    ).toEqual([
      ["held", "node", "Inherited from the copied node.", original.identity],
      ["held", "bob", "Ask the customer", original.identity],
      ["held", "node", "Inherited from the copied node.", original.identity],
      ["queued", null, null, null],
    ]);
    expect(entries[0]?.id).toBe(waiting);
  });

  test("holds both sides of every connection, and forgets where it was heard of", async ({
    begin,
    db,
    pool,
  }) => {
    await begin();
    await seedQueue(db);
    await pool.query(
      `update claim set state = 'held', last_nonce = 'n1', next_nonce = 'n2', held_in = 'x', place = 'project',
              seen = '{}', still_since = now(), written_at = now(), moved_at = now()`,
    );
    const verdictId = await begin(ELSEWHERE);
    await decide(db, { verdictId, decision: "copy", by: "ada" });
    expect(await db.connection.findMany()).toMatchObject([
      { heldSides: ["local", "remote"], heldAt: expect.any(Date) },
    ]);
    const forgotten = {
      state: "listening",
      lastNonce: null,
      nextNonce: null,
      heldIn: null,
      seen: null,
      stillSince: null,
      writtenAt: null,
      movedAt: null,
    };
    expect(await db.claim.findMany()).toMatchObject([forgotten, forgotten]);
  });

  test("finds its pairs by the markers that the original wrote, and writes new ones under its own name", async ({
    begin,
    db,
    pool,
  }) => {
    await begin();
    const original = await db.node.findFirstOrThrow();
    const { connectionId, pairIds } = await seedQueue(db);
    const verdictId = await begin(ELSEWHERE);
    await decide(db, { verdictId, decision: "copy", by: "ada" });
    const copy = await db.node.findFirstOrThrow();
    expect((await readPair(pool, pairIds[0] ?? 0))?.identity).toBe(original.identity);
    const since = await db.pair.create({ data: { connectionId, localIssueId: "77" } });
    expect((await readPair(pool, since.id))?.identity).toBe(copy.identity);
  });
});

describe("a decision that is taken back", () => {
  test.for(["same_node", "copy", "stay_inactive"] as const)(
    "leaves everything as it was before: %s",
    async (decision, { begin, db, pool }) => {
      await begin();
      const { entryIds } = await seedQueue(db, { pairs: 3 });
      await hold(db, [entryIds[1] ?? 0], { by: "bob", reason: "Ask the customer" });
      await pool.query(
        `update claim set last_nonce = 'n1', next_nonce = 'n2', place = 'issue', anchor = '10001', accepted_mark = 'm'`,
      );
      await pool.query(
        "update claim set state = 'listening' where instance_id = (select min(instance_id) from claim)",
      );
      const verdictId = await begin(ELSEWHERE);
      const before = await everything(pool);
      await decide(db, { verdictId, decision, by: "ada", label: "TEST" });
      if (decision !== "stay_inactive") expect(await everything(pool)).not.toEqual(before);
      expect(await isRevocable(db, verdictId)).toBe(true);
      await revokeDecision(db, { verdictId, by: "bob", reason: "A slip" });
      expect(await everything(pool)).toEqual(before);
      expect(await isRevocable(db, verdictId)).toBe(false);
      expect(await tryToActivate(db)).toHaveProperty("refused");
      await expect(revokeDecision(db, { verdictId, by: "bob" })).rejects.toMatchObject({
        reason: "conflict",
      });
      const other = decision === "copy" ? "same_node" : "copy";
      await decide(db, { verdictId, decision: other, by: "ada" });
      expect(await db.verdict.findUniqueOrThrow({ where: { id: verdictId } })).toMatchObject({
        decision: other,
        decidedBy: "ada",
      });
    },
  );

  test("keeps held what a copy of earlier had set aside or held", async ({ begin, db, pool }) => {
    await begin();
    await seedQueue(db, { pairs: 2 });
    await decide(db, { verdictId: await begin(ELSEWHERE), decision: "copy", by: "ada" });
    // The copy is moved in its turn.
    const moved: Partial<Evidence> = { console: ["https", "qa", "example", "com"], host: "node-3" };
    const verdictId = await begin(moved);
    const before = await everything(pool);
    for (const decision of ["same_node", "copy"] as const) {
      await decide(db, { verdictId, decision, by: "ada" });
      expect((await db.connection.findFirstOrThrow()).heldSides).toEqual(["local", "remote"]);
      await revokeDecision(db, { verdictId, by: "ada" });
      expect(await everything(pool)).toEqual(before);
      expect(await db.queueEntry.count({ where: { state: "held", heldBy: "node" } })).toBe(2);
      expect((await db.connection.findFirstOrThrow()).heldSides).toEqual(["local", "remote"]);
    }
  });

  test("leaves those signed out who were, since nobody asked them", async ({ begin, db }) => {
    await begin();
    const session = await signedIn(db);
    const verdictId = await begin(ELSEWHERE);
    await decide(db, { verdictId, decision: "copy", by: "ada" });
    await revokeDecision(db, { verdictId, by: "ada" });
    expect(await readSession(db, session)).toBeNull();
  });

  test("cannot be once sync was activated after it, even when it is inactive again", async ({
    begin,
    db,
  }) => {
    await begin();
    const verdictId = await begin(ELSEWHERE);
    await decide(db, { verdictId, decision: "same_node", by: "ada" });
    expect(await tryToActivate(db)).toHaveProperty("opened");
    await expect(revokeDecision(db, { verdictId, by: "ada" })).rejects.toMatchObject({
      message: expect.stringContaining("deactivate first"),
    });
    await deactivate(db, { by: "ada" });
    await settleClosing(db);
    expect((await readGate(db)).state).toBe("inactive");
    expect(await isRevocable(db, verdictId)).toBe(false);
    await expect(revokeDecision(db, { verdictId, by: "ada" })).rejects.toMatchObject({
      message: expect.stringContaining("cannot be taken back"),
    });
  });

  test.for(["re-pointed", "released"] as const)(
    "cannot be once a connection was %s after it",
    async (what, { begin, db }) => {
      await begin();
      const { connectionId: id } = await seedQueue(db);
      const verdictId = await begin(ELSEWHERE);
      await decide(db, { verdictId, decision: "copy", by: "ada" });
      const copy = await db.node.findFirstOrThrow();
      if (what === "released") {
        const { name } = await db.connection.findFirstOrThrow();
        await releaseConnection(db, { id, typedName: name, by: "ada" });
      } else {
        const instance = { name: "Test Jira", baseUrl: "http://127.0.0.1:9/test", token: "t" };
        await repointSide(db, { id, side: "remote", instance, project: "ACME", by: "ada" });
      }
      expect(await isRevocable(db, verdictId)).toBe(false);
      await expect(revokeDecision(db, { verdictId, by: "ada" })).rejects.toMatchObject({
        reason: "conflict",
      });
      expect((await db.node.findFirstOrThrow()).identity).toBe(copy.identity);
    },
  );

  test("cannot be after the node has started again", async ({ begin, db }) => {
    await begin();
    const verdictId = await begin(ELSEWHERE);
    await decide(db, { verdictId, decision: "copy", by: "ada" });
    await begin(ELSEWHERE);
    await expect(revokeDecision(db, { verdictId, by: "ada" })).rejects.toMatchObject({
      message: expect.stringContaining("started again"),
    });
  });
});

test("each decision, and its taking back, is in the audit with who, why and what", async ({
  begin,
  db,
}) => {
  await begin();
  const verdictId = await begin(ELSEWHERE);
  const say = (decision: Decision, reason: string) =>
    decide(db, { verdictId, decision, by: "ada", reason, label: "TEST" });
  await say("stay_inactive", "one");
  await say("copy", "two");
  await revokeDecision(db, { verdictId, by: "bob", reason: "three" });
  await say("same_node", "four");
  const lines = await db.audit.findMany({
    where: { action: { startsWith: "node.deci" } },
    orderBy: { id: "asc" },
  });
  expect(
    lines.map(({ actor, action, subject, reason }) => [actor, action, subject, reason]),
  ).toEqual([
    ["ada", "node.decided_to_wait", `verdict ${verdictId}`, "one"],
    ["ada", "node.decided_copy", `verdict ${verdictId}`, "two"],
    ["bob", "node.decision_revoked", `verdict ${verdictId}`, "three"],
    ["ada", "node.decided_same", `verdict ${verdictId}`, "four"],
  ]);
});

describe("a node that was declared a copy before its start", () => {
  test("becomes one in the start itself, and nobody has to decide", async ({ begin, db }) => {
    await begin();
    await seedQueue(db);
    const original = await db.node.findFirstOrThrow();
    const verdictId = await begin(ELSEWHERE, declaredCopy("TEST"));
    const copy = await db.node.findFirstOrThrow();
    expect(copy.identity).not.toBe(original.identity);
    expect(copy).toMatchObject({ copyOf: original.identity, label: "TEST" });
    expect(await db.verdict.findUniqueOrThrow({ where: { id: verdictId } })).toMatchObject({
      decision: "copy",
      decidedBy: "SYNC_IDENTITY",
    });
    expect(await db.queueEntry.findFirstOrThrow()).toMatchObject({ state: "held", heldBy: "node" });
    expect((await db.connection.findFirstOrThrow()).heldSides).toEqual(["local", "remote"]);
    expect(await tryToActivate(db)).toHaveProperty("opened");
  });

  test("even where nothing that it sees has changed, as in a full copy of the machine", async ({
    begin,
    db,
  }) => {
    await begin();
    const original = await db.node.findFirstOrThrow();
    await begin({}, declaredCopy());
    expect((await db.node.findFirstOrThrow()).copyOf).toBe(original.identity);
  });

  test("stays that one copy in its later starts, with what it has to send since", async ({
    begin,
    db,
    pool,
  }) => {
    await begin();
    const { connectionId, pairIds } = await seedQueue(db, { pairs: 2 });
    await pool.query("delete from queue_entry where pair_id = $1", [pairIds[1]]);
    await begin(ELSEWHERE, declaredCopy());
    const copy = await db.node.findFirstOrThrow();
    await record(pool, connectionId, "10002", "here");
    const session = await signedIn(db);
    await begin(ELSEWHERE, declaredCopy());
    // A reboot, another container: still the same.
    await begin({ ...ELSEWHERE, bootId: "b2", container: "0123456789ab" }, declaredCopy());
    expect(await db.node.findFirstOrThrow()).toMatchObject({
      identity: copy.identity,
      copyOf: copy.copyOf,
    });
    const own = await db.queueEntry.findUniqueOrThrow({ where: { pairId: pairIds[1] ?? 0 } });
    expect(own).toMatchObject({ state: "queued", inheritedFrom: null });
    expect(await readSession(db, session)).not.toBeNull();
  });

  test("becomes a new copy when the original's database is put over it once more", async ({
    begin,
    db,
    pool,
  }) => {
    await begin();
    await seedQueue(db);
    const original = await db.node.findFirstOrThrow();
    await begin(ELSEWHERE, declaredCopy("TEST"));
    const first = await db.node.findFirstOrThrow();
    // What a fresh clone brings along: the original's own row, and nothing set aside.
    await pool.query("update node set identity = $1, copy_of = null, label = $2, evidence = $3", [
      original.identity,
      original.label,
      JSON.stringify(USUAL),
    ]);
    await pool.query(
      "update queue_entry set state = 'queued', held_by = null, held_reason = null, inherited_from = null",
    );
    await begin(ELSEWHERE, declaredCopy("TEST"));
    const second = await db.node.findFirstOrThrow();
    expect(second).toMatchObject({ copyOf: original.identity, label: "TEST" });
    expect([original.identity, first.identity]).not.toContain(second.identity);
    expect(await db.queueEntry.findFirstOrThrow()).toMatchObject({
      state: "held",
      inheritedFrom: original.identity,
    });
  });

  test("is nobody's copy when its database is empty", async ({ begin, db }) => {
    const before = await db.node.findFirstOrThrow();
    const verdictId = await begin({}, declaredCopy("TEST"));
    expect(await db.node.findFirstOrThrow()).toMatchObject({
      identity: before.identity,
      copyOf: null,
    });
    expect(await db.verdict.findUniqueOrThrow({ where: { id: verdictId } })).toMatchObject({
      kind: "first_start",
      decision: null,
    });
  });

  test("can take that back like a person's decision, until it is activated", async ({
    begin,
    db,
  }) => {
    await begin();
    const original = await db.node.findFirstOrThrow();
    const verdictId = await begin(ELSEWHERE, declaredCopy());
    await revokeDecision(db, { verdictId, by: "ada" });
    expect(await db.node.findFirstOrThrow()).toMatchObject({ identity: original.identity });
    expect(await tryToActivate(db)).toHaveProperty("refused");
  });
});
