import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { everyPage, everyPageRead, type Ids, leftOutBy } from "@/e2e/every-page";
import { freePort } from "@/e2e/line";
import { makeNodeFolder } from "@/e2e/node-folder";
import { sessionCookieOf } from "@/e2e/session-cookie";
import { apiDocument } from "@/lib/api/registry";
import { connectPrisma, type Db } from "@/lib/db/database";
import { startNode } from "@/scripts/node";

const CONNECTIONS = 5;
const PAIRS = 100_000;
const ENTRIES = 20_000;
/** Each address is asked so often to warm up, and then so often to be measured, one after the other. */
const WARMING = 3;
const MEASURED = 40;

const TOKEN = "a-token-for-the-bench-and-nothing-else";
const KEY = randomBytes(32);

/** What never ends, and what hands out the whole audit as a file. */
const NOT_MEASURED = ["/api/live", "/api/audit/export"];
/** What a call cannot do without. */
const NEEDED: Record<string, string> = { key: "P1-1", project: "P1", side: "local" };

/**
 * The time until the whole answer of every page, of every route that pages read from and of every reading
 * call of the API is there, on a database with 100,000 pairs and 20,000 entries. Loopback only, one reader,
 * workers idle. What asks an instance is refused at once: none is there.
 */
async function main(): Promise<void> {
  const folder = makeNodeFolder("bench");
  const port = await freePort();
  const consoleUrl = `http://localhost:${port}`;
  const env = {
    ...process.env,
    DATA_DIR: folder,
    PORT: String(port),
    CONSOLE_URL: consoleUrl,
    SECRET_KEY: KEY.toString("base64"),
    API_TOKEN: TOKEN,
    WORKERS: "1",
    LOG_LEVEL: "error",
  };
  const node = await startNode({ env, print: (line) => console.error(line) });
  const db = connectPrisma(node.databaseUrl);
  try {
    const cookie = await sessionCookieOf(db, KEY);
    const ids = await seed(db);
    const lines: string[][] = [];
    for (const path of everyPage(ids))
      lines.push(["page", path, ...(await measure(`${consoleUrl}${path}`, { cookie }))]);
    for (const path of everyPageRead(ids).filter((each) => !NOT_MEASURED.includes(each))) {
      const whole = path.endsWith("/history") ? `${path}?kind=permits` : path;
      lines.push(["read", whole, ...(await measure(`${consoleUrl}${whole}`, { cookie }))]);
    }
    const authorization = `Bearer ${TOKEN}`;
    for (const path of calls(ids)) {
      // Forty calls each are more than a minute's worth of one token.
      await db.$executeRaw`delete from api_calls`;
      const measured = await measure(`${consoleUrl}/api/v1${path}`, { authorization });
      lines.push(["API", path, ...measured]);
    }
    console.info(`${PAIRS} pairs, ${ENTRIES} entries, ${CONNECTIONS} connections; milliseconds`);
    print([["", "address", "status", "kB", "p50", "p95"], ...lines]);
  } finally {
    await db.$disconnect();
    await node.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Held connections, so that workers have nothing to do; entries are planned, with a history. */
async function seed(db: Db): Promise<Ids> {
  const instances = await db.instance.createManyAndReturn({
    data: ["Production", "Partner"].map((name) => ({
      kind: "jira-data-center",
      name,
      baseUrl: "http://127.0.0.1:9",
      secret: "sealed",
    })),
  });
  const [local, remote] = instances.map(({ id }) => id) as [number, number];
  const connections = await db.connection.createManyAndReturn({
    data: Array.from({ length: CONNECTIONS }, (_, index) => ({
      name: `Partner ${index + 1}`,
      localInstanceId: local,
      remoteInstanceId: remote,
      localSettings: { project: `P${index}`, issueType: "Task" },
      remoteSettings: { project: `A${index}`, issueType: "Task" },
      mapping: {},
      webhookSecret: "sealed",
      heldSides: ["local", "remote"],
      heldAt: new Date(),
    })),
  });
  const [first] = connections.map(({ id }) => id) as [number];
  await db.$executeRaw`
    insert into pair (connection_id, local_issue_id, local_key, remote_issue_id, remote_key, summary,
                      local_base, remote_base, in_step_at)
    select ${first} + n % ${CONNECTIONS}::int, (10000 + n)::text, 'P' || n % ${CONNECTIONS}::int || '-' || n,
           (20000 + n)::text, 'A' || n % ${CONNECTIONS}::int || '-' || n,
           'Login fails after update ' || md5(n::text), '{"fields": {"summary": "x"}}', '{"fields": {"summary": "x"}}',
           sync_now() - n * interval '1 second'
      from generate_series(1, ${PAIRS}::int) n`;
  const plan = {
    writes: [
      { kind: "update_issue", side: "remote", changes: [{ field: "summary", from: "a", to: "b" }] },
    ],
    conflicts: [],
    notes: [],
  };
  await db.$executeRaw`
    insert into queue_entry (connection_id, pair_id, state, created_at, updated_at, ready_at, born_in,
                             plan, plan_digest, planned_version, planned_at, direction, words, error_code, error_message)
    select connection_id, id, case when id % 20 = 0 then 'failed' else 'queued' end,
           sync_now() - id * interval '1 second', sync_now(), sync_now(), 'bench',
           ${JSON.stringify(plan)}::jsonb, 'd', 1, sync_now(), 'to_remote', 'summary',
           case when id % 20 = 0 then 'field_rejected' end, case when id % 20 = 0 then 'priority: not allowed' end
      from pair order by id limit ${ENTRIES}::int`;
  await db.$executeRaw`
    insert into change (connection_id, pair_id, entry_id, side, issue_id, kind, via, at, fingerprint)
    select connection_id, pair_id, id, 'local', id::text, 'updated', 'webhook', sync_now(), id::text from queue_entry`;
  await db.$executeRaw`
    insert into permit (id, incarnation, epoch, worker_id, connection_id, pair_id, side, kind, method, path,
                        intended, granted_at, deadline_at, answered_at, outcome, status)
    select gen_random_uuid(), 'bench', 1, gen_random_uuid(), connection_id, id, 'remote', 'update_issue', 'PUT', '/issue',
           '{}', sync_now() - id * interval '2 seconds', sync_now(), sync_now(), 'applied', 204 from pair`;
  await db.$executeRaw`analyze`;
  const entry = await db.queueEntry.findFirstOrThrow();
  const person = await db.user.findFirstOrThrow();
  const ids: Ids = { "help/errors": "conflict", issues: entry.pairId, "sync-queue": entry.id };
  const each = { connections: first, instances: local, pairs: entry.pairId, people: person.id };
  for (const [name, id] of Object.entries({ ...each, queue: entry.id }))
    for (const before of [name, `api/${name}`, `api/v1/${name}`]) ids[before] = id;
  const leftOut = leftOutBy(ids);
  if (leftOut.length > 0) throw new Error(`nothing to measure with: ${leftOut.join(", ")}`);
  return ids;
}

/** Every call that reads, with what it cannot do without. */
function calls(ids: Ids): string[] {
  return Object.entries(apiDocument().paths).flatMap(([path, { get }]) => {
    if (!get) return [];
    const id = ids[`api/v1${path.split("/{")[0]}`];
    if (path.includes("{") && id === undefined) throw new Error(`nothing to measure ${path} with`);
    const query = new URLSearchParams(
      (get.parameters ?? [])
        .filter((each) => each.in === "query" && each.required)
        .map(({ name }): [string, string] => [name, NEEDED[name] ?? "unknown"]),
    );
    const filled = path.replaceAll(/\{\w+\}/g, String(id));
    return [query.size > 0 ? `${filled}?${query}` : filled];
  });
}

async function measure(url: string, headers: Record<string, string>): Promise<string[]> {
  const times: number[] = [];
  let status = 0;
  let bytes = 0;
  for (let round = 0; round < WARMING + MEASURED; round++) {
    const began = performance.now();
    const answer = await fetch(url, { headers, redirect: "manual" });
    bytes = (await answer.arrayBuffer()).byteLength;
    status = answer.status;
    if (round >= WARMING) times.push(performance.now() - began);
  }
  times.sort((a, b) => a - b);
  const at = (part: number) => (times[Math.floor(part * times.length)] ?? 0).toFixed(0);
  return [String(status), (bytes / 1_024).toFixed(0), at(0.5), at(0.95)];
}

function print(rows: string[][]): void {
  const widths = rows[0]?.map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  for (const row of rows)
    console.info(
      row
        .map((cell, column) =>
          column < 2 ? cell.padEnd(widths?.[column] ?? 0) : cell.padStart(widths?.[column] ?? 0),
        )
        .join("  "),
    );
}

await main();
process.exit(0);
