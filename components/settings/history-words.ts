import { formatNumber } from "@/components/ui/words";
import { HISTORY, type HistoryKind, type Period, type RowCount } from "@/lib/settings/history";

export const HISTORY_WORDS: Record<HistoryKind, { name: string; words: string }> = {
  changes: {
    name: "Changes",
    words: "What was detected on either side, and how we learned of it.",
  },
  writes: {
    name: "Writes to instances",
    words: "Each write with what was there before, and what came back: the history of an issue.",
  },
  signs: {
    name: "Signs of life",
    words: "The small writes by which this node shows at its instances that it lives.",
  },
  work: {
    name: "What workers did",
    words: "Each look at a pair that waited, and what came of it.",
  },
  errors: { name: "Errors that have ended", words: "When each stood, and how it was mended." },
  totals: {
    name: "Daily totals",
    words: "What the charts of a year are made of. Minutes are kept 2 days, hours 62 days.",
  },
  sessions: { name: "Sessions that are over", words: "Who was signed in, from which browser." },
  workers: {
    name: "Workers that ended",
    words: "Which process worked when, in earlier lives of this node.",
  },
};

/** What stays for as long as the node does, whatever is set. */
export const NEVER_CUT = [
  "The audit, every opening and closing of the gate, and what each activation sent.",
  "Everything of an issue that waits in the Sync Queue, and writes since it was last in step.",
  "Writes whose outcome is not known.",
  "The last update on each side of a pair, by which its own mark on the issue is known again.",
  "The last look at each pair, and errors that stand.",
];

const CHOICES = [1, 2, 7, 14, 30, 60, 90, 180, 365, 730, 1_825, 3_650];

/** The periods to choose from: sensible ones within the bounds, and the present one. */
export function periodChoices(kind: HistoryKind, present: Period): Period[] {
  const { least, most, permanent } = HISTORY[kind];
  const days = new Set(CHOICES.filter((each) => each >= least && each <= most));
  days.add(most);
  if (present !== null) days.add(present);
  return [...[...days].toSorted((a, b) => a - b), ...(permanent ? [null] : [])];
}

const NAMED: Record<number, string> = {
  1: "a day",
  7: "a week",
  14: "two weeks",
  365: "a year",
  730: "two years",
  1825: "five years",
  3650: "ten years",
};

export function periodWords(days: Period): string {
  return days === null ? "for good" : (NAMED[days] ?? `${formatNumber(days)} days`);
}

/** "no rows", "1 row", "about 1,200,000 rows". */
export function rowsWords({ rows, isEstimate }: RowCount): string {
  if (rows === 0) return "no rows";
  if (!isEstimate) return rows === 1 ? "1 row" : `${formatNumber(rows)} rows`;
  const size = 10 ** Math.max(0, Math.floor(Math.log10(rows)) - 1);
  return `about ${formatNumber(Math.round(rows / size) * size)} rows`;
}

/** "1,240 rows", "more than 20,000 rows". */
export function removalWords({ rows, isMore }: { rows: number; isMore: boolean }): string {
  const words = rowsWords({ rows, isEstimate: false });
  return isMore ? `more than ${words}` : words;
}
