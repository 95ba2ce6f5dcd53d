/** A stretch of text: in both versions, only in the new one, or only in the old one. */
export type DiffPart = { kind: "same" | "added" | "removed"; text: string };

/** Beyond this many cells the table of the comparison costs more than it tells: then old and new stand whole. */
const MOST_CELLS = 1_000_000;

/** The difference of two texts, word by word, as the longest common subsequence leaves it. */
export function wordDiff(before: string, after: string): DiffPart[] {
  const old = words(before);
  const now = words(after);
  const start = commonStart(old, now);
  const end = commonEnd(old, now, start);
  const middle = diffMiddle(old.slice(start, old.length - end), now.slice(start, now.length - end));
  return join([
    ...old.slice(0, start).map((text) => ({ kind: "same", text }) as const),
    ...middle,
    ...old.slice(old.length - end).map((text) => ({ kind: "same", text }) as const),
  ]);
}

/** Words, spaces and punctuation as tokens of their own; joined they are the text again. */
function words(text: string): string[] {
  return text.match(/[\p{L}\p{N}_]+|\s+|[^\p{L}\p{N}_\s]/gu) ?? [];
}

function commonStart(a: string[], b: string[]): number {
  let length = 0;
  while (length < a.length && length < b.length && a[length] === b[length]) length++;
  return length;
}

function commonEnd(a: string[], b: string[], start: number): number {
  let length = 0;
  while (
    length < a.length - start &&
    length < b.length - start &&
    a[a.length - 1 - length] === b[b.length - 1 - length]
  ) {
    length++;
  }
  return length;
}

function diffMiddle(a: string[], b: string[]): DiffPart[] {
  if (a.length * b.length > MOST_CELLS) return [removed(a.join("")), added(b.join(""))];
  const width = b.length + 1;
  // longest[i * width + j]: length of the longest common subsequence of a from i and b from j.
  const longest = new Uint32Array((a.length + 1) * width);
  const at = (i: number, j: number) => longest[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      longest[i * width + j] =
        a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const parts: DiffPart[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const old = a[i];
    const now = b[j];
    if (old !== undefined && old === now) {
      parts.push({ kind: "same", text: old });
      i++;
      j++;
    } else if (old !== undefined && (now === undefined || at(i + 1, j) >= at(i, j + 1))) {
      parts.push(removed(old));
      i++;
    } else {
      parts.push(added(now ?? ""));
      j++;
    }
  }
  return parts;
}

function removed(text: string): DiffPart {
  return { kind: "removed", text };
}

function added(text: string): DiffPart {
  return { kind: "added", text };
}

/** Neighbours of one kind become one; a lone space between two changes goes with them, so that phrases read whole. */
function join(parts: DiffPart[]): DiffPart[] {
  const runs: DiffPart[] = [];
  let old = "";
  let now = "";
  const flush = () => {
    if (old) runs.push(removed(old));
    if (now) runs.push(added(now));
    old = "";
    now = "";
  };
  parts.forEach((part, index) => {
    if (part.kind === "removed") old += part.text;
    else if (part.kind === "added") now += part.text;
    else if ((old || now) && /^ +$/.test(part.text) && isChange(parts[index + 1])) {
      old += part.text;
      now += part.text;
    } else {
      flush();
      const last = runs.at(-1);
      if (last?.kind === "same") last.text += part.text;
      else runs.push({ ...part });
    }
  });
  flush();
  return runs.filter((part) => part.text !== "");
}

function isChange(part: DiffPart | undefined): boolean {
  return part !== undefined && part.kind !== "same";
}

/** A part on the screen; `folded` holds unchanged text that one opens to read. */
export type FoldedPart = DiffPart | { kind: "folded"; text: string };

/** Folds long unchanged stretches, leaving `context` characters beside each change. */
export function foldAround(parts: DiffPart[], context = 80): FoldedPart[] {
  return parts.flatMap((part, index): FoldedPart[] => {
    if (part.kind !== "same") return [part];
    const head = index === 0 ? 0 : context;
    const tail = index === parts.length - 1 ? 0 : context;
    // What a fold would hide must be worth the click.
    if (part.text.length < head + tail + context) return [part];
    const same = (text: string): FoldedPart[] => (text ? [{ kind: "same", text }] : []);
    return [
      ...same(part.text.slice(0, head)),
      { kind: "folded", text: part.text.slice(head, part.text.length - tail) },
      ...same(tail ? part.text.slice(-tail) : ""),
    ];
  });
}
