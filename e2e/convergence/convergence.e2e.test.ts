import { expect } from "vitest";
import { converge, LEFT_OUT } from "@/e2e/convergence/converge";
import { openWorld } from "@/e2e/convergence/world";
import { test } from "@/lib/testing/database";

const PAIRS = 100;
const OPERATIONS = 1_000;
/** It takes a minute or two; a busy machine several. */
const GIVE_UP_MS = 15 * 60_000;

test("two Jiras are equal after a thousand random operations of people while all kinds of things go wrong, and no edit is lost", {
  timeout: GIVE_UP_MS,
}, async ({ db, pool, url }) => {
  const seed = Math.floor(Math.random() * 1e9);
  console.info(`convergence: seed ${seed}`);
  const world = await openWorld({ db, pool, url }, PAIRS);
  try {
    const result = await converge(world, { operations: OPERATIONS, seed, say: console.info });
    console.info(
      `compared ${JSON.stringify(result.comparison.compared)}; left out: ${LEFT_OUT.join("; ")}`,
    );
    console.info(`done ${JSON.stringify(result.done)}, ${result.refused} times a tracker was away`);
    expect(result.findings).toEqual([]);
    expect(result.writes).toBeGreaterThan(OPERATIONS / 2);
  } finally {
    await world.stop();
  }
});
