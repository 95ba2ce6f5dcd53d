import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import {
  access,
  chown,
  mkdir,
  readFile,
  readlink,
  rename,
  rm,
  stat,
  writeFile,
} from "node:fs/promises";
import { createServer } from "node:net";
import { join, resolve } from "node:path";
import pg from "pg";
import {
  type DatabaseUser,
  databaseUser,
  findPrograms,
  type Programs,
  run,
} from "@/lib/db/postgres-program";

/** A running cluster that this process owns. `stop` ends the server and waits until it is gone. */
export type Embedded = { url: string; stop(): Promise<void> };

/** How to get in. Kept beside the cluster, readable by the node's own user only. */
type Access = { port: number; password: string };

type Cluster = { home: string; directory: string; programs: Programs; user: DatabaseUser };

const DATABASE = "exalate";
const VERSION = "18";
const OWNER_LOCK = 740_001; // any number; held in the database `postgres`, where nothing else locks
const OWNER_GONE_MS = 5_000; // a killed owner's session is noticed at once; this is for a slow machine
const ANSWER_MS = 10_000; // a server that crashed replays its log before it answers
const LONGEST_LOG = 10_000_000;

/**
 * Starts the PostgreSQL that lives in `<dataDir>/postgres`, on the loopback only, making it first if
 * there is none, and waits until it answers. A server that a killed node left running is adopted; one
 * that does not answer is stopped; a stale pid file, or one that came along with a copied directory,
 * is removed. Refuses while another living process owns the directory. Every error is one sentence
 * for the person who started the node.
 */
export async function startEmbedded(
  dataDir: string,
  settings: Record<string, string> = {},
): Promise<Embedded> {
  const home = resolve(dataDir);
  await makeDirectory(home);
  const cluster: Cluster = {
    home,
    directory: join(home, "postgres"),
    programs: await findPrograms(),
    user: databaseUser(),
  };
  const known = (await readAccess(home)) ?? (await makeAccess(cluster));
  await initialise(cluster, known.password);

  const adopted = await adopt(cluster, known);
  const port = adopted ?? (await start(cluster, known.port, settings));
  const entry = { ...known, port };
  if (port !== known.port) await writeAccess(home, entry);

  const owner = await own(cluster, entry);
  try {
    await createDatabase(owner);
  } catch (error) {
    await owner.end();
    throw error;
  }
  return {
    url: urlOf(entry, DATABASE),
    async stop() {
      await owner.end().catch(() => undefined); // the server may have ended already
      await stopServer(cluster);
    },
  };
}

/** Where the embedded database of `dataDir` answers just now, or null. Starts and changes nothing. */
export async function findEmbedded(dataDir: string): Promise<string | null> {
  const home = resolve(dataDir);
  const known = await readAccess(home);
  const running = known && (await runningServer(join(home, "postgres")));
  if (!running) return null;
  const entry = { ...known, port: running.port };
  return (await answers(entry, 1_000)) ? urlOf(entry, DATABASE) : null;
}

function urlOf({ port, password }: Access, database: string): string {
  return `postgresql://postgres:${password}@127.0.0.1:${port}/${database}`;
}

async function makeDirectory(home: string): Promise<void> {
  try {
    await mkdir(home, { recursive: true });
    await access(home, constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw new Error(
      `cannot write to the data directory ${home}: change its owner, or set DATA_DIR`,
      {
        cause,
      },
    );
  }
}

function accessFile(home: string): string {
  return join(home, "postgres-access.json");
}

async function readAccess(home: string): Promise<Access | null> {
  const text = await readFile(accessFile(home), "utf8").catch(ifAbsent(null));
  return text === null ? null : (JSON.parse(text) as Access);
}

async function writeAccess(home: string, entry: Access): Promise<void> {
  const fresh = `${accessFile(home)}.new`;
  await writeFile(fresh, JSON.stringify(entry), { mode: 0o600 });
  await rename(fresh, accessFile(home));
}

async function makeAccess(cluster: Cluster): Promise<Access> {
  if (await exists(cluster.directory)) {
    throw new Error(
      `${accessFile(cluster.home)} is missing, so nobody can get into ${cluster.directory}: restore the file, or move the directory away to begin anew`,
    );
  }
  const entry = { port: await freePort(), password: randomBytes(24).toString("hex") };
  await writeAccess(cluster.home, entry);
  return entry;
}

/** Made under another name first: a start that was interrupted leaves nothing half-made behind. */
async function initialise(cluster: Cluster, password: string): Promise<void> {
  const { home, directory, programs, user } = cluster;
  const version = await readFile(join(directory, "PG_VERSION"), "utf8").catch(ifAbsent(null));
  if (version !== null) {
    if (version.trim() === VERSION) return;
    throw new Error(`${directory} was made by PostgreSQL ${version.trim()}; this is ${VERSION}`);
  }
  const unfinished = `${directory}.new`;
  const passwordFile = join(home, "postgres-password.new");
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { mode: 0o700 });
  try {
    await writeFile(passwordFile, password, { mode: 0o600 });
    if (user) {
      await chown(unfinished, user.uid, user.gid);
      await chown(passwordFile, user.uid, user.gid);
    }
    await run(
      programs.initdb,
      [
        `--pgdata=${unfinished}`,
        `--pwfile=${passwordFile}`,
        "--username=postgres",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        // PostgreSQL's own rules, not the machine's: an index survives a move to another system.
        "--locale=C",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
      ],
      user,
      [home],
    );
    await rename(unfinished, directory);
  } catch (cause) {
    throw new Error(`the database in ${directory} could not be made: ${lastLine(cause)}`, {
      cause,
    });
  } finally {
    await rm(passwordFile, { force: true });
  }
}

/** The port of a server that already runs on this cluster and answers; null when none is left. */
async function adopt(cluster: Cluster, known: Access): Promise<number | null> {
  const running = await runningServer(cluster.directory);
  if (!running) {
    // Of a server that is gone, or, after a copy, of the original's: that one must not be touched.
    await rm(join(cluster.directory, "postmaster.pid"), { force: true });
    return null;
  }
  if (await answers({ ...known, port: running.port }, ANSWER_MS)) return running.port;
  await stopServer(cluster);
  return null;
}

/** What `postmaster.pid` says, if that process lives and is this cluster's server. */
async function runningServer(directory: string): Promise<{ pid: number; port: number } | null> {
  const text = await readFile(join(directory, "postmaster.pid"), "utf8").catch(ifAbsent(null));
  const [pidLine, directoryLine, , portLine] = text?.split("\n") ?? [];
  const pid = Number(pidLine);
  const port = Number(portLine);
  if (!pid || !port) return null;
  const workplace = await workingDirectoryOf(pid);
  if (workplace !== undefined) return workplace === directory ? { pid, port } : null;
  return directoryLine === directory && lives(pid) ? { pid, port } : null;
}

/** A server works in its data directory. Null: no such process; undefined: this system does not say. */
async function workingDirectoryOf(pid: number): Promise<string | null | undefined> {
  if (process.platform !== "linux") return undefined;
  return readlink(`/proc/${pid}/cwd`).catch((error: NodeJS.ErrnoException) =>
    error.code === "ENOENT" ? null : undefined,
  );
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

async function start(
  cluster: Cluster,
  wanted: number,
  settings: Record<string, string>,
): Promise<number> {
  const { directory, programs, user } = cluster;
  const logFile = join(directory, "server.log");
  const size = await stat(logFile).then((found) => found.size, ifAbsent(0));
  if (size > LONGEST_LOG) await rm(logFile);

  const port = (await isFree(wanted)) ? wanted : await freePort();
  const options = Object.entries({
    port: String(port),
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    max_connections: "200",
    timezone: "UTC",
    log_timezone: "UTC",
    ...settings,
  }).map(([name, value]) => `-c ${name}='${value}'`);
  try {
    await run(
      programs.pg_ctl,
      ["start", "-w", "-t", "60", "-D", directory, "-l", logFile, "-o", options.join(" ")],
      user,
      [cluster.home],
    );
  } catch (cause) {
    throw new Error(`the database in ${directory} did not start: see ${logFile}`, { cause });
  }
  return port;
}

async function stopServer(cluster: Cluster): Promise<void> {
  const { directory, programs, user } = cluster;
  const stop = (mode: string) =>
    run(programs.pg_ctl, ["stop", "-w", "-t", "30", "-m", mode, "-D", directory], user, [
      cluster.home,
    ]);
  if (!(await runningServer(directory))) return;
  try {
    await stop("fast");
  } catch {
    // Immediate is safe: the next start replays the log.
    if (await runningServer(directory)) await stop("immediate");
  }
}

/** Holds the cluster for this process. A killed process lets go of it by dying. */
async function own(cluster: Cluster, entry: Access): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: urlOf(entry, "postgres") });
  client.on("error", () => undefined); // queries elsewhere will say that the server is gone
  await client.connect();
  const until = performance.now() + OWNER_GONE_MS;
  while (true) {
    const { rows } = await client.query<{ mine: boolean }>(
      "select pg_try_advisory_lock($1) as mine",
      [OWNER_LOCK],
    );
    if (rows[0]?.mine) return client;
    if (performance.now() > until) break;
    await pause(100);
  }
  await client.end();
  throw new Error(
    `another node is running from ${cluster.home}: stop it first, or set DATA_DIR to another directory`,
  );
}

async function createDatabase(owner: pg.Client): Promise<void> {
  const { rowCount } = await owner.query("select from pg_database where datname = $1", [DATABASE]);
  if (!rowCount) await owner.query(`create database ${DATABASE}`);
}

async function answers(entry: Access, withinMs: number): Promise<boolean> {
  const until = performance.now() + withinMs;
  do {
    const client = new pg.Client({
      connectionString: urlOf(entry, "postgres"),
      connectionTimeoutMillis: withinMs,
      query_timeout: withinMs,
    });
    client.on("error", () => undefined); // reported by connect or query
    try {
      await client.connect();
      await client.query("select 1");
      return true;
    } catch {
      await pause(100);
    } finally {
      await client.end().catch(() => undefined);
    }
  } while (performance.now() < until);
  return false;
}

function freePort(): Promise<number> {
  return listenOnce(0).then((port) => {
    if (port === null) throw new Error("this machine has no free port on 127.0.0.1");
    return port;
  });
}

async function isFree(port: number): Promise<boolean> {
  return (await listenOnce(port)) !== null;
}

function listenOnce(port: number): Promise<number | null> {
  return new Promise((settle) => {
    const server = createServer();
    server.on("error", () => settle(null));
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => settle(typeof address === "object" && address ? address.port : null));
    });
  });
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(() => true, ifAbsent(false));
}

/** For `catch`: a file that is not there is `value`; anything else is still an error. */
function ifAbsent<T>(value: T): (error: NodeJS.ErrnoException) => T {
  return (error) => {
    if (error.code === "ENOENT") return value;
    throw error;
  };
}

function lastLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.trim().split("\n").at(-1) ?? text;
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((done) => setTimeout(done, milliseconds));
}
