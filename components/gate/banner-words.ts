import { type Phrase, withMoments } from "@/components/gate/phrase-words";
import { count, isAre, list, sentence } from "@/components/ui/words";
import { cappedCount, type GateStatus } from "@/lib/gate/status";

/**
 * How loud the banner is. `closed`, `undecided` (the same, told by its hatching), `error` and `sending`
 * are bars; `quiet` is a thin strip.
 */
export type BannerTone = "closed" | "undecided" | "closing" | "sending" | "quiet" | "error";

export type BannerWords = {
  tone: BannerTone;
  /** The answer to "is this node writing to others?", in two or three words. */
  headline: string;
  sentence: Phrase[];
  /** Why, or what helps. */
  why: Phrase[];
  progress: { done: number; of: number } | null;
  /** Where the errors are, when a person has to look at them. */
  errorsAt: "/errors" | null;
  /** What a person who may operate the gate is led to the Activation page for. */
  call: "Review and activate" | "Decide" | "Review" | null;
  /** There is something to see to where the call leads, so it may be loud. */
  isPressing: boolean;
};

/** Fewer entries than this are everyday traffic: they are named in the strip, without a bar. */
const DRAIN_FROM = 5;
/** After that, "x of y since the opening" says nothing about today's backlog. */
const PROGRESS_SPAN_MS = 12 * 60 * 60 * 1_000;

/**
 * What the banner says, from the gate as last read. Whether anything can be sent comes first; then
 * what waits; then why. The order of the questions is the order of urgency.
 */
export function bannerWords(status: GateStatus): BannerWords {
  const base: BannerWords = {
    tone: "quiet",
    headline: "",
    sentence: [],
    why: [],
    progress: null,
    errorsAt: null,
    call: null,
    isPressing: status.waiting > 0 || status.decisionDue !== null,
  };
  if (status.workers.every((worker) => worker.isSilent)) {
    return {
      ...base,
      tone: "error",
      headline: "No worker is running.",
      sentence: ["Nothing is sent and no changes are looked for. ", ...waitingSentence(status)],
      why: [
        "Start the node again with ",
        { code: "npm start" },
        ", or one worker with ",
        { code: "npm run worker" },
        ".",
      ],
      call: status.state === "inactive" ? "Review and activate" : null,
    };
  }
  if (status.state === "closing") {
    return {
      ...base,
      tone: "closing",
      headline: "Closing.",
      sentence:
        status.openPermits === 0
          ? ["Nothing new is sent. No write is under way any more."]
          : [
              {
                strong: `${count(status.openPermits, "write")} ${isAre(status.openPermits)} still under way`,
              },
              "; nothing new is sent.",
            ],
      why: closedWhy(status),
    };
  }
  if (status.claimTroubles.length > 0) return { ...base, ...troubledWords(status) };
  if (status.decisionDue) {
    return {
      ...base,
      tone: "undecided",
      ...undecidedWords(status.decisionDue),
      sentence: [{ strong: "Nothing is sent." }, " ", ...waitingSentence(status)],
      call: "Decide",
    };
  }
  if (status.state === "inactive") {
    return {
      ...base,
      tone: "closed",
      headline: "Synchronisation is inactive.",
      sentence: ["Nothing is sent. ", ...waitingSentence(status)],
      why: [
        ...(tellsOfCopying(status) ? [] : closedWhy(status)),
        ...copySentence(status),
        ...heldSentence(status),
        ...stoppedSentence(status),
      ],
      call: "Review and activate",
      errorsAt: status.stoppedConnections.length > 0 ? "/errors" : null,
    };
  }
  const progress = progressOf(status);
  if (status.stoppedConnections.length > 0 || status.failed > 0) {
    const stopped = status.stoppedConnections.length;
    return {
      ...base,
      tone: "error",
      headline:
        stopped > 0
          ? `${count(stopped, "connection")} ${stopped === 1 ? "has" : "have"} stopped.`
          : "Active, with errors.",
      sentence: needsYou(status),
      why: progress
        ? ["Sending: ", ...sendingSentence(status, progress)]
        : ["Everything else is sent."],
      progress,
      errorsAt: "/errors",
    };
  }
  if (status.ready >= DRAIN_FROM) {
    return {
      ...base,
      tone: "sending",
      headline: "Sending:",
      sentence: sendingSentence(status, progress),
      progress,
    };
  }
  return {
    ...base,
    headline: "Active",
    sentence: [
      "since ",
      { time: status.since },
      ...(status.by ? [` by ${status.by}`] : []),
      ...(status.scope.length > 0 ? [`, ${onlyFor(status)}`] : []),
      ". ",
    ],
    why: [
      status.ready === 0 ? inStep(status) : `Sending ${count(status.ready, "issue")}.`,
      ...leftOut(status),
    ],
  };
}

/** Another node with our identity weighs more than anything else a gate can be. */
function troubledWords(
  status: GateStatus,
): Pick<BannerWords, "tone" | "headline" | "sentence" | "why" | "call"> {
  const at = (kind: GateStatus["claimTroubles"][number]["kind"]) => [
    ...new Set(
      status.claimTroubles
        .filter((trouble) => trouble.kind === kind)
        .map(({ instance }) => instance),
    ),
  ];
  const [alive, contested, newer] = [at("alive"), at("contested"), at("newer")];
  const everywhere = list([...new Set([...alive, ...contested, ...newer])]);
  const headline =
    alive.length > 0
      ? `Another node with our identity is alive at ${list(alive)}.`
      : contested.length > 0
        ? `Two nodes with our identity have met at ${list(contested)}.`
        : `Somebody wrote under our identity at ${list(newer)} after us.`;
  return {
    tone: "error",
    headline,
    sentence:
      status.state === "active"
        ? [{ strong: `Nothing is sent to ${everywhere}` }, " until a person decides."]
        : [{ strong: "Nothing is sent." }, " ", ...waitingSentence(status)],
    why: status.decisionDue ? withMoments(status.decisionDue.sentence) : [],
    call: status.decisionDue ? "Decide" : "Review",
  };
}

/** "This node was moved, or it is a copy", in the verdict's own words; its grounds come behind. */
function undecidedWords({
  sentence: said,
}: NonNullable<GateStatus["decisionDue"]>): Pick<BannerWords, "headline" | "why"> {
  const [verdict = "", ...grounds] = said.split(": ");
  return {
    headline: sentence(verdict),
    why: grounds.length > 0 ? withMoments(sentence(grounds.join(": "))) : [],
  };
}

/** The reason still asks "moved, or a copy?" after a person has answered that. */
function tellsOfCopying({ copyOf, by, reason, decisionDue }: GateStatus): boolean {
  return copyOf !== null && !by && !decisionDue && (reason ?? "").includes("or it is a copy");
}

function copySentence(status: GateStatus): Phrase[] {
  const isTold = tellsOfCopying(status) || (status.copyOf && status.heldConnections > 0);
  return isTold ? ["This node is a copy. "] : [];
}

function heldSentence({ heldConnections: held }: GateStatus): Phrase[] {
  if (held === 0) return [];
  return [
    {
      strong: `${count(held, "connection")} ${isAre(held)} held until a person sees to ${held === 1 ? "it" : "them"}.`,
    },
    " ",
  ];
}

function waitingSentence(status: GateStatus): Phrase[] {
  if (status.waiting === 0) return ["Nothing waits."];
  const verb = status.waiting === 1 ? "waits" : "wait";
  const issues: Phrase = {
    strong: `${cappedCount(status.waiting)} ${noun(status.waiting)} ${verb}`,
  };
  if (!status.oldestWaitingAt) return [issues, "."];
  return [
    issues,
    status.waiting === 1 ? ", since " : ", the oldest since ",
    { time: status.oldestWaitingAt },
    ".",
  ];
}

function closedWhy(status: GateStatus): Phrase[] {
  if (status.by) {
    return [
      `Deactivated by ${status.by} `,
      { age: status.since },
      ...(status.reason ? [`: “${status.reason}”`] : []),
      ". ",
    ];
  }
  if (status.fence.incarnation === "") return ["It has never been activated. "];
  return [
    ...(status.reason ? [...withMoments(sentence(status.reason)), " That was "] : ["Closed "]),
    { age: status.since },
    ". ",
  ];
}

function stoppedSentence(status: GateStatus): Phrase[] {
  const stopped = status.stoppedConnections.length;
  if (stopped === 0) return [];
  return [{ strong: `${count(stopped, "connection")} ${stopped === 1 ? "has" : "have"} stopped.` }];
}

function needsYou(status: GateStatus): Phrase[] {
  if (status.failed === 0) {
    return [`${status.stoppedConnections.map((connection) => connection.name).join(", ")}.`];
  }
  return [
    {
      strong: `${cappedCount(status.failed)} ${noun(status.failed)} ${status.failed === 1 ? "needs" : "need"} you.`,
    },
  ];
}

function sendingSentence(status: GateStatus, progress: BannerWords["progress"]): Phrase[] {
  const head: Phrase = progress
    ? { strong: `${cappedCount(progress.done)} of ${cappedCount(progress.of)}` }
    : { strong: `${cappedCount(status.ready)} ${noun(status.ready)} to go` };
  const only = status.scope.length > 0 ? [` ${onlyFor(status)}`] : [];
  if (status.perMinute < 1) return [head, ...only];
  return [
    head,
    ...only,
    ` · ${Math.round(status.perMinute)} a minute · ${timeLeft(status.ready / status.perMinute)}`,
  ];
}

function progressOf(status: GateStatus): BannerWords["progress"] {
  if (status.ready < DRAIN_FROM) return null;
  if (Date.parse(status.now) - Date.parse(status.since) > PROGRESS_SPAN_MS) return null;
  return { done: status.sentSinceOpening, of: status.sentSinceOpening + status.ready };
}

/** Coarser the further away it is, so that the number does not dance. */
export function timeLeft(minutes: number): string {
  if (minutes < 1) return "less than a minute left";
  if (minutes < 20) return `about ${Math.round(minutes)} min left`;
  if (minutes < 90) return `about ${Math.round(minutes / 5) * 5} min left`;
  return `about ${Math.round(minutes / 60)} h left`;
}

function inStep(status: GateStatus): string {
  return status.held > 0 ? `In step; ${count(status.held, "issue")} held.` : "In step.";
}

function onlyFor({ scope }: GateStatus): string {
  return `for ${count(scope.length, "connection")} only`;
}

/** What waits at connections that the gate was not opened for. */
function leftOut({ scope, waiting, ready, held, failed }: GateStatus): Phrase[] {
  const elsewhere = scope.length > 0 ? waiting - ready - held - failed : 0;
  if (elsewhere <= 0) return [];
  return [` ${cappedCount(elsewhere)} more ${elsewhere === 1 ? "waits" : "wait"} at the others.`];
}

function noun(issues: number): string {
  return issues === 1 ? "issue" : "issues";
}
