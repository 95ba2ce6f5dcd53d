import { parseArgs } from "node:util";
import { converge, LEFT_OUT } from "@/e2e/convergence/converge";
import { openWorld } from "@/e2e/convergence/world";
import { type OwnDatabase, openOwnDatabase } from "@/e2e/own-database";

/**
 * `npm run converge`: people do random things at two whole Jiras while all kinds of things go wrong; afterwards
 * both are compared field by field over REST.
 *
 *   --redmine                  a Jira and a real Redmine, which is installed when it is not there (needs root)
 *   --operations N --pairs N   how much (5000 over 200)
 *   --seed S                   the same choices again
 */
const { values } = parseArgs({
  options: {
    redmine: { type: "boolean", default: false },
    operations: { type: "string", default: "5000" },
    pairs: { type: "string", default: "200" },
    seed: { type: "string" },
  },
});
const options = {
  pairs: Number(values.pairs),
  operations: Number(values.operations),
  seed: Number(values.seed ?? Math.floor(Math.random() * 1e9)),
  say: (line: string) => console.info(`${new Date().toISOString()} ${line}`),
};
console.info(`seed ${options.seed}`);

// Whatever was started ends with this program, also when somebody ends it before.
const started = new AsyncDisposableStack();
let stopping: Promise<void> | undefined;
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.on(signal, () => {
    if (stopping) return;
    console.info("Stopping…");
    // What is taken away breaks whatever still used it.
    process.on("unhandledRejection", () => undefined);
    stopping = started.disposeAsync().finally(() => process.exit(130));
  });

try {
  const database = await begun(openOwnDatabase("converge"), (own) => own.close());
  const findings = await (values.redmine ? withRedmine(database) : withTwoJiras(database));
  for (const finding of findings) console.error(finding);
  console.info(`${findings.length} findings`);
  process.exitCode = findings.length === 0 ? 0 : 1;
} catch (error) {
  await stopping;
  throw error;
} finally {
  await started.disposeAsync();
}

/** Also what is only beginning when the program is ended comes to its end. */
function begun<T>(beginning: Promise<T>, end: (begun: T) => Promise<void>): Promise<T> {
  started.defer(async () => {
    const it = await beginning.catch(() => null);
    if (it !== null) await end(it);
  });
  return beginning;
}

async function withTwoJiras(own: OwnDatabase): Promise<string[]> {
  const world = await begun(openWorld(own, options.pairs), (each) => each.stop());
  const result = await converge(world, options);
  await tell(own, { ...result, leftOut: LEFT_OUT });
  return result.findings;
}

async function withRedmine(own: OwnDatabase): Promise<string[]> {
  const { startRedmine } = await import("@/e2e/trackers/redmine/server");
  const { LEFT_OUT: leftOut, startBoth } = await import("@/e2e/trackers/both");
  const trackers = await import("@/e2e/trackers/converge");
  const redmine = await begun(startRedmine(), (each) => each.stop());
  const both = await begun(startBoth({ ...own, redmineUrl: redmine.baseUrl }), (each) =>
    each.stop(),
  );
  const result = await trackers.converge(both, own.pool, { ...options, equalWithinMs: 900_000 });
  await tell(own, { ...result, leftOut });
  for (const entry of result.standing) console.info(`stands: ${entry}`);
  console.info(`${result.standing.length} entries wait for a person`);
  return result.findings;
}

type Told = {
  done: Partial<Record<string, number>>;
  refused: number;
  comparison: { compared: Record<string, number> };
  leftOut: string[];
};

async function tell({ db }: OwnDatabase, { done, refused, comparison, leftOut }: Told) {
  const sum = Object.values(comparison.compared).reduce((one, other) => one + other, 0);
  const counts = Object.entries(comparison.compared).map(([what, count]) => `${what} ${count}`);
  const permits = await db.permit.groupBy({ by: ["outcome"], _count: true });
  const outcomes = permits.map(({ outcome, _count }) => `${outcome} ${_count}`);
  console.info(`\n${options.operations} operations: ${JSON.stringify(done)}`);
  console.info(`${refused} more were refused, since a tracker was away`);
  console.info(`writes of the workers: ${outcomes.join(", ")}`);
  console.info(`${sum} values compared: ${counts.join(", ")}`);
  console.info(`left out: ${leftOut.join("; ")}`);
}
