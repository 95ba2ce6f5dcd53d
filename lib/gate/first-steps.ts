/** What there is on this node, as far as the way from an empty node to a synchronised issue goes. */
export type FirstFacts = {
  hasWorker: boolean;
  instances: number;
  hasConnection: boolean;
  hasPair: boolean;
  wasActivated: boolean;
  hasSynced: boolean;
};

export const FIRST_STEPS = [
  "worker",
  "instances",
  "connection",
  "pairs",
  "activation",
  "synced",
] as const;
export type FirstStep = (typeof FIRST_STEPS)[number];
export type FirstSteps = { step: FirstStep; isDone: boolean }[];

/** The steps in their order, each ticked when the node shows that it is done. */
export function firstSteps(facts: FirstFacts): FirstSteps {
  const done: Record<FirstStep, boolean> = {
    worker: facts.hasWorker,
    instances: facts.instances >= 2,
    connection: facts.hasConnection,
    pairs: facts.hasPair,
    activation: facts.wasActivated,
    synced: facts.hasSynced,
  };
  return FIRST_STEPS.map((step) => ({ step, isDone: done[step] }));
}

/** The first issue has arrived: nobody needs the list any more, whatever is taken down later. */
export function isUnderWay(steps: FirstSteps): boolean {
  return steps.some(({ step, isDone }) => step === "synced" && isDone);
}
