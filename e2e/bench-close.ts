import { killed, queueCounts, startLine, until, untilDrained, untilPlanned } from "@/e2e/line";
import { openOwnDatabase } from "@/e2e/own-database";
import { readGate } from "@/lib/gate/gate-store";

/** Closings to measure with each number of connections. */
const CLOSINGS = 100;
const CONNECTIONS = [10, 20];
const PAIRS = 200;
/** Writes that must have been answered since an opening before it is closed again: full load. */
const UNDER_WAY = 6;

type Closing = {
  noMoreBeginMs: number;
  closedMs: number;
  longestMs: number;
  onTheWire: number;
};

/**
 * How long a closing takes under full load, beside the longest write that was on the wire: closing
 * can be no quicker than that write's answer, so what comes on top of it is what we answer for.
 * Loopback only.
 */
async function main(): Promise<void> {
  for (const connections of CONNECTIONS) report(connections, await measure(connections));
}

async function measure(connections: number): Promise<Closing[]> {
  const database = await openOwnDatabase("bench");
  const { db, pool } = database;
  const line = await startLine(db, database.url, { pairs: PAIRS, concurrency: 4, connections });
  const workers = await Promise.all([line.startWorker(), line.startWorker()]);
  const closings: Closing[] = [];
  try {
    await untilDrained(pool);
    await line.partner.setFaults({
      writeLatencyMs: { min: 20, max: 120 },
      answerLatencyMs: { min: 20, max: 120 },
    });
    for (let round = 1; closings.length < CLOSINGS; round++) {
      for (let number = 1; number <= PAIRS; number++)
        await line.production
          .as("ada-token")
          .editIssue(`PROD-${number}`, { summary: `Round ${round} of ${number}` });
      await untilPlanned(pool, PAIRS);
      while (closings.length < CLOSINGS && (await queueCounts(pool)).all > 40) {
        const before = (await queueCounts(pool)).writes;
        await line.activate();
        await until("full load", async () => (await queueCounts(pool)).writes > before + UNDER_WAY);
        const began = performance.now();
        await line.deactivate();
        const noMoreBeginMs = performance.now() - began;
        const open = await db.permit.findMany({ where: { outcome: "open" }, select: { id: true } });
        await until("closed", async () => (await readGate(db)).state === "inactive");
        const closedMs = performance.now() - began;
        const onTheWire = await db.permit.findMany({
          where: { id: { in: open.map(({ id }) => id) } },
        });
        closings.push({
          noMoreBeginMs,
          closedMs,
          longestMs: Math.max(0, ...onTheWire.map((permit) => permit.durationMs ?? 0)),
          onTheWire: open.length,
        });
      }
      await line.activate();
      await untilDrained(pool);
      await line.deactivate();
      await until("closed", async () => (await readGate(db)).state === "inactive");
    }
    return closings;
  } finally {
    for (const worker of workers) await killed(worker);
    await line.stop();
    await database.close();
  }
}

function report(connections: number, closings: Closing[]): void {
  const of = (pick: (closing: Closing) => number) => {
    const sorted = closings.map(pick).sort((a, b) => a - b);
    const at = (part: number) =>
      Math.round(sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? 0);
    return `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, worst ${at(1)} ms`;
  };
  const wire = closings.map(({ onTheWire }) => onTheWire);
  console.info(
    `${closings.length} closings under full load with ${connections} connections, ${Math.min(...wire)} to ${Math.max(...wire)} writes on the wire`,
  );
  console.info(`  no write begins after:          ${of(({ noMoreBeginMs }) => noMoreBeginMs)}`);
  console.info(`  inactive after:                 ${of(({ closedMs }) => closedMs)}`);
  console.info(`  longest write on the wire:      ${of(({ longestMs }) => longestMs)}`);
  console.info(
    `  inactive, beyond that write:    ${of(({ closedMs, longestMs }) => Math.max(0, closedMs - longestMs))}`,
  );
  const ratios = closings.map(({ closedMs, longestMs }) => closedMs / Math.max(1, longestMs));
  ratios.sort((a, b) => a - b);
  console.info(
    `  inactive / longest write:       median ${(ratios[Math.floor(ratios.length / 2)] ?? 0).toFixed(2)}, worst ${(ratios.at(-1) ?? 0).toFixed(2)}`,
  );
}

await main();
process.exit(0);
