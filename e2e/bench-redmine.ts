import { until, untilDrained, untilPlanned } from "@/e2e/line";
import { openOwnDatabase } from "@/e2e/own-database";
import { startBoth } from "@/e2e/trackers/both";
import type { Passed } from "@/e2e/trackers/lossy-way";
import { KEYS, startRedmine } from "@/e2e/trackers/redmine/server";

/** As many as the connection allows its worker; this Redmine has one thread. */
const LANES = 4;
const ENTRIES = 60;

/**
 * How many entries a minute one worker brings to a real Redmine, beside a bare client that makes the same calls
 * over the same way. Loopback only.
 */
async function main(): Promise<void> {
  const redmine = await startRedmine();
  const database = await openOwnDatabase("bench");
  const both = await startBoth({ ...database, redmineUrl: redmine.baseUrl });
  const { pool } = database;
  try {
    await both.startWorker();
    const ada = both.jira.as("ada-token");
    const measure = async (what: string) => {
      await untilPlanned(pool, ENTRIES);
      both.way.takeSeen();
      const began = performance.now();
      await both.activate();
      await untilDrained(pool);
      const ms = performance.now() - began;
      // What polls is asked whether or not there are entries.
      const calls = both.way.takeSeen().filter(({ path }) => !path.startsWith("/issues.json?"));
      await both.deactivate();
      await until("closed", async () => (await database.db.gate.findFirst())?.state === "inactive");
      const byHand = await replayed(both.way.baseUrl, calls);
      const writes = calls.filter(({ method }) => method !== "GET").length;
      console.info(
        `${what}: ${aMinute(ms)} entries a minute; by hand ${aMinute(byHand)}: a ratio of ${(byHand / ms).toFixed(2)}; ` +
          `${((calls.length - writes) / ENTRIES).toFixed(2)} reads and ${(writes / ENTRIES).toFixed(2)} writes for each`,
      );
    };
    const keys: string[] = [];
    for (let number = 1; number <= ENTRIES; number++)
      keys.push((await ada.createIssue({ project: "PROD", summary: `New ${number}` })).key);
    await measure("new issues");
    for (const key of keys) await ada.editIssue(key, { summary: `Edited ${key}` });
    await measure("updates");
  } finally {
    await both.stop();
    await database.close();
    await redmine.stop();
  }
}

function aMinute(ms: number): number {
  return Math.round((ENTRIES / ms) * 60_000);
}

/** The same calls in the same order, so many at a time; texts differ, so that each write writes. */
async function replayed(baseUrl: string, calls: Passed[]): Promise<number> {
  const left = [...calls];
  const began = performance.now();
  await Promise.all(
    Array.from({ length: LANES }, async () => {
      for (let call = left.shift(); call; call = left.shift())
        await (
          await fetch(`${baseUrl}${call.path}`, {
            method: call.method,
            headers: { "content-type": "application/json", "x-redmine-api-key": KEYS.ada },
            ...(call.method === "GET" ? {} : { body: otherwise(call.body) }),
          })
        ).text();
    }),
  );
  return performance.now() - began;
}

/** New issues go where the connection does not look. */
function otherwise(body: string): string {
  return body
    .replace(/"project_id":"[^"]+"/, '"project_id":"sync"')
    .replace(/"subject":"\w+/, '"subject":"By hand');
}

await main();
