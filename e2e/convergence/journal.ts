import { SIDES, type SideName } from "@/e2e/convergence/seen";

/**
 * What people did to one field of one pair since both sides were last equal. Scalars are set; of a set of
 * names, single ones are added and removed; of a text, single lines are rewritten.
 */
export type Deed =
  | { kind: "set"; side: SideName; value: string }
  | { kind: "element"; side: SideName; add?: string; remove?: string }
  | { kind: "line"; side: SideName; line: string };

export type Journal = {
  note(pair: string, field: string, deed: Deed): void;
  /** Everything that `now` shows and nobody did, or that somebody did and it does not show. */
  broken(pair: string, now: Record<string, string>): string[];
  /** What is there now is what the next deeds begin from. */
  begin(pair: string, now: Record<string, string>): void;
};

/**
 * Tells whether an edit was lost or invented. Where one side alone changed a field its last value has to
 * stand; where both did, one of the two last ones. Values are in the terms of the local side.
 */
export function openJournal(): Journal {
  const deeds = new Map<string, Map<string, Deed[]>>();
  const bases = new Map<string, Record<string, string>>();
  return {
    note(pair, field, deed) {
      const fields = deeds.get(pair) ?? new Map<string, Deed[]>();
      fields.set(field, [...(fields.get(field) ?? []), deed]);
      deeds.set(pair, fields);
    },
    broken(pair, now) {
      const base = bases.get(pair);
      if (!base) return [];
      return Object.keys(now).flatMap((field) => {
        const done = deeds.get(pair)?.get(field) ?? [];
        const wrong = wrongAt(base[field] ?? "", now[field] ?? "", done);
        return wrong ? [`${pair}: ${field} ${wrong}; what was done: ${JSON.stringify(done)}`] : [];
      });
    },
    begin(pair, now) {
      bases.set(pair, now);
      deeds.delete(pair);
    },
  };
}

function wrongAt(base: string, now: string, done: Deed[]): string | null {
  if (done.length === 0)
    return now === base ? null : `is ${show(now)} and was ${show(base)}, though nobody touched it`;
  if (done[0]?.kind === "element") return wrongElements(base, now, done);
  if (done[0]?.kind === "line") return wrongLines(base, now, done);
  const last = SIDES.flatMap((side) => {
    const value = done.findLast((deed) => deed.kind === "set" && deed.side === side);
    return value?.kind === "set" ? [value.value] : [];
  });
  return last.includes(now) ? null : `is ${show(now)}, and last was ${last.map(show).join(" or ")}`;
}

function wrongElements(base: string, now: string, done: Deed[]): string | null {
  const elements = (text: string) => new Set(text.split("\n").filter(Boolean));
  const [was, is] = [elements(base), elements(now)];
  const added = new Set(done.flatMap((deed) => (deed.kind === "element" ? (deed.add ?? []) : [])));
  const removed = new Set(
    done.flatMap((deed) => (deed.kind === "element" ? (deed.remove ?? []) : [])),
  );
  for (const name of new Set([...was, ...is, ...added, ...removed])) {
    // Added by one and removed by another: either is right.
    if (added.has(name) && removed.has(name)) continue;
    const isExpected = added.has(name) || (was.has(name) && !removed.has(name));
    if (is.has(name) !== isExpected) return `${is.has(name) ? "has" : "lacks"} ${show(name)}`;
  }
  return null;
}

function wrongLines(base: string, now: string, done: Deed[]): string | null {
  const written = done.flatMap((deed) => (deed.kind === "line" ? [deed.line] : []));
  const known = new Set([...base.split("\n"), ...written]);
  const unknown = now.split("\n").find((line) => !known.has(line));
  if (unknown !== undefined) return `has a line that nobody wrote: ${show(unknown)}`;
  // The last line that somebody wrote, at one side at least, was not overwritten by anybody.
  const last = SIDES.flatMap((side) => {
    const deed = done.findLast((each) => each.kind === "line" && each.side === side);
    return deed?.kind === "line" ? [deed.line] : [];
  });
  return last.some((line) => now.split("\n").includes(line))
    ? null
    : `has none of the lines that were written last: ${last.map(show).join(", ")}`;
}

function show(value: string): string {
  return JSON.stringify(value);
}
