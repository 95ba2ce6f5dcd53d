const MINUTE_MS = 60_000;
/** How far clocks are put back in autumn: an hour nearly everywhere, half of one on Lord Howe, two in Antarctica. */
const FOLDS_MS = [30, 60, 120].map((minutes) => minutes * MINUTE_MS);

/** Jira's `2026-11-24T18:00:00.000+0000` as ISO in UTC, or null when it is no date. */
export function isoOf(text: string): string | null {
  const at = Date.parse(text.replace(/([+-]\d\d)(\d\d)$/, "$1:$2"));
  return Number.isNaN(at) ? null : new Date(at).toISOString();
}

/**
 * A date literal of JQL, which knows minutes and is read in the caller's own zone: cut, so never later
 * than `since`. In the hour that comes twice in autumn nobody says which of the two Jira means, so the
 * literal goes back before it.
 */
export function jqlMinute(since: Date, timeZone: string): string {
  const literal = wallClock(since, timeZone);
  const fold = FOLDS_MS.find(
    (ms) => wallClock(new Date(since.getTime() + ms), timeZone) === literal,
  );
  return fold ? wallClock(new Date(since.getTime() - fold), timeZone) : literal;
}

/** `2026-11-24 18:00` as a clock in that zone shows it; seconds are cut off. */
function wallClock(at: Date, timeZone: string): string {
  const part: Record<string, string> = {};
  for (const { type, value } of formatterOf(timeZone).formatToParts(at)) part[type] = value;
  return `${part.year}-${part.month}-${part.day} ${part.hour}:${part.minute}`;
}

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterOf(timeZone: string): Intl.DateTimeFormat {
  let formatter = formatters.get(timeZone);
  if (!formatter) {
    formatter = new Intl.DateTimeFormat("en-US", {
      timeZone,
      hourCycle: "h23",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
    });
    formatters.set(timeZone, formatter);
  }
  return formatter;
}
