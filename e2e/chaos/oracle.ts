import type { Side } from "@/e2e/chaos/lane";
import { type ChaosNode, fenceKey, type Mark } from "@/e2e/chaos/node";
import { count, type Tally } from "@/e2e/chaos/tally";
import type { ReceivedWrite } from "@/e2e/simulators/jira-data-center/write-log";
import type { Fence, GateState } from "@/lib/gate/gate";
import { replay } from "@/lib/gate/trace";

/** Something that must never be. `rule` says which promise, `words` what was seen. */
export type Finding = { rule: string; words: string };

export type GateChange = Fence & {
  id: number;
  kind: "opened" | "closing" | "closed" | "new_incarnation";
  state: GateState;
};

export type Permit = Fence & {
  id: string;
  workerId: string;
  pairId: number | null;
  side: Side;
  kind: string;
  grantedAt: number;
  deadlineAt: number;
  outcome: string;
};

type Row = Record<string, unknown>;
export type Witnessed = {
  n: number;
  /** By the database's clock, in milliseconds. */
  at: number;
  about: string;
  deed: string;
  was: Row | null;
  became: Row | null;
};

/** What one node left behind at the end of a sequence. */
export type History = Pick<
  ChaosNode,
  "name" | "isCopy" | "openings" | "marks" | "lifeEnds" | "before"
> & {
  permits: Permit[];
  gateChanges: GateChange[];
  audit: {
    moves: (Fence & { action: string })[];
    /** What is wrong with the chain of all records. */
    broken: string[];
  };
  witnessed: Witnessed[];
};

export type Write = ReceivedWrite & { side: Side };

/** How long after its deadline a write without an answer may still land; see `permit_margin`. */
const MARGIN_MS = 600;

/**
 * Judges one sequence. Things are joined by the ids of permits and ordered by numbers; two clocks are never compared.
 * `writes` were read before the histories, `arrived` after them.
 */
export function judge(
  histories: History[],
  writes: Write[],
  arrived: Write[],
  tally: Tally,
): Finding[] {
  const ours = writes.filter(({ user }) => user === "exalate");
  count(tally, "writes", ours.length);
  return [
    ...judgeWrites(histories, ours, new Set(arrived.map(permitOf)), tally),
    ...histories.flatMap((history) => [
      ...judgeOpenings(history),
      ...judgeOrder(history, tally),
      ...judgeLives(history),
      ...judgeMarks(history, ours),
      ...judgePairs(history, ours),
      ...judgeClaims(history),
      ...judgeByTheTable(history),
      ...history.audit.broken.map((words) => ({
        rule: "what moves the gate is audited",
        words: `${history.name}: ${words}`,
      })),
    ]),
    ...judgeSplitBrain(histories, ours, tally),
  ];
}

const permitOf = (write: Write): string => write.headers["x-sync-permit"] ?? "";

/** A copy has the permits of the original's past; they are the original's. */
function own(history: History): Permit[] {
  return history.isCopy
    ? history.permits.filter(({ id }) => !history.before.permits.has(id))
    : history.permits;
}

function granted(history: History): Permit[] {
  return history.permits.filter(({ id }) => !history.before.permits.has(id));
}

function judgeWrites(
  histories: History[],
  writes: Write[],
  arrived: Set<string>,
  tally: Tally,
): Finding[] {
  const findings: Finding[] = [];
  const known = new Map<string, { history: History; permit: Permit }>();
  for (const history of histories)
    for (const permit of own(history)) {
      const other = known.get(permit.id);
      if (other)
        findings.push({
          rule: "one write, one permit",
          words: `permit ${permit.id} was granted by ${other.history.name} and by ${history.name}`,
        });
      known.set(permit.id, { history, permit });
    }
  const seen = new Set<string>();
  for (const write of writes) {
    const id = permitOf(write);
    const found = known.get(id);
    if (!found)
      findings.push({
        rule: "every write has a permit",
        words: `${write.method} ${write.path} at the ${write.side} side (${write.n}) came under permit "${id}", which no node granted`,
      });
    if (seen.has(id))
      findings.push({
        rule: "one write, one permit",
        words: `${write.method} ${write.path} (${write.n}) came under permit ${id}, which had been used`,
      });
    seen.add(id);
    if (found?.history.isCopy)
      count(tally, found.permit.pairId === null ? "claims of a copy" : "writes of a copy");
  }
  for (const history of histories)
    for (const permit of granted(history))
      if (permit.outcome === "applied" && !arrived.has(permit.id))
        findings.push({
          rule: "every write has a permit",
          words: `permit ${permit.id} of ${history.name} says applied, but nothing arrived under it`,
        });
  return findings;
}

/** Nothing is granted but under openings that our administrator made, at that very node. */
function judgeOpenings(history: History): Finding[] {
  const findings: Finding[] = [];
  const opened = history.gateChanges.filter(({ kind }) => kind === "opened").map(fenceKey);
  for (const permit of granted(history)) {
    const fence = fenceKey(permit);
    if (!history.openings.has(fence))
      findings.push({
        rule: "a gate that nobody opened lets nothing through",
        words: `${history.name} granted ${permit.kind} ${permit.id} under ${fence}, which nobody opened there`,
      });
    else if (!opened.includes(fence))
      findings.push({
        rule: "a gate that nobody opened lets nothing through",
        words: `${history.name} granted ${permit.id} under ${fence}, which its history does not know`,
      });
  }
  const audited = (action: string, fence: Fence) =>
    history.audit.moves.filter(
      (record) => record.action === action && fenceKey(record) === fenceKey(fence),
    ).length;
  for (const change of history.gateChanges) {
    if (change.id <= history.before.gateChange) continue;
    if (change.kind === "opened" && !history.openings.has(fenceKey(change)))
      findings.push({
        rule: "only an administrator opens",
        words: `${history.name} was opened under ${fenceKey(change)} by nobody`,
      });
    const action = { opened: "gate.activated", new_incarnation: "gate.new_incarnation" }[
      change.kind as string
    ];
    if (action && audited(action, change) !== 1)
      findings.push({
        rule: "what moves the gate is audited",
        words: `${history.name}: ${change.kind} under ${fenceKey(change)} is audited ${audited(action, change)} times`,
      });
  }
  return findings;
}

/** Walks through what the witness saw, in its order. */
function judgeOrder(history: History, tally: Tally): Finding[] {
  const findings: Finding[] = [];
  const find = (rule: string, words: string) =>
    findings.push({ rule, words: `${history.name}: ${words}` });
  let gate = history.gateChanges.findLast(({ id }) => id <= history.before.gateChange);
  // What a copy inherited is still on the wire for it.
  const open = new Map<string, Row>();
  for (const row of inheritedOpen(history)) open.set(String(row.id), row);
  const onTheWire = () => [...open.values()].some((row) => row.pair_id !== null);
  const entries = new Map<unknown, Row | null>();
  for (const { about, deed, was, became, n } of history.witnessed) {
    const row = became ?? {};
    if (about === "permit" && deed === "INSERT") {
      open.set(String(row.id), row);
      if (gate?.kind !== "opened" || fenceKey(gate) !== fenceKey(row as Fence))
        find(
          "no permit is granted while the gate is closed",
          `permit ${row.id} (${n}) was granted under ${fenceKey(row as Fence)} after ${gate ? `${gate.kind} ${fenceKey(gate)}` : "nothing"}`,
        );
      const entry = entries.get(row.entry_id);
      if (row.entry_id && entry !== undefined) {
        const isCurrent =
          entry?.state === "running" &&
          entry.attempt === row.attempt &&
          entry.claimed_by === row.worker_id;
        if (!isCurrent)
          find(
            "no permit is granted for a claim that was lost",
            `permit ${row.id} (${n}) for attempt ${row.attempt} of entry ${row.entry_id} by ${row.worker_id}, which was then ${entry ? `${entry.state}, attempt ${entry.attempt}, by ${entry.claimed_by}` : "gone"}`,
          );
      }
    }
    if (about === "permit" && deed === "UPDATE" && was?.outcome === "open")
      open.delete(String(row.id));
    if (about === "gate_change") {
      const change = row as unknown as GateChange;
      const isClosing =
        change.kind === "closing" || (change.kind === "new_incarnation" && gate?.kind === "opened");
      if (isClosing) {
        count(tally, "closings");
        if (onTheWire()) count(tally, "closings with a write on the wire");
      }
      if (change.kind === "new_incarnation") count(tally, "new incarnations");
      if (change.state === "inactive" && open.size > 0)
        find(
          "inactive means that nothing is on the wire",
          `${change.kind} ${fenceKey(change)} (${n}) while ${[...open.keys()].join(", ")} had no answer`,
        );
      gate = change;
    }
    if (about === "gate" && row.state === "active" && !history.openings.has(fenceKey(row as Fence)))
      find(
        "only an administrator opens",
        `the gate became active under ${fenceKey(row as Fence)} (${n}), which nobody opened there`,
      );
    if (about === "queue_entry") {
      if (was?.state === "running" && row.state === "running" && was.attempt !== row.attempt)
        find(
          "one pair, one worker",
          `entry ${row.id} (${n}) was claimed by ${row.claimed_by} while ${was.claimed_by} had it`,
        );
      entries.set(was?.id, became);
    }
    if (deed === "refused") {
      count(tally, "refused permits");
      count(tally, `refused: ${row.because}`);
    }
  }
  return findings;
}

/** Permits that were open when the history began: settled in it, but not granted in it. */
function inheritedOpen({ witnessed }: History): Row[] {
  return witnessed
    .flatMap(({ about, deed, was, became }) =>
      about === "permit" && deed === "UPDATE" && was?.outcome === "open" && became ? [was] : [],
    )
    .filter(
      (row) =>
        !witnessed.some(
          ({ about, deed, became }) =>
            about === "permit" && deed === "INSERT" && became?.id === row.id,
        ),
    );
}

/** The node's whole history, played on the product's own table of transitions. */
function judgeByTheTable({ name, gateChanges, witnessed }: History): Finding[] {
  const permits = witnessed.flatMap(({ about, deed, became }) =>
    about === "permit" && deed === "INSERT" ? [became as unknown as Fence] : [],
  );
  const forbidden = replay({ gate: gateChanges, permits });
  if (!forbidden) return [];
  const { incarnation, epoch } = forbidden.step;
  return [
    {
      rule: "the gate moves by its table",
      words: `${name}: ${forbidden.in} ${forbidden.at} (${incarnation}/${epoch}): ${forbidden.because}`,
    },
  ];
}

/** A life that nobody can vouch for any more is over: nobody joins it. */
function judgeLives(history: History): Finding[] {
  const findings: Finding[] = [];
  for (const end of history.lifeEnds) {
    const later = history.witnessed.filter(
      ({ n, became }) => n > end.n && became?.incarnation === end.fence.incarnation,
    );
    const joined = later.find(({ about, deed }) => about === "worker" && deed === "INSERT")?.became;
    const wasAnswered =
      joined &&
      end.because === "every worker is gone" &&
      end.starters.includes(Number(joined.pid)) &&
      joined.epoch === end.fence.epoch;
    if (joined && !wasAnswered)
      findings.push({
        rule: "a life ends with its last worker, or with its database",
        words: `${history.name}: after ${end.because} at ${fenceKey(end.fence)} (${end.n}) process ${joined.pid} joined it at epoch ${joined.epoch}`,
      });
    const permit = later.find(({ about, deed }) => about === "permit" && deed === "INSERT");
    if (permit && end.because === "the database restarted")
      findings.push({
        rule: "a life ends with its last worker, or with its database",
        words: `${history.name}: after ${end.because} at ${fenceKey(end.fence)} (${end.n}) permit ${permit.became?.id} (${permit.n}) was granted in it`,
      });
  }
  return findings;
}

/** After the gate was seen closed, nothing arrives but what was on the wire then. */
function judgeMarks(history: History, writes: Write[]): Finding[] {
  const findings: Finding[] = [];
  const permits = new Map(own(history).map((permit) => [permit.id, permit]));
  const placeOf = (fence: Fence) =>
    history.gateChanges.findLast((change) => fenceKey(change) === fenceKey(fence))?.id ?? 0;
  const isAllowed = (mark: Mark, permit: Permit) => {
    if (placeOf(permit) > placeOf(mark.fence)) return true;
    if (mark.state === "active" && fenceKey(permit) === fenceKey(mark.fence)) return true;
    return mark.state === "closing" && mark.open.includes(permit.id);
  };
  for (const write of writes) {
    const permit = permits.get(permitOf(write));
    if (!permit) continue;
    const mark = history.marks.find(
      (each) => write.n > each.received[write.side] && !isAllowed(each, permit),
    );
    if (mark)
      findings.push({
        rule: "no write begins while the gate is closed",
        words: `${write.method} ${write.path} at the ${write.side} side (${write.n}), permit ${permit.id} of ${fenceKey(permit)}, arrived after ${history.name} was seen ${mark.state} at ${fenceKey(mark.fence)} with ${mark.received[write.side]} writes received`,
      });
  }
  return findings;
}

/** Two workers of one node never write to one pair at once. */
function judgePairs(history: History, writes: Write[]): Finding[] {
  const findings: Finding[] = [];
  const byId = new Map(granted(history).map((permit) => [permit.id, permit]));
  const open = new Map<string, Permit>();
  for (const { about, deed, became } of history.witnessed) {
    if (about !== "permit") continue;
    const permit = byId.get(String(became?.id));
    if (!permit || permit.pairId === null) continue;
    if (deed === "UPDATE") open.delete(permit.id);
    else {
      for (const earlier of open.values())
        if (
          earlier.pairId === permit.pairId &&
          earlier.workerId !== permit.workerId &&
          permit.grantedAt < earlier.deadlineAt + MARGIN_MS
        )
          findings.push({
            rule: "one pair, one worker",
            words: `${history.name} granted ${permit.id} to ${permit.workerId} while the write of ${earlier.workerId} under ${earlier.id} to the same pair ${permit.pairId} could still land`,
          });
      open.set(permit.id, permit);
    }
  }
  const landed = writes.flatMap((write) => {
    const permit = byId.get(permitOf(write));
    return permit && permit.pairId !== null ? [{ write, permit }] : [];
  });
  for (const one of landed)
    for (const other of landed)
      if (
        one.permit.pairId === other.permit.pairId &&
        one.permit.workerId !== other.permit.workerId &&
        one.write.receivedAt <= other.write.receivedAt &&
        one.write.landedAt !== null &&
        one.write.landedAt > other.write.receivedAt
      )
        findings.push({
          rule: "one pair, one worker",
          words: `${history.name}: ${one.permit.id} landed at the ${one.write.side} side (${one.write.n}) after ${other.permit.id} of another worker had arrived for the same pair ${one.permit.pairId} at the ${other.write.side} side (${other.write.n})`,
        });
  return findings;
}

/** A grant reads the claim a moment before it notes its own time; both times are of one clock, the database's. */
const GRANTING_MS = 100;

/** Nothing is written to an issue where this life does not hold the claim. */
function judgeClaims(history: History): Finding[] {
  const findings: Finding[] = [];
  const claims = new Map<Side, { row: Row; at: number }>();
  const sideOf = (row: Row): Side => (row.project === "PROD" ? "local" : "remote");
  for (const { about, deed, became, at, n } of history.witnessed) {
    if (about === "claim" && became) claims.set(sideOf(became), { row: became, at });
    if (about !== "permit" || deed !== "INSERT" || !became || became.pair_id === null) continue;
    const claim = claims.get(became.side as Side);
    if (!claim) continue;
    const { row } = claim;
    const isOurs =
      row.state === "no_place" || (row.state === "held" && row.held_in === became.incarnation);
    if (!isOurs && Date.parse(String(became.granted_at)) > claim.at + GRANTING_MS)
      findings.push({
        rule: "nobody writes where another node holds the claim",
        words: `${history.name} granted ${became.id} (${n}) for the ${became.side} side, where its claim was ${row.state} in ${row.held_in}`,
      });
  }
  return findings;
}

/** How long a node may go on where another one has spoken: until its next look, and what it permitted before. */
const NOTICED_MS = 2_000;

/** Two nodes with one identity: each write of a claim stops the other node's writes, all but those of a moment. */
function judgeSplitBrain(histories: History[], writes: Write[], tally: Tally): Finding[] {
  const owner = new Map<string, { history: History; permit: Permit }>();
  for (const history of histories)
    for (const permit of own(history)) owner.set(permit.id, { history, permit });
  const findings: Finding[] = [];
  for (const side of ["local", "remote"] as const) {
    const here = writes
      .filter((write) => write.side === side && write.landedAt !== null)
      .flatMap((write) => {
        const found = owner.get(permitOf(write));
        return found ? [{ write, ...found }] : [];
      });
    for (const [at, { write, history, permit }] of here.entries()) {
      if (permit.pairId === null) continue;
      // The last one who spoke before this write, other than its own node.
      const spoken = here
        .slice(0, at)
        .findLast(({ permit: earlier }) => earlier.pairId === null && earlier.kind === "claim");
      if (!spoken || spoken.history === history) continue;
      const after = Date.parse(write.receivedAt) - Date.parse(spoken.write.landedAt ?? "");
      count(tally, "writes after another node's claim");
      if (after > NOTICED_MS)
        findings.push({
          rule: "nobody writes where another node holds the claim",
          words: `${write.method} ${write.path} of ${history.name} at the ${side} side (${write.n}) came ${after} ms after ${spoken.history.name} had claimed it (${spoken.write.n})`,
        });
    }
  }
  return findings;
}
