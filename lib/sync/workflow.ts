import type { FieldId } from "@/lib/sync/replica";

/** A field that a step asks for. `isRequired`: without a value the step is refused. */
export type StepField = { id: FieldId; name: string; isRequired: boolean };

/** One step of a workflow that our account may take. */
export type Step = { id: string; name: string; to: string; fields: StepField[] };

/** A step that some issue of the workflow once offered at the status `from`. */
export type KnownStep = Step & { from: string };

/**
 * The shortest way from an issue's status to another one. The first step is one that the issue offers now; the
 * others were seen at other issues of its workflow. `mayPass` says which statuses it may pass through. Null
 * when no way is known.
 */
export function wayTo(
  target: string,
  offered: Step[],
  known: KnownStep[],
  most: number,
  mayPass: (status: string) => boolean,
): Step[] | null {
  let ways = offered.map((step) => [step]);
  const seen = new Set<string>();
  for (let length = 1; length <= most; length++) {
    const there = ways.find((way) => way.at(-1)?.to === target);
    if (there) return there;
    const next: Step[][] = [];
    for (const way of ways) {
      const at = way.at(-1)?.to;
      if (at === undefined || seen.has(at) || !mayPass(at)) continue;
      seen.add(at);
      for (const step of known) if (step.from === at) next.push([...way, step]);
    }
    ways = next;
  }
  return null;
}
