import { parseArgs } from "node:util";
import { converge, LEFT_OUT } from "@/e2e/convergence/converge";
import { openWorld } from "@/e2e/convergence/world";
import { openOwnDatabase } from "@/e2e/own-database";

/**
 * `npm run converge`: people do random things at two whole Jiras while all kinds of things go wrong; afterwards
 * both are compared field by field over REST.
 *
 *   --operations N --pairs N   how much (5000 over 200)
 *   --seed S                   the same choices again
 */
const { values } = parseArgs({
  options: {
    operations: { type: "string", default: "5000" },
    pairs: { type: "string", default: "200" },
    seed: { type: "string" },
  },
});
const seed = Number(values.seed ?? Math.floor(Math.random() * 1e9));
console.info(`seed ${seed}`);

const database = await openOwnDatabase("converge");
const world = await openWorld(database, Number(values.pairs));
try {
  const result = await converge(world, {
    operations: Number(values.operations),
    seed,
    say: console.info,
  });
  const { compared } = result.comparison;
  const sum = Object.values(compared).reduce((one, other) => one + other, 0);
  const counts = Object.entries(compared).map(([what, count]) => `${what} ${count}`);
  console.info(`\n${result.operations} operations: ${JSON.stringify(result.done)}`);
  console.info(`${result.refused} more were refused, since a tracker was away`);
  console.info(`${result.writes} writes were made by the workers`);
  console.info(`${sum} values compared: ${counts.join(", ")}`);
  console.info(`left out: ${LEFT_OUT.join("; ")}`);
  for (const finding of result.findings) console.error(finding);
  console.info(`${result.findings.length} findings`);
  process.exitCode = result.findings.length === 0 ? 0 : 1;
} finally {
  await world.stop();
  await database.close();
}
