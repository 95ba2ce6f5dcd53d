import { type Random, randomFrom } from "@/e2e/chaos/random";

const COPIES = [
  "template, database alone",
  "template, with data directory",
  "backup, database alone",
  "backup, with data directory",
] as const;

/** Everything that is made to happen. Each kind is counted, and a run that has too few of one fails. */
export const KINDS = [
  "start a worker",
  "start two at once",
  "add a worker",
  "kill",
  "kill all",
  "end politely",
  "stop",
  "continue",
  "cut the database connection",
  "half-open the database connection",
  "mend the database connection",
  "restart the database, fast",
  "restart the database, immediate",
  "activate",
  "activate with an old fence",
  "deactivate",
  "restart Jira",
  ...COPIES.map((way) => `copy: ${way}` as const),
  "start one on the copy",
  "start two on the copy",
  "activate the copy",
  "edit",
  "create",
  "comment",
] as const;
export type Kind = (typeof KINDS)[number];

/** The state that a step waits for, for a moment, so that it happens where it matters. */
export type Moment =
  | "now"
  | "a write is on the wire"
  | "a question is answered"
  | "closing"
  | "entries run";

export type Step = {
  do: Kind;
  afterMs: number;
  at: Moment;
  /** Chooses among what is there when the step comes: the same choice, though not always the same thing. */
  pick: number;
  /** A length or a number, where the kind has one; which issue, where people work. */
  size: number;
  /** Where people work, and on which field; chosen by `pick` when it is not said. */
  side?: "local" | "remote";
  field?: Field;
};

export const FIELDS = ["summary", "description", "labels", "priority", "status"] as const;
export type Field = (typeof FIELDS)[number];

export type Sequence = {
  number: number;
  /** How slow the instances are in this sequence. */
  latency: { write: [number, number]; answer: [number, number]; read: [number, number] };
  steps: Step[];
};

/** The same seed and number give the same choices. */
export function planSequence(seed: number, number: number): Sequence {
  const random = randomFrom(seed, number);
  const steps: Step[] = [...prelude(random)];
  const parts = random.between(2, 3);
  for (let part = 0; part < parts; part++) steps.push(...PARTS[random.weighted(WEIGHTS)](random));
  return { number, latency: latencyOf(random), steps };
}

function latencyOf(random: Random): Sequence["latency"] {
  const slowness = random.weighted({ quick: 1, usual: 5, slow: 4 });
  if (slowness === "quick") return { write: [0, 20], answer: [0, 20], read: [0, 5] };
  if (slowness === "usual") return { write: [20, 70], answer: [10, 50], read: [0, 3] };
  return { write: [60, 150], answer: [0, 80], read: [0, 10] };
}

function step(random: Random, kind: Kind, given: Partial<Step> = {}): Step {
  return {
    do: kind,
    afterMs: random.between(0, 60),
    at: "now",
    pick: random.next(),
    size: random.next(),
    ...given,
  };
}

/** People work, and mostly somebody has activated: otherwise there is nothing to get wrong. */
function prelude(random: Random): Step[] {
  const isActivated = random.chance(0.85);
  return [
    step(random, random.chance(0.3) ? "start two at once" : "start a worker"),
    ...people(random, random.between(3, 7)),
    ...(isActivated ? [step(random, "activate", { afterMs: random.between(200, 500) })] : []),
  ];
}

function people(random: Random, acts: number): Step[] {
  return Array.from({ length: acts }, () =>
    step(random, random.weighted({ edit: 5, comment: 3, create: 1.5 }), {
      afterMs: random.chance(0.7) ? 0 : random.between(0, 30),
    }),
  );
}

const onTheWire = (random: Random): Moment =>
  random.weighted({ "a write is on the wire": 7, now: 2, "entries run": 1 });

/** Something for the workers to do, a moment before something happens to them. */
const busy = (random: Random) => [
  ...people(random, random.between(3, 6)),
  ...(random.chance(0.4) ? collision(random) : []),
];

/** Two people change the same field of the same pair, one at each side. */
function collision(random: Random): Step[] {
  const field = random.pick(FIELDS);
  const size = random.next();
  return (["local", "remote"] as const).map((side) =>
    step(random, "edit", { afterMs: 0, side, field, size }),
  );
}

const PARTS = {
  work: (random: Random) => people(random, random.between(3, 6)),
  close: (random: Random) => [
    ...busy(random),
    step(random, "deactivate", { at: onTheWire(random) }),
    ...(random.chance(0.6) ? [step(random, "activate", { afterMs: random.between(0, 300) })] : []),
  ],
  /** What an old page, or a job that was copied along, does. */
  open: (random: Random) => [
    ...(random.chance(0.7) ? [step(random, "deactivate", { at: onTheWire(random) })] : []),
    step(random, "activate with an old fence", { afterMs: random.between(0, 200) }),
    ...(random.chance(0.5) ? [step(random, "activate")] : []),
  ],
  kill: (random: Random) => [
    ...busy(random),
    step(random, "kill", { at: onTheWire(random) }),
    ...(random.chance(0.5) ? [step(random, "start a worker")] : []),
  ],
  killAll: (random: Random) => [
    ...busy(random),
    step(random, "kill all", { at: onTheWire(random) }),
    step(random, random.chance(0.4) ? "start two at once" : "start a worker", { afterMs: 0 }),
    step(random, "activate", { afterMs: random.between(300, 900) }),
  ],
  end: (random: Random) => [
    ...busy(random),
    step(random, "end politely", { at: onTheWire(random) }),
    step(random, "start a worker"),
  ],
  grow: (random: Random) => [step(random, "add a worker"), ...busy(random)],
  /** Stopped in the middle of something, while the world goes on, for shorter or longer than a permit lives. */
  stop: (random: Random) => [
    ...busy(random),
    step(random, "stop", { at: onTheWire(random) }),
    ...meanwhile(random),
    step(random, "continue", {
      afterMs: random.chance(0.4) ? random.between(50, 500) : random.between(1_000, 2_300),
    }),
  ],
  cut: (random: Random) => [
    ...busy(random),
    step(random, "cut the database connection", { at: onTheWire(random) }),
  ],
  halfOpen: (random: Random) => [
    ...busy(random),
    step(random, "half-open the database connection", { at: onTheWire(random) }),
    ...meanwhile(random),
    step(random, "mend the database connection", {
      afterMs: random.chance(0.4) ? random.between(50, 500) : random.between(1_000, 2_300),
    }),
  ],
  restartDatabase: (random: Random) => [
    ...busy(random),
    step(
      random,
      random.chance(0.5) ? "restart the database, fast" : "restart the database, immediate",
      { at: onTheWire(random) },
    ),
    ...people(random, 1),
    ...(random.chance(0.7)
      ? [step(random, "activate", { afterMs: random.between(500, 1_000) })]
      : []),
  ],
  restartJira: (random: Random) => [
    ...busy(random),
    step(random, "restart Jira", { at: onTheWire(random) }),
    ...people(random, 1),
    ...(random.chance(0.5)
      ? [step(random, "activate", { afterMs: random.between(300, 600) })]
      : []),
  ],
  /** A starter that freezes half-way, while others die and people act. */
  frozenStarter: (random: Random) => [
    step(random, "add a worker"),
    step(random, "stop", { at: "a question is answered", afterMs: 0, pick: 0.999 }),
    step(random, random.chance(0.7) ? "kill all" : "kill", { size: 0 }),
    ...(random.chance(0.5)
      ? [step(random, "deactivate"), step(random, "activate", { afterMs: 400 })]
      : [step(random, random.chance(0.5) ? "activate" : "deactivate")]),
    step(random, "continue", { afterMs: random.between(0, 300) }),
    ...(random.chance(0.5) ? [step(random, "activate", { afterMs: 300 })] : []),
  ],
  copy: (random: Random) => {
    const way = random.pick(COPIES);
    const isActivated = random.chance(way.endsWith("alone") ? 0.3 : 0.85);
    return [
      ...busy(random),
      step(random, `copy: ${way}`, { at: onTheWire(random) }),
      step(random, random.chance(0.45) ? "start two on the copy" : "start one on the copy", {
        afterMs: 0,
      }),
      // Where the copy needed the workers to stop, the original comes back, or does not.
      ...(random.chance(0.7) ? [step(random, "start a worker")] : []),
      ...(random.chance(0.5)
        ? [step(random, "activate", { afterMs: random.between(300, 800) })]
        : []),
      ...(isActivated
        ? [
            step(random, "activate the copy", { afterMs: random.between(200, 700) }),
            ...busy(random),
            ...(random.chance(0.4) ? [step(random, "activate", { afterMs: 100 })] : []),
            ...people(random, 2),
            // It listens first, before it writes.
            ...(random.chance(0.7)
              ? [
                  step(random, "edit", { afterMs: random.between(700, 1_300) }),
                  ...busy(random),
                  step(random, "edit", { afterMs: random.between(300, 900) }),
                ]
              : []),
          ]
        : people(random, 2)),
    ];
  },
};

const WEIGHTS: Record<keyof typeof PARTS, number> = {
  work: 0.5,
  close: 11,
  open: 4.5,
  kill: 3,
  killAll: 3,
  end: 4.5,
  grow: 3,
  stop: 4,
  cut: 4.5,
  halfOpen: 4.5,
  restartDatabase: 8.5,
  restartJira: 4.5,
  frozenStarter: 2.5,
  copy: 17,
};

function meanwhile(random: Random): Step[] {
  switch (random.weighted({ close: 3, reopen: 3, work: 2, kill: 1, grow: 1 })) {
    case "close":
      return [step(random, "deactivate")];
    case "reopen":
      return [
        step(random, "deactivate"),
        step(random, "activate", { afterMs: random.between(300, 900) }),
      ];
    case "work":
      return people(random, 2);
    case "kill":
      return [step(random, "kill")];
    default:
      return [step(random, "add a worker")];
  }
}
