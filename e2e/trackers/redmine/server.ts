import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFile, mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

const HERE = import.meta.dirname;
const INSTALLED = "/var/lib/dbconfig-common/sqlite3/redmine/instances/default/redmine_default";
const STARTS_WITHIN_MS = 90_000;

/** API keys of those whom `seed.rb` makes. */
export const KEYS = {
  admin: "a".repeat(40),
  exalate: "e".repeat(40),
  ada: "1".repeat(40),
  bob: "2".repeat(40),
} as const;

export type Redmine = { baseUrl: string; stop(): Promise<void> };

/**
 * A real Redmine 5 on loopback, with a database of its own: installs Debian's package when it is not there
 * (about a minute), and starts it (about ten seconds). Linux with `apt-get`, as root.
 */
export async function startRedmine(): Promise<Redmine> {
  await install();
  // Redmine reads its secrets as the web server's user, who must reach its database too.
  const folder = await mkdtemp("/tmp/exalate-redmine-");
  const database = join(folder, "redmine.sqlite3");
  await copyFile(INSTALLED, database);
  await run("chown", ["-R", "www-data:www-data", folder]);
  await run("chmod", ["755", folder]);
  for (const file of ["config.ru", "seed.rb"]) await copyFile(join(HERE, file), join(folder, file));
  const port = await freePort();
  const child = spawn(
    "setpriv",
    [
      ...["--reuid=www-data", "--regid=www-data", "--init-groups"],
      // One thread: Ruby's SQLite waits for a lock without letting the one that holds it go on.
      ...["puma", "--environment", "production", "--threads", "1:1"],
      ...["--bind", `tcp://127.0.0.1:${port}`, join(folder, "config.ru")],
    ],
    {
      cwd: folder,
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        PATH: process.env.PATH,
        HOME: folder,
        LANG: "C.UTF-8",
        REDMINE_INSTANCE: "default",
        NODE_ENV: "test",
        RAILS_ENV: "production",
        DATABASE_URL: `sqlite3:${database}?timeout=5000`,
      },
    },
  );
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => {
      // A backtrace begins with what matters.
      said = (said + chunk.toString("utf8")).slice(0, 8_000);
    });
  const gone = once(child, "exit");
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
    await gone;
    await rm(folder, { recursive: true, force: true });
  };
  const baseUrl = `http://127.0.0.1:${port}`;
  const deadline = performance.now() + STARTS_WITHIN_MS;
  while (!(await answers(baseUrl))) {
    if (child.exitCode !== null || performance.now() > deadline) {
      await stop();
      throw new Error(`Redmine did not start:\n${said}`);
    }
    await new Promise((again) => setTimeout(again, 100));
  }
  return { baseUrl, stop };
}

async function install(): Promise<void> {
  if (process.getuid?.() !== 0)
    throw new Error(
      "the tests of Redmine install and start Debian's package, and need root for it",
    );
  try {
    await run(join(HERE, "install.sh"), { maxBuffer: 50_000_000 });
  } catch (error) {
    const { stderr } = error as { stderr?: string };
    throw new Error(`Redmine could not be installed: ${stderr?.slice(-2_000)}`, { cause: error });
  }
  await readFile(INSTALLED);
}

async function answers(baseUrl: string): Promise<boolean> {
  const answer = await fetch(`${baseUrl}/users/current.json`, {
    headers: { "x-redmine-api-key": KEYS.exalate },
  }).catch(() => null);
  return answer?.status === 200;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const address = server.address();
  await new Promise((closed) => server.close(closed));
  if (typeof address !== "object" || !address) throw new Error("no port was free");
  return address.port;
}
