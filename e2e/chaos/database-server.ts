import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, chown, mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import pg from "pg";
import { startEmbedded } from "@/lib/db/embedded";
import { databaseUser, findPrograms, type Programs, run } from "@/lib/db/postgres-program";

const execute = promisify(execFile);

/** Fast, and still true: what was committed survives a kill of the server, though not of the machine. */
const SETTINGS = {
  fsync: "off",
  full_page_writes: "off",
  synchronous_commit: "on",
  min_wal_size: "32MB",
  max_wal_size: "96MB",
  autovacuum: "off",
  max_connections: "200",
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  timezone: "UTC",
};

/** A PostgreSQL of its own, in `<home>/postgres`, that can be stopped, started and copied. */
export type DatabaseServer = {
  home: string;
  url(database: string): string;
  port(): number;
  isUp(): boolean;
  /** One statement in the database `postgres`. */
  on(statement: string): Promise<void>;
  stop(how: "fast" | "immediate"): Promise<void>;
  start(): Promise<void>;
  /** As a backup program does it, while this one runs. The copy has its own server, on the same machine. */
  copyTo(home: string): Promise<DatabaseServer>;
};

/** Makes a cluster as the product does, and starts it. */
export async function makeServer(home: string): Promise<DatabaseServer> {
  await mkdir(home, { recursive: true });
  await chmod(home, 0o711); // the database may run as another user
  await (await startEmbedded(home, SETTINGS)).stop();
  // Passwords take longer to check than everything else that a new session does.
  await writeFile(join(home, "postgres", "pg_hba.conf"), "host all all 127.0.0.1/32 trust\n");
  const server = serverIn(home);
  await server.start();
  return server;
}

function serverIn(home: string): DatabaseServer {
  const directory = join(home, "postgres");
  let isUp = false;
  let port = 0;
  const url = (database: string) => `postgresql://postgres@127.0.0.1:${port}/${database}`;
  const connected = async <T>(work: (client: pg.Client) => Promise<T>): Promise<T> => {
    const client = new pg.Client({ connectionString: url("postgres") });
    client.on("error", () => undefined); // the statement reports it
    await client.connect();
    try {
      return await work(client);
    } finally {
      await client.end();
    }
  };
  return {
    home,
    url,
    port: () => port,
    isUp: () => isUp,
    async on(statement) {
      await connected((client) => client.query(statement));
    },
    async stop(how) {
      isUp = false;
      await endServer(directory, how === "fast" ? "SIGINT" : "SIGQUIT");
    },
    async start() {
      port = await runServer(directory, home, port);
      isUp = true;
    },
    copyTo: (copy) =>
      connected(async (client) => {
        await client.query("select pg_backup_start('chaos', true)");
        await mkdir(copy, { recursive: true });
        await chmod(copy, 0o711);
        const data = join(copy, "postgres");
        await copyWhatIsThere(directory, data);
        const { rows } = await client.query<{ label: string }>(
          "select labelfile as label from pg_backup_stop(false)",
        );
        // The log of the time of the copy, complete only now.
        await rm(join(data, "pg_wal"), { recursive: true, force: true });
        await copyWhatIsThere(join(directory, "pg_wal"), join(data, "pg_wal"));
        await rm(join(data, "postmaster.pid"), { force: true });
        await writeFile(join(data, "backup_label"), rows[0]?.label ?? "", { mode: 0o600 });
        const { uid, gid } = await stat(join(data, "PG_VERSION"));
        await chown(join(data, "backup_label"), uid, gid);
        const server = serverIn(copy);
        await server.start();
        return server;
      }),
  };
}

/** A running server removes files while they are copied: `cp` says so, and goes on. */
async function copyWhatIsThere(from: string, to: string): Promise<void> {
  await execute("cp", ["-a", from, to]).catch(() => undefined);
}

/** On the port that it had, if that is free; returns the one it has. */
async function runServer(directory: string, home: string, wanted: number): Promise<number> {
  for (const port of [wanted, await freePort(), await freePort()]) {
    if (port === 0) continue;
    const options = Object.entries({ ...SETTINGS, port: String(port) })
      .map(([name, value]) => `-c ${name}='${value}'`)
      .join(" ");
    const log = join(directory, "server.log");
    const args = ["start", "-w", "-t", "30", "-D", directory, "-l", log, "-o", options];
    if (await pgCtl(args, home)) return port;
  }
  throw new Error(`the database in ${directory} did not start: see server.log there`);
}

let known: { programs: Programs; user: ReturnType<typeof databaseUser> } | undefined;

async function pgCtl(args: string[], home: string): Promise<boolean> {
  known ??= { programs: await findPrograms(), user: databaseUser() };
  const { programs, user } = known;
  const child = spawn(programs.pg_ctl, args, { cwd: "/", stdio: "ignore", ...user });
  try {
    const [code] = await once(child, "exit");
    return code === 0;
  } catch {
    // The product's own way, where its user cannot reach the program: slower, and it finds a way.
    return run(programs.pg_ctl, args, user, [home]).then(
      () => true,
      () => false,
    );
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

/** Asks the server itself, as pg_ctl does, and waits until it is gone. */
async function endServer(directory: string, signal: "SIGINT" | "SIGQUIT"): Promise<void> {
  const file = join(directory, "postmaster.pid");
  const pid = Number((await readFile(file, "utf8")).split("\n")[0]);
  process.kill(pid, signal);
  // It removes the file as the last thing that it does.
  while (await stat(file).catch(() => null)) await pause(5);
  while (isThere(pid)) await pause(2);
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
