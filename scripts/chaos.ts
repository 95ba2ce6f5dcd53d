import { parseArgs } from "node:util";
import { runChaos } from "@/e2e/chaos/chaos";
import { GUARDS } from "@/e2e/chaos/guards";
import { report, shortfalls } from "@/e2e/chaos/report";

/**
 * `npm run chaos -- --runs N | --minutes M`: random kills, cuts, restarts and copies over real processes.
 *
 *   --seed S       the same choices again; --from N --runs 1 for one sequence of them
 *   --guard NAME   takes a protection out: the run has to find something
 *   --guards       each protection in turn, and after how many sequences it was missed
 *   --lanes N      so many worlds at once
 *   --except TEXT  findings that match are counted and passed over
 */
const { values } = parseArgs({
  options: {
    runs: { type: "string" },
    minutes: { type: "string" },
    seed: { type: "string" },
    from: { type: "string" },
    lanes: { type: "string" },
    guard: { type: "string" },
    guards: { type: "boolean" },
    except: { type: "string" },
  },
});
const number = (text: string | undefined) => (text === undefined ? undefined : Number(text));
const seed = number(values.seed) ?? Math.floor(Math.random() * 1e9);
const given = {
  seed,
  from: number(values.from),
  lanes: number(values.lanes),
  except: values.except === undefined ? undefined : new RegExp(values.except),
};
const MOST_FOR_A_GUARD = 200;

process.exit(
  values.guards || values.guard
    ? await tryGuards(GUARDS.filter(({ name }) => values.guards || name === values.guard))
    : await tryProduct(),
);

async function tryProduct(): Promise<number> {
  console.info(`seed ${seed}`);
  const result = await runChaos({
    ...given,
    runs: number(values.runs) ?? (values.minutes ? undefined : 100),
    minutes: number(values.minutes),
    say: console.error,
  });
  for (const line of report(result)) console.info(line);
  const rare = shortfalls(result);
  for (const line of rare) console.error(`too little happened: ${line}`);
  return result.findings.length + rare.length === 0 ? 0 : 1;
}

async function tryGuards(guards: typeof GUARDS): Promise<number> {
  if (guards.length === 0) throw new Error(`there is no guard ${values.guard}`);
  let missed = 0;
  for (const { name, without, noticedBy } of guards) {
    const runs = number(values.runs) ?? MOST_FOR_A_GUARD;
    const { findings, sequences, seconds } = await runChaos({
      ...given,
      runs,
      guard: name,
      only: noticedBy,
      untilFound: true,
    });
    const [first] = findings;
    if (!first) missed += 1;
    const words = first
      ? `noticed after ${sequences} sequences (${Math.round(seconds)} s): ${first.rule}: ${first.words}`
      : `NOT noticed in ${sequences} sequences`;
    console.info(`${name} (${without}), seed ${seed}: ${words}`);
  }
  return missed === 0 ? 0 : 1;
}
