import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Lane } from "@/e2e/chaos/lane";
import { type ChaosNode, killWorker, letGo, mend, openNode, takeUp } from "@/e2e/chaos/node";
import { PACE } from "@/e2e/line";

/** How a copy comes by the original's key, if at all. */
export type KeyOfCopy = "none" | "file" | "environment";

const KEPT = ["secret.key", "high-water.json"];

async function dataDirOfCopy(
  lane: Lane,
  key: KeyOfCopy,
): Promise<Pick<ChaosNode, "dataDir" | "env">> {
  const dataDir = join(lane.home, `copy-${++lane.made}`);
  await mkdir(dataDir, { recursive: true });
  if (key === "file")
    await cp(join(lane.home, "keys"), join(dataDir, "keys"), {
      recursive: true,
      preserveTimestamps: true,
      // A file that is only there while another is written may be gone before it is copied.
      filter: (source) => basename(source) === "keys" || KEPT.includes(basename(source)),
    });
  return { dataDir, env: key === "environment" ? { SECRET_KEY: PACE.SECRET_KEY } : {} };
}

/** `create database … template`: nobody may be connected, so the workers are ended first. */
export async function copyByTemplate(lane: Lane, key: KeyOfCopy): Promise<ChaosNode> {
  const { original } = lane;
  for (const worker of original.workers) {
    await killWorker(worker);
    await mend(worker);
  }
  await Promise.all(original.pending);
  const database = `copy_${++lane.made}`;
  await letGo(original);
  try {
    await insist(async () => {
      await lane.server.on(
        `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${original.database}'`,
      );
      await lane.server.on(
        `create database ${database} template ${original.database} strategy file_copy`,
      );
    });
  } finally {
    takeUp(original);
  }
  return addCopy(lane, { server: lane.server, database, ...(await dataDirOfCopy(lane, key)) });
}

/** As a backup program does it, with everything running; the copy has a server of its own. */
export async function copyByBackup(lane: Lane, key: KeyOfCopy): Promise<ChaosNode> {
  const home = join(lane.home, `server-${++lane.made}`);
  const server = await lane.server.copyTo(home);
  return addCopy(lane, {
    server,
    database: lane.original.database,
    ...(await dataDirOfCopy(lane, key)),
  });
}

const TOOLS = { dump: "pg_dump", load: "psql" };

/** What a dump needs, or why there can be none: pg_dump refuses a server that is newer than itself. */
export function whyNoDump(): string | null {
  const SERVER = 18;
  try {
    const said = execFileSync(TOOLS.dump, ["--version"], { encoding: "utf8", stdio: "pipe" });
    const version = Number(/\d+/.exec(said)?.[0]);
    return version >= SERVER ? null : `pg_dump ${version} is too old for a server ${SERVER}`;
  } catch {
    return "pg_dump is not installed";
  }
}

/** `pg_dump | psql`, with everything running. */
export async function copyByDump(lane: Lane): Promise<ChaosNode> {
  const { server, original } = lane;
  const database = `copy_${++lane.made}`;
  await server.on(`create database ${database}`);
  const dump = spawn(TOOLS.dump, ["--no-owner", "--dbname", server.url(original.database)], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  const load = spawn(TOOLS.load, ["-qX", "-v", "ON_ERROR_STOP=1", "-d", server.url(database)], {
    stdio: ["pipe", "ignore", "ignore"],
  });
  dump.stdout.pipe(load.stdin);
  const ends = await Promise.all([once(dump, "exit"), once(load, "exit")]);
  if (ends.some(([code]) => code !== 0)) throw new Error("pg_dump | psql failed");
  return addCopy(lane, { server, database, ...(await dataDirOfCopy(lane, "none")) });
}

async function addCopy(
  lane: Lane,
  given: Pick<ChaosNode, "server" | "database" | "dataDir" | "env">,
): Promise<ChaosNode> {
  const copy = await openNode({ name: `copy ${lane.copies.length + 1}`, isCopy: true, ...given });
  lane.copies.push(copy);
  return copy;
}

async function insist(work: () => Promise<void>): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (tries >= 40) throw error;
      await new Promise((again) => setTimeout(again, 25));
    }
  }
}
