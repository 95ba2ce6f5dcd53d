import { randomBytes } from "node:crypto";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { killed, queueCounts, startLine, until, untilDrained, untilPlanned } from "@/e2e/line";
import { connectPool, connectPrisma } from "@/lib/db/database";
import { startEmbedded } from "@/lib/db/embedded";
import { readGate } from "@/lib/gate/gate-store";
import { migrate } from "@/prisma/migrate";

const ROUNDS = 12;
const ISSUES = 120;

/**
 * How long a closing takes under full load, beside the longest write that was on the wire: closing
 * can be no quicker than that write's answer, so their ratio is what we answer for. Loopback only.
 */
async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), `bench-${randomBytes(3).toString("hex")}-`));
  // The embedded database runs as a user of its own, who has to pass.
  chmodSync(folder, 0o755);
  const embedded = await startEmbedded(folder);
  const pool = connectPool(embedded.url);
  const db = connectPrisma(embedded.url);
  await migrate(embedded.url);
  const line = await startLine(db, embedded.url, { pairs: ISSUES, concurrency: 16 });
  const workers = await Promise.all([line.startWorker(), line.startWorker()]);
  try {
    await untilDrained(pool);
    await line.partner.setFaults({
      writeLatencyMs: { min: 20, max: 120 },
      answerLatencyMs: { min: 20, max: 120 },
    });
    const rounds: {
      noMoreBeginMs: number;
      closedMs: number;
      longestMs: number;
      onTheWire: number;
    }[] = [];
    for (let round = 1; round <= ROUNDS; round++) {
      for (let number = 1; number <= ISSUES; number++)
        await line.production
          .as("ada-token")
          .editIssue(`PROD-${number}`, { summary: `Round ${round} of ${number}` });
      await untilPlanned(pool, ISSUES);
      const before = (await queueCounts(pool)).writes;
      await line.activate();
      await until("full load", async () => (await queueCounts(pool)).writes > before + 20);
      const began = performance.now();
      await line.deactivate();
      const noMoreBeginMs = performance.now() - began;
      const open = await db.permit.findMany({ where: { outcome: "open" }, select: { id: true } });
      await until("closed", async () => (await readGate(db)).state === "inactive");
      const closedMs = performance.now() - began;
      const onTheWire = await db.permit.findMany({
        where: { id: { in: open.map(({ id }) => id) } },
      });
      rounds.push({
        noMoreBeginMs,
        closedMs,
        longestMs: Math.max(0, ...onTheWire.map((permit) => permit.durationMs ?? 0)),
        onTheWire: open.length,
      });
      await line.activate();
      await untilDrained(pool);
      await line.deactivate();
      await until("closed", async () => (await readGate(db)).state === "inactive");
    }
    report(rounds);
  } finally {
    for (const worker of workers) await killed(worker);
    await line.stop();
    await pool.end();
    await db.$disconnect();
    await embedded.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function report(
  rounds: { noMoreBeginMs: number; closedMs: number; longestMs: number; onTheWire: number }[],
): void {
  const of = (pick: (round: (typeof rounds)[number]) => number) => {
    const sorted = rounds.map(pick).sort((a, b) => a - b);
    const at = (part: number) =>
      Math.round(sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? 0);
    return `median ${at(0.5)} ms, worst ${at(1)} ms`;
  };
  console.info(
    `${rounds.length} closings under full load, ${Math.min(...rounds.map((round) => round.onTheWire))} to ${Math.max(...rounds.map((round) => round.onTheWire))} writes on the wire`,
  );
  console.info(`no write begins after:        ${of((round) => round.noMoreBeginMs)}`);
  console.info(`inactive after:               ${of((round) => round.closedMs)}`);
  console.info(`longest write on the wire:    ${of((round) => round.longestMs)}`);
  const ratios = rounds
    .map((round) => round.closedMs / Math.max(1, round.longestMs))
    .sort((a, b) => a - b);
  console.info(
    `inactive / longest write:     median ${(ratios[Math.floor(ratios.length / 2)] ?? 0).toFixed(2)}, worst ${(ratios.at(-1) ?? 0).toFixed(2)}`,
  );
}

await main();
process.exit(0);
