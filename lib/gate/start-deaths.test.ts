import { randomUUID } from "node:crypto";
import { connect as connectTo, createServer, type Server, type Socket } from "node:net";
import pg from "pg";
import { afterEach, describe, expect, vi } from "vitest";
import { auditKey, verifyAudit } from "@/lib/audit/audit-store";
import type { Db } from "@/lib/db/database";
import { activate, readGate } from "@/lib/gate/gate-store";
import {
  type Membership,
  NeedsDirectConnection,
  type StartOptions,
  start,
  WrongNode,
} from "@/lib/gate/start-store";
import type { Clocks } from "@/lib/gate/suspension";
import { toParts } from "@/lib/identity/address";
import { test } from "@/lib/testing/database";
import { lookAlike } from "@/lib/testing/evidence";
import { newLife } from "@/lib/testing/queue";
import { live, type MemberReport } from "@/lib/worker/member";

const ASK_MS = 90;
const HERE = toParts("https://sync.example.com");

function starter(url: string, rest: Partial<StartOptions> = {}): Promise<Membership> {
  return start({
    url,
    askMs: ASK_MS,
    worker: { id: randomUUID(), host: "test", pid: 1 },
    look: lookAlike(),
    told: { console: HERE, label: "PRODUCTION" },
    onJoined: async () => {},
    ...rest,
  });
}

/** A living member; `over` resolves when its life ends, with everything that it reported. */
async function member(url: string, readClocks?: () => Clocks) {
  const reports: MemberReport[] = [];
  let over: Promise<void> = Promise.resolve();
  const membership = await starter(url, {
    onJoined: (joined) =>
      new Promise((answering) => {
        over = live(
          url,
          joined,
          (report) => {
            reports.push(report);
            if (report.kind === "answering") answering();
          },
          readClocks,
        );
      }),
  });
  return { membership, over: over.then(() => reports) };
}

async function endLife(db: Db, over: Promise<unknown>) {
  await newLife(db);
  await over;
}

afterEach(() => vi.restoreAllMocks());

/** Lets the starter's session die right before its `nth` statement. False: it was done before that. */
async function dyingAt(nth: number, begin: () => Promise<unknown>): Promise<boolean> {
  const original = pg.Client.prototype.query as (...args: unknown[]) => unknown;
  let asked = 0;
  let died = false;
  vi.spyOn(pg.Client.prototype, "query").mockImplementation(function (
    this: pg.Client,
    ...args: unknown[]
  ) {
    const isStarter =
      (this as unknown as { connectionParameters: { application_name?: string } })
        .connectionParameters.application_name === "exalate start";
    if (isStarter && ++asked === nth) {
      died = true;
      // As when its host loses power: the server ends the session, and nothing of ours is tidied up.
      (this as unknown as { connection: { stream: Socket } }).connection.stream.destroy();
    }
    return original.apply(this, args) as never;
  } as never);
  await begin().catch(() => undefined);
  vi.restoreAllMocks();
  return died;
}

describe("the start protocol, interrupted and misdirected", () => {
  test("a starter that dies between any two of its steps leaves a gate that is shut, and a start that works", async ({
    url,
    db,
    pool,
  }) => {
    let steps = 0;
    for (let nth = 1; ; nth++) {
      const before = await readGate(db);
      const died = await dyingAt(nth, () => starter(url));
      if (!died) break;
      steps++;
      expect((await readGate(db)).state).toBe("inactive");
      // Its lock went with its session, and the next one is not kept waiting.
      const next = await starter(url);
      const gate = await readGate(db);
      expect(gate).toEqual({ state: "inactive", fence: next.fence });
      expect(gate.fence.epoch).toBeGreaterThan(before.fence.epoch);
      const lives = await db.gateChange.findMany({ where: { kind: "new_incarnation" } });
      const audited = await db.audit.findMany({ where: { action: "gate.new_incarnation" } });
      const verdicts = await db.verdict.findMany();
      expect(audited).toHaveLength(lives.length);
      expect(verdicts.map(({ incarnation }) => incarnation)).toEqual(
        lives.map(({ incarnation }) => incarnation),
      );
    }
    // Lock, questions, look, verdict, compare-and-swap, worker, audit, commit: many places to die at.
    expect(steps).toBeGreaterThan(12);
    const { findings } = await verifyAudit(db, auditKey(), null);
    expect(findings).toEqual([]);
    await expect
      .poll(async () => {
        const { rows } = await pool.query(
          `select count(*)::int as n from pg_locks join pg_database d on d.oid = database
            where locktype = 'advisory' and datname = current_database()`,
        );
        return rows[0].n;
      })
      .toBe(0);
  }, 120_000);

  test("a process that was told another console address or label is refused while the node lives", async ({
    url,
    db,
  }) => {
    const { over } = await member(url);
    const elsewhere = { console: toParts("https://staging.example.com"), label: "PRODUCTION" };
    await expect(starter(url, { told: elsewhere })).rejects.toThrow(WrongNode);
    await expect(starter(url, { told: elsewhere })).rejects.toThrow("https://staging.example.com");
    await expect(starter(url, { told: { console: HERE, label: "STAGING" } })).rejects.toThrow(
      WrongNode,
    );
    // Who was not told anything belongs to the node whose database it was given.
    const joined = await starter(url, { told: { console: null, label: null } });
    expect(joined.fence).toEqual((await readGate(db)).fence);
    await endLife(db, over);
  });

  test("the reason names what ended the life before", async ({ url, db }) => {
    await starter(url);
    await starter(url, { after: "the database restarted" });
    const { reason } = await db.gate.findUniqueOrThrow({ where: { id: 1 } });
    expect(reason).toBe(
      "A new life began: the database restarted, and none of the other workers was left.",
    );
  });

  test("a host that was suspended and resumed closes the gate, and its worker's life is over", async ({
    url,
    db,
  }) => {
    let slept = 0;
    const clocks = () => ({
      sinceBoot: 10_000 + performance.now() / 1_000 + slept,
      monotonic: performance.now() / 1_000,
    });
    const { membership, over } = await member(url, clocks);
    await activate(db, { fence: membership.fence, by: "ada" });
    slept = 3_600;
    const reports = await over;
    expect(reports.at(-1)).toEqual({ kind: "ended", why: "the host was suspended and resumed" });
    expect((await readGate(db)).state).toBe("inactive");
    const gate = await db.gate.findUniqueOrThrow({ where: { id: 1 } });
    expect(gate).toMatchObject({
      by: null,
      reason: "The host of a worker was suspended and resumed.",
    });
    expect(await db.audit.count({ where: { action: "gate.closed_by_node" } })).toBe(1);
  });

  test("behind a pooler that shares sessions a worker says what it needs", async ({ url }) => {
    const pooler = await poolerBefore(url);
    try {
      await expect(starter(pooler.url)).rejects.toThrow(NeedsDirectConnection);
      await expect(starter(pooler.url)).rejects.toThrow("PostgreSQL itself");
    } finally {
      await pooler.stop();
    }
  });
});

/** What a pooler looks like to its client: the session's number in the protocol is the pooler's own. */
async function poolerBefore(url: string): Promise<{ url: string; stop(): Promise<void> }> {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  const server: Server = createServer((client) => {
    const upstream = connectTo(Number(target.port), target.hostname);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on("error", () => undefined);
    }
    client.pipe(upstream);
    upstream.on("data", (chunk: Buffer) => client.write(withAnotherProcessId(chunk)));
    upstream.on("close", () => client.destroy());
    client.on("close", () => upstream.destroy());
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const address = server.address();
  const own = new URL(url);
  own.port = String(typeof address === "object" && address ? address.port : 0);
  return {
    url: own.href,
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((closed) => server.close(closed));
    },
  };
}

/** BackendKeyData: 'K', the length 12, the process, the secret. */
function withAnotherProcessId(chunk: Buffer): Buffer {
  const at = chunk.indexOf(Buffer.from([0x4b, 0, 0, 0, 12]));
  if (at < 0) return chunk;
  const changed = Buffer.from(chunk);
  changed.writeInt32BE(4_711_000, at + 5);
  return changed;
}
