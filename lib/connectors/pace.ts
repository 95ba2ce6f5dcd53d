/** How a call ended, as far as pace is concerned. */
export type CallEnd =
  | { kind: "answered"; status: number; ms: number; header: (name: string) => string | null }
  | { kind: "unanswered"; ms: number }
  /** It never left: that says nothing about the instance. */
  | { kind: "unsent" };

/** Lets calls to one instance begin as it can bear them. */
export type Pace = {
  /**
   * Resolves when a call may begin, with what to say when it has ended. Throws `SyncError`
   * (`instance_unreachable`, `rate_limited`) when the instance should not be asked for a while.
   */
  begin(): Promise<(end: CallEnd) => void>;
};

/** What an instance says of its limit: calls a second, the size of its bucket, what is left in it. */
export type Limit = { rate: number; burst: number; left: number };

/** Others use the account too, and its count is approximate: a tenth is left to them. */
const OUR_SHARE = 0.9;

/**
 * The limit in an answer's headers, as Jira Data Center sends them with every authenticated answer; null
 * when it names none, or one that makes no sense. Source: Atlassian, "Adjusting your code for rate limiting".
 */
export function limitIn(header: (name: string) => string | null): Limit | null {
  const [burst, left, interval, fill] = [
    "x-ratelimit-limit",
    "x-ratelimit-remaining",
    "x-ratelimit-interval-seconds",
    "x-ratelimit-fillrate",
  ].map((name) => numberIn(header(name)));
  if (burst === undefined || interval === undefined || fill === undefined) return null;
  if (burst < 1 || interval <= 0 || fill <= 0) return null;
  return {
    rate: (fill / interval) * OUR_SHARE,
    burst: Math.max(1, Math.floor(burst * OUR_SHARE)),
    left: Math.max(0, (left ?? burst) - burst * (1 - OUR_SHARE)),
  };
}

function numberIn(text: string | null): number | undefined {
  const value = text === null || text.trim() === "" ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : undefined;
}

/** How many calls at once an instance is asked: grows slowly while it is quick, shrinks fast when it is not. */
export type Width = { limit: number; quickestMs: number; narrowedAt: number };

export const FIRST_WIDTH: Width = {
  limit: 16,
  quickestMs: Number.POSITIVE_INFINITY,
  narrowedAt: Number.NEGATIVE_INFINITY,
};

const WIDEST = 32;
/** Slower than this many times its quickest, it is asked less at once. */
const SLOW = 4;
/** Below this nobody waits, whatever the ratio. */
const QUICK_MS = 250;
/** Answers to calls that began before it was narrowed must not narrow it again. */
const SETTLE_MS = 1_000;

/** `running`: calls on the wire when this one ended, itself included. `now` in milliseconds, monotonic. */
export function adapted(width: Width, end: CallEnd, running: number, now: number): Width {
  if (end.kind === "unsent") return width;
  // Forgets slowly, so that an instance that became slower for good is not narrowed for ever.
  const quickestMs = Math.min(end.ms, width.quickestMs * 1.01);
  const isOverloaded =
    end.kind === "unanswered" ||
    end.status === 429 ||
    end.status === 503 ||
    (end.ms > QUICK_MS && end.ms > SLOW * quickestMs);
  if (isOverloaded) {
    if (now - width.narrowedAt < SETTLE_MS) return { ...width, quickestMs };
    return { limit: Math.max(1, width.limit * 0.7), quickestMs, narrowedAt: now };
  }
  // An allowance that nobody needs says nothing about what the instance can bear.
  const isNeeded = running >= Math.floor(width.limit);
  const limit = isNeeded ? Math.min(WIDEST, width.limit + 1 / width.limit) : width.limit;
  return { ...width, limit, quickestMs };
}

/** Whether an end speaks of an instance that is not there, rather than of one that refuses. */
export function isSilence(end: CallEnd): boolean {
  return (
    end.kind === "unanswered" || (end.kind === "answered" && [502, 503, 504].includes(end.status))
  );
}
