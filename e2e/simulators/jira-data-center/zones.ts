const formatters = new Map<string, Intl.DateTimeFormat>();

/** `2026-11-24T18:00:00.000+0000`, in the given zone: milliseconds, and no colon in the offset. */
export function jiraTimestamp(at: number, zone: string): string {
  const offsetMs = offsetAt(at, zone);
  const minutes = Math.abs(offsetMs) / 60_000;
  const sign = offsetMs < 0 ? "-" : "+";
  const hhmm = `${pad(Math.floor(minutes / 60))}${pad(Math.floor(minutes % 60))}`;
  return `${new Date(at + offsetMs).toISOString().slice(0, -1)}${sign}${hhmm}`;
}

/**
 * The moment at which a clock in `zone` shows this date and time. A time that comes twice in autumn
 * means the earlier one; a time that is skipped in spring means as much later as was skipped.
 */
export function atWallClock(clockAsUtc: number, zone: string): number {
  const before = clockAsUtc - offsetAt(clockAsUtc - DAY_MS, zone);
  const after = clockAsUtc - offsetAt(clockAsUtc + DAY_MS, zone);
  const shows = (at: number) => at + offsetAt(at, zone) === clockAsUtc;
  const fitting = [before, after].filter(shows);
  return fitting.length > 0 ? Math.min(...fitting) : before;
}

/** Midnight of the day that a clock in `zone` shows at `at`. */
export function startOfDay(at: number, zone: string): number {
  const clock = at + offsetAt(at, zone);
  return atWallClock(clock - (((clock % DAY_MS) + DAY_MS) % DAY_MS), zone);
}

export function isTimeZone(zone: string): boolean {
  try {
    formatter(zone);
    return true;
  } catch {
    return false;
  }
}

const DAY_MS = 24 * 60 * 60 * 1_000;

function offsetAt(at: number, zone: string): number {
  if (zone === "UTC") return 0;
  const part: Record<string, number> = {};
  for (const { type, value } of formatter(zone).formatToParts(at)) part[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
  const wholeSecond = Math.floor(at / 1_000) * 1_000;
  return Date.UTC(year, month - 1, day, hour, minute, second) - wholeSecond;
}

function formatter(zone: string): Intl.DateTimeFormat {
  let found = formatters.get(zone);
  if (!found) {
    found = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
    formatters.set(zone, found);
  }
  return found;
}

const pad = (value: number) => String(value).padStart(2, "0");
