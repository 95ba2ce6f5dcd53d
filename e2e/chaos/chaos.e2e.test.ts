import { expect, test } from "vitest";
import { runChaos } from "@/e2e/chaos/chaos";
import { GUARDS } from "@/e2e/chaos/guards";
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

/** All of them: `npm run chaos -- --guards`. */
const TRIED = ["OWN_QUESTION", "NO_PERMIT_OPEN"];
const MOST_SEQUENCES = 200;

test.each(GUARDS.filter(({ name }) => TRIED.includes(name)))(
  "it is noticed when $without",
  async ({ name, noticedBy }) => {
    const seed = Math.floor(Math.random() * 1e9);
    console.info(`chaos without ${name}: seed ${seed}`);
    const { findings } = await runChaos({
      seed,
      runs: MOST_SEQUENCES,
      guard: name,
      only: noticedBy,
      untilFound: true,
    });
    expect(findings).not.toEqual([]);
  },
  30 * 60_000,
);
