import type { GateState } from "@/lib/gate/gate";

/**
 * What a transition asks first, by name, and what goes wrong without it. `in_model`: the model checker
 * proves that each of these is needed, by finding a run that breaks a promise once it is taken away.
 * `beside`: true all the same, but about what the model leaves out.
 */
export const GUARDS = {
  START_LOCK: {
    protects: "Starters take turns: of two that start at once, one begins and the other joins.",
    proof: "in_model",
  },
  OWN_QUESTION: {
    protects:
      "Only an answer to a question of one's own, asked just now, proves that somebody lives.",
    proof: "in_model",
  },
  ANSWERER_OF_THIS_LIFE: {
    protects: "Who has outlived its life without noticing does not vouch for the next one.",
    proof: "in_model",
  },
  ANSWER_AT_THIS_EPOCH: {
    protects: "An answer says nothing of an opening that came after it.",
    proof: "in_model",
  },
  ANSWERING_FIRST: {
    protects: "START is given back once the newcomer answers, so the next starter meets it.",
    proof: "in_model",
  },
  FENCE_AS_READ: {
    protects: "Who begins a life holds the fence that the gate has, though it moved meanwhile.",
    proof: "in_model",
  },
  SAME_SERVER: {
    protects: "A restarted or failed-over database may have lost a closing: nobody goes on in it.",
    proof: "in_model",
  },
  NOT_REWOUND: {
    protects: "A database put back in place shows in an epoch or beat that went back.",
    proof: "in_model",
  },
  SERVER_AS_JOINED: {
    protects:
      "A worker that has not noticed yet that the database is another one claims and writes nothing.",
    proof: "in_model",
  },
  OWN_LIFE: {
    protects: "A worker of an earlier life claims nothing and goes on with nothing.",
    proof: "in_model",
  },
  GATE_OPEN: {
    protects: "Nothing is claimed, and no write is permitted, while the gate is closed or closing.",
    proof: "in_model",
  },
  ENTRY_WAITING: {
    protects: "An entry in a worker's hands is not handed out again; its row is locked meanwhile.",
    proof: "beside",
  },
  PAIR_NOT_ON_WIRE: {
    protects:
      "The write of a worker that is gone may still land: nobody writes to its pair till then.",
    proof: "in_model",
  },
  NOTHING_UNANSWERED: {
    protects: "A write without an answer may still land: its pair waits until it no longer can.",
    proof: "in_model",
  },
  GATE_LOCK: {
    protects:
      "A permit and an opening or closing take turns: none is granted after a closing returned.",
    proof: "in_model",
  },
  FENCE_CURRENT: {
    protects: "A claim from before a closing gives no right to write after the next opening.",
    proof: "in_model",
  },
  CLAIM_CURRENT: {
    protects: "A worker that was rescued from neither writes to the pair nor completes its entry.",
    proof: "in_model",
  },
  ENTRY_LOCK: {
    protects: "A rescue sees a permit that is being granted, or the permit sees the rescue.",
    proof: "in_model",
  },
  PERMIT_FRESH: {
    protects: "A write begins while its permit still holds a closing up, or not at all.",
    proof: "in_model",
  },
  PERMIT_OPEN: {
    protects: "A permit is settled once; what was given up stays as it was given up.",
    proof: "beside",
  },
  FENCE_AS_SHOWN: {
    protects: "A stale page, or a job that was copied along, opens nothing.",
    proof: "in_model",
  },
  SOMEBODY_STARTED: {
    protects: "A gate without a life is not opened: there is no fence that a worker could hold.",
    proof: "beside",
  },
  GATE_INACTIVE: {
    protects: "The next opening waits until no write of the last one can begin.",
    proof: "in_model",
  },
  NO_PERMIT_OPEN: {
    protects: "The gate is called inactive when no permitted write can begin or is on the wire.",
    proof: "in_model",
  },
  TIME_IS_UP: {
    protects: "A permit is given up when its write can land no more, never before.",
    proof: "in_model",
  },
  VERSION_AS_CLAIMED: {
    protects: "A change that came during the run is read before the entry leaves the queue.",
    proof: "in_model",
  },
  HOLDER_SILENT: {
    protects:
      "A worker that lives is not rescued from; the other guards hold when it only seemed dead.",
    proof: "beside",
  },
} as const satisfies Record<string, { protects: string; proof: "in_model" | "beside" }>;

export type Guard = keyof typeof GUARDS;

/** One way in which an event moves the gate. Every other update of state, incarnation or epoch is refused. */
export type GateMove = {
  from: GateState;
  to: GateState;
  incarnation: "same" | "new";
  epoch: "same" | "+1";
};

export type Transition = {
  event: string;
  actor: "starter" | "member" | "worker" | "administrator" | "anyone" | "world";
  /** What happens, and where it is written. */
  does: string;
  guards: readonly Guard[];
  /** Absent when the gate stays as it is. */
  moves?: readonly GateMove[];
};

const STATES: readonly GateState[] = ["inactive", "active", "closing"];

/** A new life shuts the gate whatever it was: `closing` while a permit is open, else `inactive`. */
const SHUT_BY_A_NEW_LIFE: readonly GateMove[] = STATES.flatMap((from) =>
  (["inactive", "closing"] as const).map(
    (to): GateMove => ({ from, to, incarnation: "new", epoch: "+1" }),
  ),
);

/**
 * Everything that can happen to a node's gate and to what it guards: the one place where the rules stand
 * together. The database refuses each update of the gate that is no move of this table
 * (`gate_transition`), `replay` in trace.ts judges a node's history by it, and the model in
 * e2e/model is checked against it. Each row's rule itself is where `does` says.
 */
export const TRANSITIONS = [
  {
    event: "start",
    actor: "starter",
    does: "A process takes the START lock; it is nobody yet. (start-store.ts)",
    guards: ["START_LOCK"],
  },
  {
    event: "ask",
    actor: "starter",
    does: "It asks whether a member lives, with a nonce made just now. (start-store.ts)",
    guards: [],
  },
  {
    event: "answer",
    actor: "member",
    does: "A member answers, in the statement that reads the gate. (member.ts)",
    guards: ["ANSWERER_OF_THIS_LIFE"],
  },
  {
    event: "join",
    actor: "starter",
    does: "Answered: it is a member of the present life, and the gate stays as it is. (start-store.ts)",
    guards: ["OWN_QUESTION", "ANSWER_AT_THIS_EPOCH"],
  },
  {
    event: "begin",
    actor: "starter",
    does: "Not answered: a new life, the gate shuts, and claims come back. (begin_incarnation)",
    guards: ["FENCE_AS_READ", "GATE_LOCK", "NO_PERMIT_OPEN", "TIME_IS_UP"],
    moves: SHUT_BY_A_NEW_LIFE,
  },
  {
    event: "serve",
    actor: "starter",
    does: "It answers from now on, and gives START back. (membership.ts)",
    guards: ["ANSWERING_FIRST"],
  },
  {
    event: "lose",
    actor: "member",
    does: "Its connection breaks: it answers nobody. (member.ts)",
    guards: [],
  },
  {
    event: "continue",
    actor: "member",
    does: "Connected again, it goes on, or its life is over. (life.ts)",
    guards: ["SAME_SERVER", "NOT_REWOUND", "OWN_LIFE"],
  },
  {
    event: "claim",
    actor: "worker",
    does: "It takes an entry: attempt + 1, under the gate's fence. (claim_entries)",
    guards: ["SERVER_AS_JOINED", "OWN_LIFE", "GATE_OPEN", "ENTRY_WAITING", "PAIR_NOT_ON_WIRE"],
  },
  {
    event: "permit",
    actor: "worker",
    does: "One write may leave under this claim. (read-pair.ts, grant_permit)",
    guards: [
      "NOTHING_UNANSWERED",
      "SERVER_AS_JOINED",
      "GATE_LOCK",
      "GATE_OPEN",
      "FENCE_CURRENT",
      "CLAIM_CURRENT",
      "ENTRY_LOCK",
    ],
  },
  {
    event: "send",
    actor: "worker",
    does: "The write begins when its socket is there. (http.ts)",
    guards: ["PERMIT_FRESH"],
  },
  {
    event: "settle",
    actor: "worker",
    does: "What came back, if anything, ends the permit. (settle_permit)",
    guards: ["PERMIT_OPEN"],
  },
  {
    event: "open",
    actor: "administrator",
    does: "Writes may begin, under a fence of their own. (open_gate)",
    guards: ["FENCE_AS_SHOWN", "SOMEBODY_STARTED", "GATE_INACTIVE", "GATE_LOCK"],
    moves: [{ from: "inactive", to: "active", incarnation: "same", epoch: "+1" }],
  },
  {
    event: "close",
    actor: "administrator",
    does: "Nothing more is permitted; what is permitted may end. (close_gate)",
    guards: ["GATE_LOCK"],
    moves: [{ from: "active", to: "closing", incarnation: "same", epoch: "+1" }],
  },
  {
    event: "settle_closing",
    actor: "anyone",
    does: "The closing ends; permits whose time is up are given up. (settle_closing)",
    guards: ["NO_PERMIT_OPEN", "TIME_IS_UP"],
    moves: [{ from: "closing", to: "inactive", incarnation: "same", epoch: "same" }],
  },
  {
    event: "complete",
    actor: "worker",
    does: "In step: the entry leaves the queue, or is read again if it changed. (complete_entry)",
    guards: ["CLAIM_CURRENT", "VERSION_AS_CLAIMED"],
  },
  {
    event: "give_back",
    actor: "worker",
    does: "Refused or failed: the entry waits again. (return_entry)",
    guards: ["CLAIM_CURRENT"],
  },
  {
    event: "rescue",
    actor: "worker",
    does: "A claim is taken from a worker that gave no sign of life. (rescue_entries)",
    guards: ["HOLDER_SILENT", "ENTRY_LOCK"],
  },
  {
    event: "change",
    actor: "world",
    does: "The issue is changed in its tracker: version + 1. (record_change)",
    guards: [],
  },
  {
    event: "crash",
    actor: "world",
    does: "A process ends, at any point. Its permit stays open, its write may land.",
    guards: [],
  },
  {
    event: "database_restart",
    actor: "world",
    does: "The database comes back: as it was, or with a gate of the past.",
    guards: [],
  },
  {
    event: "copy",
    actor: "world",
    does: "A byte copy of the database starts to live elsewhere.",
    guards: [],
  },
] as const satisfies readonly Transition[];

export type GateEvent = (typeof TRANSITIONS)[number]["event"];

/** A move with the event that makes it, as a row of the table `gate_transition`. */
export type GateTransitionRow = {
  event: GateEvent;
  fromState: GateState;
  toState: GateState;
  epochStep: number;
  newIncarnation: boolean;
};

/** The gate's moves as the database keeps them in `gate_transition`. */
export function gateTransitionRows(): GateTransitionRow[] {
  const table: readonly (Transition & { event: GateEvent })[] = TRANSITIONS;
  return table.flatMap(({ event, moves = [] }) =>
    moves.map((move) => ({
      event,
      fromState: move.from,
      toState: move.to,
      epochStep: move.epoch === "+1" ? 1 : 0,
      newIncarnation: move.incarnation === "new",
    })),
  );
}
