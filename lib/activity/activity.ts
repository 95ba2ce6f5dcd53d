/** How far back a chart looks, and in what steps: about a hundred points, whatever the length. */
export const SPANS = {
  "6h": { words: "6 hours", grain: "minute", hours: 6, stepMinutes: 5 },
  "24h": { words: "24 hours", grain: "minute", hours: 24, stepMinutes: 15 },
  "7d": { words: "7 days", grain: "hour", hours: 7 * 24, stepMinutes: 120 },
  "30d": { words: "30 days", grain: "hour", hours: 30 * 24, stepMinutes: 480 },
  "1y": { words: "a year", grain: "day", hours: 364 * 24, stepMinutes: 4 * 1440 },
} as const;
export type Span = keyof typeof SPANS;
export const SPAN_NAMES = Object.keys(SPANS) as Span[];

/** One step of a chart. What was counted in it, and the most that waited; null where no worker looked. */
export type ActivityPoint = {
  /** When the step began. */
  at: string;
  /** Writes that instances confirmed. */
  applied: number;
  /** Tries that ended without success: writes refused, entries tried in vain. */
  errors: number;
  waiting: number | null;
  /** How long the oldest had waited, in seconds. */
  oldestS: number | null;
};

/** Oldest point first; every step is there, also one in which nothing happened. */
export type ActivitySeries = { connection: { id: number; name: string }; points: ActivityPoint[] };

export type ActivityCharts = {
  span: Span;
  /** Added up over connections: what was counted as a sum, ages as the longest. */
  whole: ActivityPoint[];
  byConnection: ActivitySeries[];
  /** Everything before this is counted. */
  countedTo: string;
  now: string;
};

/** What came of an opening. `held` null: no worker looked. */
export type ActivationTotals = {
  applied: number;
  rejected: number;
  unknown: number;
  synced: number;
  retried: number;
  failed: number;
  held: number | null;
};

export type Activation = {
  id: number;
  fence: { incarnation: string; epoch: number };
  openedAt: string;
  openedBy: string | null;
  openedReason: string | null;
  /** How it ended; null while it lasts. `by` null: the node itself. */
  end: {
    kind: "closing" | "new_incarnation";
    at: string;
    by: string | null;
    reason: string | null;
    /** When nothing was on the wire any more; null: not yet, or cut short by a new life. */
    settledAt: string | null;
  } | null;
  totals: ActivationTotals;
  byConnection: (ActivationTotals & { connection: { id: number; name: string } })[];
};

export type ActivationPage = { rows: Activation[]; next: number | null; now: string };

const NOTHING: ActivationTotals = {
  applied: 0,
  rejected: 0,
  unknown: 0,
  synced: 0,
  retried: 0,
  failed: 0,
  held: null,
};

/** The sum; unknown parts count as nothing, unless all are unknown. */
export function addTotals(parts: readonly ActivationTotals[]): ActivationTotals {
  return parts.reduce<ActivationTotals>(
    (sum, part) => ({
      applied: sum.applied + part.applied,
      rejected: sum.rejected + part.rejected,
      unknown: sum.unknown + part.unknown,
      synced: sum.synced + part.synced,
      retried: sum.retried + part.retried,
      failed: sum.failed + part.failed,
      held: part.held === null ? sum.held : (sum.held ?? 0) + part.held,
    }),
    NOTHING,
  );
}

/** One step over all connections: counts and waiting as sums, ages as the longest. */
export function addPoints(at: string, parts: readonly ActivityPoint[]): ActivityPoint {
  const known = <T>(values: (T | null)[]) => values.filter((value) => value !== null);
  const waiting = known(parts.map((part) => part.waiting));
  const ages = known(parts.map((part) => part.oldestS));
  return {
    at,
    applied: parts.reduce((sum, part) => sum + part.applied, 0),
    errors: parts.reduce((sum, part) => sum + part.errors, 0),
    waiting: waiting.length > 0 ? waiting.reduce((sum, count) => sum + count, 0) : null,
    oldestS: ages.length > 0 ? Math.max(...ages) : null,
  };
}
