/**
 * History that may be cut after a while: for how many days it is kept at least and at most, and when nobody
 * said otherwise. The least is far above every window that workers look back in (a loop's ten minutes, an
 * episode's quarter of an hour, the overlap of a poll). `permanent`: may be kept for good.
 */
export const HISTORY = {
  changes: { least: 7, most: 3_650, usual: 180, permanent: true },
  writes: { least: 30, most: 3_650, usual: 365, permanent: true },
  signs: { least: 2, most: 365, usual: 14, permanent: false },
  work: { least: 7, most: 3_650, usual: 180, permanent: true },
  errors: { least: 7, most: 3_650, usual: 365, permanent: true },
  // Charts look back a year at most.
  totals: { least: 90, most: 750, usual: 750, permanent: false },
  sessions: { least: 1, most: 365, usual: 90, permanent: false },
  workers: { least: 7, most: 365, usual: 90, permanent: false },
} as const satisfies Record<
  string,
  { least: number; most: number; usual: number; permanent: boolean }
>;
export type HistoryKind = keyof typeof HISTORY;
export const HISTORY_KINDS = Object.keys(HISTORY) as HistoryKind[];

/** Days, or null for good. */
export type Period = number | null;

/** Whether a change of a period takes something away that was to be kept. */
export function isShorter(from: Period, to: Period): boolean {
  return to !== null && (from === null || to < from);
}

/** A number of rows: exact up to a cap; beyond it the database's own estimate. */
export type RowCount = { rows: number; isEstimate: boolean };

export type HistoryLine = {
  kind: HistoryKind;
  days: Period;
  count: RowCount;
  oldestAt: string | null;
  /** Rows removed since the node began, and when the last ones were. */
  removed: number;
  removedAt: string | null;
};

/** What a period would remove now. `isMore`: that many, and perhaps more, were found within the limit of looking. */
export type Removal = { kind: HistoryKind; before: string; rows: number; isMore: boolean };
