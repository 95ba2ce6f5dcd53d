import { randomBytes } from "node:crypto";
import { readFileSync, rmSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { everyPage } from "@/e2e/every-page";
import { freePort } from "@/e2e/line";
import { makeNodeFolder } from "@/e2e/node-folder";
import { sessionCookieOf } from "@/e2e/session-cookie";
import { connectPrisma } from "@/lib/db/database";
import { seedQueue } from "@/lib/testing/queue";
import { startNode } from "@/scripts/node";

const MOST_KB = 170;
const KEY = randomBytes(32);

/**
 * How much JavaScript, compressed, each page names in its HTML: what a browser loads before it works. Ends
 * with 1 where a page loads more than the aim.
 */
async function main(): Promise<void> {
  const folder = makeNodeFolder("bench");
  const port = await freePort();
  const consoleUrl = `http://localhost:${port}`;
  const node = await startNode({
    env: {
      ...process.env,
      DATA_DIR: folder,
      PORT: String(port),
      CONSOLE_URL: consoleUrl,
      SECRET_KEY: KEY.toString("base64"),
      WORKERS: "1",
      LOG_LEVEL: "error",
    },
    print: (line) => console.error(line),
  });
  const db = connectPrisma(node.databaseUrl);
  try {
    const cookie = await sessionCookieOf(db, KEY);
    console.info(`kB of compressed JavaScript at the first load; aim: ${MOST_KB}`);
    const { connectionId, entryIds, pairIds } = await seedQueue(db, { pairs: 3 });
    const ids = {
      connections: connectionId,
      issues: String(pairIds[0]),
      "sync-queue": String(entryIds[0]),
      "help/errors": "rate_limited",
    };
    for (const path of everyPage(ids)) {
      const answer = await fetch(`${consoleUrl}${path}`, { headers: { cookie } });
      if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
      const kilobytes = sizeOf(scriptsIn(await answer.text())) / 1_000;
      const mark = kilobytes > MOST_KB ? "  more than the aim" : "";
      console.info(`${path.padEnd(28)} ${kilobytes.toFixed(1).padStart(7)}${mark}`);
    }
  } finally {
    await db.$disconnect();
    await node.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Scripts for browsers without modules are named too, and loaded by none that the console supports. */
function scriptsIn(html: string): string[] {
  const tags = [...html.matchAll(/<script\b[^>]*>/g)].map(([tag]) => tag);
  const paths = tags
    .filter((tag) => !/\bnomodule\b/i.test(tag))
    .flatMap((tag) => tag.match(/src="(\/_next\/static\/[^"?]+\.js)/)?.[1] ?? []);
  return [...new Set(paths)];
}

function sizeOf(paths: string[]): number {
  return paths.reduce(
    (sum, path) => sum + gzipSync(readFileSync(path.replace("/_next/", ".next/"))).length,
    0,
  );
}

await main();
