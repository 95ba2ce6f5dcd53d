import { expect, test } from "vitest";
import { runChaos } from "@/e2e/chaos/chaos";
import { report, shortfalls } from "@/e2e/chaos/report";

const MINUTES = Number(process.env.CHAOS_MINUTES ?? 5);
/** Making the lanes comes before, and the last sequences after. */
const AROUND_MS = 5 * 60_000;

test(
  "random kills, cuts, restarts and copies, at any moment: no write without an administrator's opening, nothing lost, nothing twice",
  async () => {
    const seed = Math.floor(Math.random() * 1e9);
    console.info(`chaos: seed ${seed}, ${MINUTES} minutes`);
    const result = await runChaos({ seed, minutes: MINUTES, say: console.error });
    console.info(report(result).join("\n"));
    expect(result.findings).toEqual([]);
    expect(shortfalls(result)).toEqual([]);
  },
  MINUTES * 60_000 + AROUND_MS,
);
