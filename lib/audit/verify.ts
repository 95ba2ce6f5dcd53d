import { type AuditKey, type AuditRow, isSealed, NO_KEY } from "@/lib/audit/chain";

/** The head of the chain as it was once seen, kept outside the database. */
export type Mark = { seq: number; hash: string };

export type Finding =
  /** What it says, its place or its seal is not what was written. */
  | { kind: "altered"; seq: number }
  /** Stands among the records of the chain, and was never part of it. */
  | { kind: "inserted"; id: number }
  /** Gone, while later records are there. */
  | { kind: "missing"; from: number; to: number }
  /** A whole record in another place than the one it was written for. */
  | { kind: "reordered"; seq: number; belongsAt: number }
  /** Genuine, and so is the one before it, but it was not written after that one: two histories in one. */
  | { kind: "joined"; seq: number }
  /** The chain ends before the head that was seen earlier. */
  | { kind: "truncated"; head: number; seen: number }
  /** What was the head once is another record now: a chain made anew, or another database. */
  | { kind: "rewritten"; seq: number }
  /**
   * Sealed under another key, so that nothing can be said about the words. `before` the first record of
   * this node's own key, and held fast by it: what a copy, or a new key, leaves behind.
   */
  | { kind: "other_key"; keyId: string; from: number; to: number; place: "before" | "elsewhere" }
  /** Written while the node's key was not at hand: whole, but anybody can have written it. */
  | { kind: "without_key"; from: number; to: number }
  /** From before the audit was a chain. */
  | { kind: "unchained"; count: number };

export type Verification = {
  /** How many records of the chain were looked at, and the first and the last of them. */
  checked: number;
  first: { seq: number; at: Date } | null;
  last: { seq: number; at: Date } | null;
  findings: Finding[];
};

/** Moved records are looked for among this many that do not fit: each is tried in each free place. */
const MOST_MOVES = 200;

/**
 * Looks at every row of an audit. They come in the order of `seq`, then `id`, those without one first.
 * `key` is this node's. Without a `mark` nothing can be said about records that are gone from the end.
 */
export async function verifyChain(
  rows: AsyncIterable<AuditRow> | Iterable<AuditRow>,
  key: AuditKey,
  mark: Mark | null,
): Promise<Verification> {
  const findings: Finding[] = [];
  const unchained: AuditRow[] = [];
  const misfits: Misfit[] = [];
  const free: number[] = [];
  let checked = 0;
  let first: Judged | null = null;
  let last: Judged | null = null;
  let isOwnSeen = false;
  let isRewritten = false;

  for await (const row of rows) {
    if (row.seq === null) {
      unchained.push(row);
      continue;
    }
    checked++;
    const seq = row.seq;
    const expected: number = (last?.seq ?? 0) + 1;
    if (seq < expected) {
      misfits.push({ row, seq, otherwise: { kind: "inserted", id: row.id } });
      continue;
    }
    if (seq > expected) {
      findings.push({ kind: "missing", from: expected, to: seq - 1 });
      for (let gone = expected; gone < seq && free.length < MOST_MOVES; gone++) free.push(gone);
    }
    const judged: Judged = { row, seq, as: judge(row, seq, key) };
    if (judged.as === "altered") misfits.push({ row, seq, otherwise: { kind: "altered", seq } });
    else {
      if (judged.as !== "own") note(findings, judged);
      const broken = seq === expected ? brokenLink(last, judged) : null;
      if (broken) findings.push(broken);
    }
    if (judged.as === "own" && !isOwnSeen) {
      isOwnSeen = true;
      for (const earlier of findings) if (earlier.kind === "other_key") earlier.place = "before";
    }
    if (mark?.seq === seq && mark.hash !== row.hash) isRewritten = true;
    first ??= judged;
    last = judged;
  }

  findings.push(...placed(misfits, free, key));
  findings.sort((a, b) => position(a) - position(b));
  const isBefore = ({ hash, id }: AuditRow) => hash === null && (!first || id < first.row.id);
  for (const row of unchained) if (!isBefore(row)) findings.push({ kind: "inserted", id: row.id });
  const head = last?.seq ?? 0;
  if (mark && isRewritten) findings.push({ kind: "rewritten", seq: mark.seq });
  if (mark && head < mark.seq) findings.push({ kind: "truncated", head, seen: mark.seq });
  const count = unchained.filter(isBefore).length;
  if (count > 0) findings.push({ kind: "unchained", count });
  return { checked, first: end(first), last: end(last), findings };
}

/** Whether a finding only says what cannot be checked, and need not be looked into. */
export function isNote(finding: Finding): boolean {
  if (finding.kind === "other_key") return finding.place === "before";
  return finding.kind === "unchained";
}

/** `own`: sealed by this node. `other`, `none`: agrees with itself, as far as can be seen without that key. */
type Judged = { row: AuditRow; seq: number; as: "own" | "other" | "none" | "altered" };

function judge(row: AuditRow, seq: number, key: AuditKey): Judged["as"] {
  if (row.keyId === null || row.prev === null || !row.hash?.startsWith(`${row.keyId}:`))
    return "altered";
  if (row.keyId === key.id) return isSealed(key, row, seq) ? "own" : "altered";
  if (row.keyId === NO_KEY.id) return isSealed(NO_KEY, row, seq) ? "none" : "altered";
  return "other";
}

/** What is wrong between a record and the one before it, if anything: the seal that can be trusted decides who is blamed. */
function brokenLink(before: Judged | null, { row, seq, as }: Judged): Finding | null {
  if (before?.as === "altered") return null;
  if (row.prev === (before?.row.hash ?? "")) {
    // Rows are numbered as they are appended: one of the two numbers was changed.
    return before && row.id <= before.row.id ? { kind: "altered", seq } : null;
  }
  if (as !== "own") return { kind: "altered", seq };
  return before && before.as !== "own"
    ? { kind: "altered", seq: before.seq }
    : { kind: "joined", seq };
}

/** Adds a record that this node's key says nothing about; neighbours share a finding. */
function note(findings: Finding[], { row, seq, as }: Judged): void {
  const kind = as === "none" ? "without_key" : "other_key";
  const keyId = row.keyId ?? "";
  const latest = findings.at(-1);
  const isSame = latest?.kind === kind && (latest.kind === "without_key" || latest.keyId === keyId);
  if (isSame && latest.to === seq - 1) latest.to = seq;
  else if (kind === "without_key") findings.push({ kind, from: seq, to: seq });
  else findings.push({ kind, keyId, from: seq, to: seq, place: "elsewhere" });
}

type Misfit = { row: AuditRow; seq: number; otherwise: Finding };

/** A record that does not fit where it stands may be whole, and fit in the place of another. */
function placed(misfits: Misfit[], free: number[], key: AuditKey): Finding[] {
  const places = [...free, ...misfits.slice(0, MOST_MOVES).map(({ seq }) => seq)];
  return misfits.map(({ row, seq, otherwise }, index) => {
    if (index >= MOST_MOVES) return otherwise;
    const under = row.keyId === NO_KEY.id ? NO_KEY : key;
    const belongsAt = places.find((place) => place !== seq && isSealed(under, row, place));
    return belongsAt === undefined ? otherwise : { kind: "reordered", seq, belongsAt };
  });
}

function position(finding: Finding): number {
  if ("seq" in finding) return finding.seq;
  return "from" in finding ? finding.from : Number.POSITIVE_INFINITY;
}

function end(judged: Judged | null): Verification["first"] {
  return judged && { seq: judged.seq, at: judged.row.at };
}
