import type { ChaosResult } from "@/e2e/chaos/chaos";
import { whyNoDump } from "@/e2e/chaos/copies";
import { KINDS } from "@/e2e/chaos/plan";

/** Each kind of event comes at least so often in a sequence, on average. */
const LEAST_RATE = 0.14;
/** A full run: from here on at least a hundred of each. */
const FULL = 100;
/** Of a hundred closings so many have a write on the wire. */
const CLOSINGS_ON_THE_WIRE = 0.3;

/** How often each kind must have happened in so many sequences; few sequences may have bad luck. */
function floorOf(sequences: number): number {
  const expected = LEAST_RATE * sequences;
  return Math.max(0, Math.min(FULL, Math.floor(expected - 3.3 * Math.sqrt(expected))));
}

/** What was too rare for the run to mean anything. */
export function shortfalls({ sequences, tally }: ChaosResult): string[] {
  const had = (name: string) => tally.get(name) ?? 0;
  const floor = floorOf(sequences);
  const rare = KINDS.filter((kind) => had(kind) < floor).map(
    (kind) => `"${kind}" happened ${had(kind)} times; at least ${floor} were wanted`,
  );
  const closings = had("closings");
  const onTheWire = had("closings with a write on the wire");
  const wanted = Math.floor(
    CLOSINGS_ON_THE_WIRE * closings - 3.3 * Math.sqrt(CLOSINGS_ON_THE_WIRE * closings * 0.7),
  );
  if (onTheWire < (sequences >= 1_000 ? CLOSINGS_ON_THE_WIRE * closings : wanted))
    rare.push(`of ${closings} closings only ${onTheWire} had a write on the wire`);
  return rare;
}

/** The run in lines, for people. */
export function report(result: ChaosResult): string[] {
  const { seed, sequences, seconds, tally, spent, findings, kept, longestPauseMs } = result;
  const noDump = whyNoDump();
  const line = (name: string) => `  ${String(tally.get(name) ?? 0).padStart(6)}  ${name}`;
  const others = [...tally.keys()].filter((name) => !(KINDS as readonly string[]).includes(name));
  const slowest = [...spent].sort(([, a], [, b]) => b - a).slice(0, 6);
  return [
    `seed ${seed}: ${sequences} sequences in ${Math.round(seconds)} s (${(sequences / seconds).toFixed(2)} in a second)`,
    `events, at least ${floorOf(sequences)} of each wanted:`,
    ...KINDS.map(line),
    ...(noDump ? [`       0  copies by pg_dump | psql: ${noDump}`] : []),
    "what came of them:",
    ...others.sort().map(line),
    `most of the time went into: ${slowest.map(([name, ms]) => `${name} ${Math.round(ms / 1_000)} s`).join(", ")}`,
    `the trackers stood still for ${longestPauseMs} ms at the longest`,
    `${findings.length} findings${kept ? `, with everything about them in ${kept}` : ""}`,
  ];
}
