import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type AuditKey, type AuditRow, canonical, link, NO_KEY } from "@/lib/audit/chain";
import { findingWords } from "@/lib/audit/finding-words";
import { type Finding, isNote, type Mark, verifyChain } from "@/lib/audit/verify";

const OURS: AuditKey = { id: "0a0a0a0a", secret: "ours" };
const THEIRS: AuditKey = { id: "0b0b0b0b", secret: "theirs" };

/** Appends one record per key. */
function chainUnder(...keys: AuditKey[]): AuditRow[] {
  const rows: AuditRow[] = [];
  for (const key of keys) append(rows, key);
  return rows;
}

function append(rows: AuditRow[], key: AuditKey, words: Partial<AuditRow> = {}): void {
  const seq = (rows.at(-1)?.seq ?? 0) + 1;
  const record = {
    at: new Date(Date.UTC(2026, 0, 1, 12, seq)),
    actor: "ada@example.com",
    action: "entry.held",
    subject: `entry ${seq}`,
    reason: seq % 2 ? "asked by support" : null,
    detail: { pair: seq, nested: { b: [1, 2], a: null } } as unknown,
    ...words,
    seq,
    prev: rows.at(-1)?.hash ?? "",
  };
  rows.push({ ...record, id: seq + 10, keyId: key.id, hash: link(key, record) });
}

const ours = (length: number) => chainUnder(...Array<AuditKey>(length).fill(OURS));
const headOf = (rows: AuditRow[]): Mark => ({
  seq: rows.at(-1)?.seq ?? 0,
  hash: rows.at(-1)?.hash ?? "",
});

async function found(rows: AuditRow[], mark: Mark | null = null): Promise<Finding[]> {
  return (await verifyChain(rows, OURS, mark)).findings;
}

/** Row number `seq` with other content; everything else as it was. */
function changed(rows: AuditRow[], seq: number, change: Partial<AuditRow>): AuditRow[] {
  return rows.map((row) => (row.seq === seq ? { ...row, ...change } : row));
}

/** As a query would give them. */
const inOrder = (rows: AuditRow[]) =>
  rows.toSorted((a, b) => (a.seq ?? 0) - (b.seq ?? 0) || a.id - b.id);

/** The attacker's best: everything from there on sealed again, each with the hash of the one before. */
function rewrittenFrom(rows: AuditRow[], seq: number, key: AuditKey): AuditRow[] {
  const made: AuditRow[] = [];
  for (const row of rows) {
    if ((row.seq ?? 0) < seq) made.push(row);
    else append(made, key, { ...row, ...(row.seq === seq ? { actor: "nobody" } : {}) });
  }
  return made;
}

describe("the audit as a chain", () => {
  test("one that nobody touched is verified from its first record to its last", async () => {
    const rows = ours(5);
    expect(await verifyChain(rows, OURS, headOf(rows))).toEqual({
      checked: 5,
      first: { seq: 1, at: rows[0]?.at },
      last: { seq: 5, at: rows[4]?.at },
      findings: [],
    });
  });

  test("a record's seal does not depend on the order in which the database keeps its details", () => {
    const record = { ...ours(1)[0], seq: 1, prev: "" } as Parameters<typeof canonical>[0];
    const one = canonical({ ...record, detail: { a: 1, b: { c: 2, d: [{ e: 1, f: 2 }] } } });
    const two = canonical({ ...record, detail: { b: { d: [{ f: 2, e: 1 }], c: 2 }, a: 1 } });
    expect(one).toBe(two);
    expect(canonical({ ...record, detail: JSON.parse('{"__proto__": {"x": 1}}') })).toContain("x");
  });

  test("a record that says something else is named, and no other", async () => {
    const rows = changed(ours(5), 3, { reason: "nobody asked" });
    expect(await found(rows)).toEqual([{ kind: "altered", seq: 3 }]);
  });

  test("a record whose seal was taken out or replaced is named, and no other", async () => {
    for (const hash of [null, "", "0a0a0a0a:forged"])
      expect(await found(changed(ours(5), 3, { hash }))).toEqual([{ kind: "altered", seq: 3 }]);
  });

  test("records that were deleted are missing, from which to which", async () => {
    const rows = ours(7).filter(({ seq }) => seq !== 1 && seq !== 4 && seq !== 5);
    expect(await found(rows)).toEqual([
      { kind: "missing", from: 1, to: 1 },
      { kind: "missing", from: 4, to: 5 },
    ]);
  });

  test("two records that changed places are each told where they belong", async () => {
    const [first, second, third, fourth] = ours(4) as [AuditRow, AuditRow, AuditRow, AuditRow];
    const rows = [first, { ...third, seq: 2 }, { ...second, seq: 3 }, fourth];
    expect(await found(rows)).toEqual([
      { kind: "reordered", seq: 2, belongsAt: 3 },
      { kind: "reordered", seq: 3, belongsAt: 2 },
    ]);
  });

  test("a second record under a number that is taken was inserted", async () => {
    const rows = ours(3);
    const twin = { ...(rows[1] as AuditRow), id: 99 };
    expect(await found(inOrder([...rows, twin]))).toEqual([{ kind: "inserted", id: 99 }]);
  });

  test("records that are gone from the end are noticed by the head that was seen, and only by it", async () => {
    const rows = ours(5);
    expect(await found(rows.slice(0, 3), headOf(rows))).toEqual([
      { kind: "truncated", head: 3, seen: 5 },
    ]);
    expect(await found(rows.slice(0, 3))).toEqual([]);
    expect(await found([], headOf(rows))).toEqual([{ kind: "truncated", head: 0, seen: 5 }]);
  });

  test("a chain that was sealed again without the key is altered, record by record, and known to be another", async () => {
    const rows = ours(4);
    const forged = rewrittenFrom(rows, 3, { id: OURS.id, secret: "a guess" });
    expect(await found(forged, headOf(rows))).toEqual([
      { kind: "altered", seq: 3 },
      { kind: "altered", seq: 4 },
      { kind: "rewritten", seq: 4 },
    ]);
  });

  test("a forger who says that no key was at hand, or another, is told from the head that was seen", async () => {
    const rows = ours(4);
    expect(await found(rewrittenFrom(rows, 1, NO_KEY), headOf(rows))).toEqual([
      { kind: "without_key", from: 1, to: 4 },
      { kind: "rewritten", seq: 4 },
    ]);
    expect(await found(rewrittenFrom(rows, 1, THEIRS), headOf(rows))).toEqual([
      { kind: "other_key", keyId: THEIRS.id, from: 1, to: 4, place: "elsewhere" },
      { kind: "rewritten", seq: 4 },
    ]);
  });

  test("our own records cannot be passed off as another node's", async () => {
    const rows = ours(4);
    const relabelled = { keyId: THEIRS.id, actor: "nobody" };
    expect(await found(changed(rows, 2, relabelled))).toEqual([{ kind: "altered", seq: 2 }]);
    const hash = rows[1]?.hash?.replace(OURS.id, THEIRS.id) ?? null;
    expect(await found(changed(rows, 2, { ...relabelled, hash }))).toContainEqual({
      kind: "altered",
      seq: 2,
    });
  });

  test("an older chain that was put back and went on is another than the one that was seen", async () => {
    const seen = ours(4);
    const restored = seen.slice(0, 2);
    for (let more = 0; more < 4; more++) append(restored, OURS, { actor: "bob" });
    expect(await found(restored, headOf(seen))).toEqual([{ kind: "rewritten", seq: 4 }]);
  });

  test("records of two genuine histories do not make one", async () => {
    const one = ours(2);
    const other = one.slice(0, 1);
    append(other, OURS, { actor: "bob" });
    append(other, OURS);
    expect(await found([...one, other[2] as AuditRow])).toEqual([{ kind: "joined", seq: 3 }]);
  });

  test("after a copy with a new key the older records are noted, and that is no reason to worry", async () => {
    const rows = chainUnder(THEIRS, THEIRS, OURS, OURS);
    const findings = await found(rows, headOf(rows));
    expect(findings).toEqual([
      { kind: "other_key", keyId: THEIRS.id, from: 1, to: 2, place: "before" },
    ]);
    expect(findings.every(isNote)).toBe(true);
    expect(await found(changed(rows, 2, { hash: `${THEIRS.id}:forged` }))).toContainEqual({
      kind: "altered",
      seq: 2,
    });
  });

  test("a chain that holds nothing of this node is a finding, not a note", async () => {
    const findings = await found(chainUnder(THEIRS, THEIRS));
    expect(findings.some(isNote)).toBe(false);
  });

  test("records written without the key are named, and those around them stay verified", async () => {
    const rows = chainUnder(OURS, NO_KEY, NO_KEY, OURS);
    expect(await found(rows, headOf(rows))).toEqual([{ kind: "without_key", from: 2, to: 3 }]);
    expect(await found(changed(rows, 3, { actor: "nobody" }))).toContainEqual({
      kind: "altered",
      seq: 3,
    });
  });

  test("rows from before the chain are counted; a row without a number that came later was inserted", async () => {
    const bare = { ...(ours(1)[0] as AuditRow), seq: null, prev: null, keyId: null, hash: null };
    const older = [1, 2, 3].map((id) => ({ ...bare, id }));
    expect(await found([...older, ...ours(2)])).toEqual([{ kind: "unchained", count: 3 }]);
    expect(await found([...older, { ...bare, id: 50 }, ...ours(2)])).toEqual([
      { kind: "inserted", id: 50 },
      { kind: "unchained", count: 3 },
    ]);
  });

  test("every finding says what it is and what to do", () => {
    expect(findingWords({ kind: "truncated", head: 3, seen: 5 })).toBe(
      "The audit ends with record 3, but record 5 has been seen: 2 or more are gone from its end. If you restored a backup, this is why; if nobody did, look for them in one.",
    );
    expect(findingWords({ kind: "missing", from: 4, to: 4 })).toMatch(/^Record 4 is missing/);
    expect(findingWords({ kind: "missing", from: 4, to: 5 })).toMatch(/^Records 4 to 5 are/);
  });
});

describe("any tampering with a chain is found", () => {
  const LENGTH = 12;
  const rows = ours(LENGTH);
  const place = fc.integer({ min: 1, max: LENGTH });
  const text = fc.oneof(fc.string(), fc.constant(null));
  const change: fc.Arbitrary<Partial<AuditRow>> = fc.oneof(
    fc.record({ at: fc.date({ noInvalidDate: true }) }),
    fc.record({ actor: fc.string() }),
    fc.record({ action: fc.string() }),
    fc.record({ subject: text }),
    fc.record({ reason: text }),
    fc.record({ detail: fc.jsonValue() }),
    fc.record({ prev: text }),
    fc.record({ keyId: fc.oneof(text, fc.constantFrom(NO_KEY.id, THEIRS.id)) }),
    fc.record({ hash: text }),
    fc.record({ seq: fc.integer({ min: -2, max: LENGTH + 3 }) }),
  );
  const isChange = (seq: number, made: Partial<AuditRow>) =>
    JSON.stringify(changed(rows, seq, made)) !== JSON.stringify(rows);
  const isNoticed = async (tampered: AuditRow[]) =>
    (await found(inOrder(tampered), headOf(rows))).some((finding) => !isNote(finding));

  test("any field of any record", async () => {
    await fc.assert(
      fc.asyncProperty(place, change, async (seq, made) => {
        fc.pre(isChange(seq, made));
        expect(await isNoticed(changed(rows, seq, made))).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test("any number of records taken out", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(place, { minLength: 1 }), async (gone) => {
        expect(await isNoticed(rows.filter(({ seq }) => !gone.includes(seq ?? 0)))).toBe(true);
      }),
    );
  });

  test("any other order", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray(rows, { minLength: LENGTH, maxLength: LENGTH }),
        async (shuffled) => {
          const moved = shuffled.map((row, index) => ({ ...row, seq: index + 1 }));
          fc.pre(JSON.stringify(moved) !== JSON.stringify(rows));
          expect(await isNoticed(moved)).toBe(true);
        },
      ),
    );
  });

  test("any record altered and everything after it sealed again without the key", async () => {
    const keyIds = fc.constantFrom(OURS.id, THEIRS.id, NO_KEY.id);
    await fc.assert(
      fc.asyncProperty(place, fc.string(), keyIds, async (seq, guess, keyId) => {
        const key = keyId === NO_KEY.id ? NO_KEY : { id: keyId, secret: guess };
        expect(await isNoticed(rewrittenFrom(rows, seq, key))).toBe(true);
      }),
    );
  });
});
