import { fork } from "node:child_process";
import { subscribe } from "node:diagnostics_channel";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { Agent, setGlobalDispatcher } from "undici";
import { type Line, queueCounts, startLine, until, untilDrained, untilPlanned } from "@/e2e/line";
import { type OwnDatabase, openOwnDatabase } from "@/e2e/own-database";

/**
 * What synchronising costs: calls per pair, counted where they arrive; how fast a queue is drained beside a
 * bare client that makes the same calls; and what a worker's memory does meanwhile. Loopback only.
 *
 *   --entries N   to drain beside the bare client (2000)
 *   --memory N    to drain while a worker's memory is watched (100000); 0 leaves it out
 */
const LATENCY_MS = 20;
/** Two workers of eight. */
const CONCURRENCY = 16;
const [program = "", ...given] = process.argv.slice(1);
const option = (name: string, usual: number) => {
  const at = given.indexOf(`--${name}`);
  return at < 0 ? usual : Number(given[at + 1]);
};

type Calls = { reads: number; writes: number };
let calls: Calls = { reads: 0, writes: 0 };

/** Our account's calls that are about an issue: what polls, and what keeps the claim, costs nothing per pair. */
subscribe("http.server.request.start", (message) => {
  const { request } = message as { request: IncomingMessage };
  if (request.headers.authorization !== "Bearer exalate-token") return;
  if (!request.url?.includes("/rest/api/2/issue")) return;
  if (request.method === "GET") calls.reads += 1;
  else calls.writes += 1;
});

/** What `work` costs, once everything that it caused is drained. */
async function counted({ pool }: OwnDatabase, work: () => Promise<void>): Promise<Calls> {
  calls = { reads: 0, writes: 0 };
  const before = (await pool.query("select count(*)::int as n from run")).rows[0]?.n;
  await work();
  await until("it was looked at", async () => {
    const { rows } = await pool.query("select count(*)::int as n from run");
    return rows[0]?.n > before && (await queueCounts(pool)).all === 0;
  });
  return calls;
}

async function callsPerPair(): Promise<void> {
  const PAIRS = 50;
  const database = await openOwnDatabase("bench");
  const line = await startLine(database.db, database.url, { pairs: PAIRS });
  try {
    await line.startWorker();
    await untilDrained(database.pool);
    await line.activate();
    const each = async (work: (number: number) => Promise<unknown>) => {
      for (let number = 1; number <= PAIRS; number++) await work(number);
    };
    const ada = line.production.as("ada-token");
    const lines: [string, string, Calls][] = [
      [
        "nothing to do",
        "2 reads",
        await counted(database, () =>
          each((number) =>
            database.pool.query(
              `select record_change(connection_id, 'local', local_issue_id, 'updated', 'sweep', null, null, 'bench', 0)
                 from pair where local_key = $1`,
              [`PROD-${number}`],
            ),
          ),
        ),
      ],
      [
        "an update",
        "3 reads, 1 write",
        await counted(database, () =>
          each((number) => ada.editIssue(`PROD-${number}`, { summary: `Edited ${number}` })),
        ),
      ],
      [
        "a new issue",
        "2 reads, 1 write",
        await counted(database, () =>
          each((number) => ada.createIssue({ project: "PROD", summary: `New ${number}` })),
        ),
      ],
    ];
    for (const [what, aim, { reads, writes }] of lines)
      console.info(
        `${what}: ${(reads / PAIRS).toFixed(2)} reads and ${(writes / PAIRS).toFixed(2)} writes per pair (aim: ${aim})`,
      );
    await line.deactivate();
    await until("closed", async () => (await database.db.gate.findFirst())?.state === "inactive");
    for (let edit = 1; edit <= 1_000; edit++)
      await ada.editIssue("PROD-1", { summary: `Edit ${edit}` });
    await untilPlanned(database.pool, 1);
    const { reads, writes } = await counted(database, () => line.activate());
    console.info(
      `1,000 edits of one issue while inactive: ${reads} reads and ${writes} writes once active (aim: one update)`,
    );
  } finally {
    await line.stop();
    await database.close();
  }
}

/** Drains `entries` updates, then lets a bare client make the same calls for as many other issues. */
async function drainRate(entries: number): Promise<void> {
  const database = await openOwnDatabase("bench");
  const line = await startLine(database.db, database.url, {
    pairs: entries,
    concurrency: CONCURRENCY,
  });
  try {
    await Promise.all([line.startWorker(), line.startWorker()]);
    await untilDrained(database.pool);
    await edited(line, entries, "first");
    await untilPlanned(database.pool, entries);
    for (const side of [line.production, line.partner])
      await side.setFaults({ latencyMs: LATENCY_MS });
    calls = { reads: 0, writes: 0 };
    const began = performance.now();
    await line.activate();
    await untilDrained(database.pool);
    const ours = (performance.now() - began) / 1_000;
    const made = { ...calls };
    await line.deactivate();

    const bare = fork(program, ["--bare"], { execArgv: ["--import", "tsx"] });
    bare.send({
      local: line.simulators.production.baseUrl,
      remote: line.simulators.partner.baseUrl,
      entries,
    });
    const [{ seconds }] = (await once(bare, "message")) as [{ seconds: number }];
    console.info(
      `${entries} updates at ${LATENCY_MS} ms: ${(entries / ours).toFixed(0)} a second by two workers with ${made.reads} reads and ${made.writes} writes; ` +
        `${(entries / seconds).toFixed(0)} a second by a bare client that reads three times and writes once each, ${CONCURRENCY} at a time: ratio ${(seconds / ours).toFixed(2)} (aim: 0.9)`,
    );
  } finally {
    await line.stop();
    await database.close();
  }
}

async function edited(line: Line, entries: number, word: string): Promise<void> {
  const ada = line.production.as("ada-token");
  for (let number = 1; number <= entries; number++)
    await ada.editIssue(`PROD-${number}`, { summary: `${word} ${number}` });
}

/** The calls of an update and nothing else: no database, no permit, no plan. */
async function bareClient(): Promise<void> {
  const [{ local, remote, entries }] = (await once(process, "message")) as [
    { local: string; remote: string; entries: number },
  ];
  setGlobalDispatcher(new Agent({ connections: CONCURRENCY }));
  const headers = { Authorization: "Bearer exalate-token", "Content-Type": "application/json" };
  const call = async (method: string, url: string, body?: object) => {
    const answer = await fetch(url, {
      method,
      headers,
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${url}: ${answer.status} ${text}`);
    return text && JSON.parse(text);
  };
  const query = "?expand=transitions&properties=exalate.twin,exalate.pair";
  let next = 1;
  const lane = async () => {
    while (next <= entries) {
      const number = next++;
      const here = `${local}/rest/api/2/issue/PROD-${number}`;
      const there = `${remote}/rest/api/2/issue/ACME-${number}`;
      await Promise.all([call("GET", here + query), call("GET", there + query)]);
      await call("PUT", there, { fields: { summary: `bare ${number}` } });
      await call("GET", there + query);
    }
  };
  const began = performance.now();
  await Promise.all(Array.from({ length: CONCURRENCY }, lane));
  process.send?.({ seconds: (performance.now() - began) / 1_000 });
  process.disconnect();
}

/** Drains pairs that differ, one write each, and looks at a worker's resident memory at every tenth of it. */
async function memory(entries: number): Promise<void> {
  const database = await openOwnDatabase("bench");
  const line = await startLine(database.db, database.url, { pairs: 1, concurrency: CONCURRENCY });
  try {
    const worker = await line.startWorker();
    await untilDrained(database.pool);
    for (let made = 0; made < entries; made += 1_000)
      for (const [side, project] of [
        [line.production, "PROD"],
        [line.partner, "ACME"],
      ] as const)
        await side.seed({
          project,
          issues: Array.from({ length: Math.min(1_000, entries - made) }, (_, index) => ({
            summary: `Issue ${made + index} at ${project}`,
            createdAt: Date.now() - 30 * 24 * 60 * 60_000,
          })),
        });
    const ids = (simulator: Line["simulators"]["production"]) =>
      [...simulator.state.issues.values()].slice(1).map(({ id, key }) => ({ id, key }));
    const [here, there] = [ids(line.simulators.production), ids(line.simulators.partner)];
    await database.db.connection.updateMany({ data: { firstMeeting: "local" } });
    await database.pool.query(
      `insert into pair (connection_id, local_issue_id, local_key, remote_issue_id, remote_key)
       select $1, l.id, l.key, r.id, r.key
         from rows from (jsonb_to_recordset($2::jsonb) as (id text, key text)) with ordinality as l(id, key, n)
         join rows from (jsonb_to_recordset($3::jsonb) as (id text, key text)) with ordinality as r(id, key, n) using (n)`,
      [line.connectionId, JSON.stringify(here), JSON.stringify(there)],
    );
    await line.activate();
    await database.pool.query(
      "select record_change(connection_id, 'local', local_issue_id, 'updated', 'sweep', null, null, 'bench', 0) from pair",
    );
    const began = performance.now();
    const seen: string[] = [];
    for (let tenth = 10; tenth >= 0; tenth--) {
      const left = (entries * tenth) / 10;
      await until("a tenth", async () => (await queueCounts(database.pool)).all <= left, 3_600_000);
      seen.push(`${entries - left}: ${await residentMb(worker.pid ?? 0)} MB`);
    }
    const seconds = (performance.now() - began) / 1_000;
    console.info(
      `a worker's memory while ${entries} entries are drained (${(entries / seconds).toFixed(0)} a second): ${seen.join(", ")}`,
    );
  } finally {
    await line.stop();
    await database.close();
  }
}

async function residentMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1_024);
}

if (given.includes("--bare")) await bareClient();
else {
  await callsPerPair();
  await drainRate(option("entries", 2_000));
  const watched = option("memory", 100_000);
  if (watched > 0) await memory(watched);
  process.exit(0);
}
