const MINUTE_MS = 60_000;
/** Two clocks do not agree any better. */
const NOW_MS = 3_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const YEAR_MS = 365 * DAY_MS;

/** "just now", "12 min", "3 h", "2 days", "1 y": how long ago, without the word "ago". */
export function age(at: string, nowMs: number): string {
  const past = Math.max(0, nowMs - Date.parse(at));
  if (past < MINUTE_MS) return "just now";
  if (past < HOUR_MS) return `${Math.floor(past / MINUTE_MS)} min`;
  if (past < 2 * DAY_MS) return `${Math.floor(past / HOUR_MS)} h`;
  if (past < YEAR_MS) return `${Math.floor(past / DAY_MS)} days`;
  return `${Math.floor(past / YEAR_MS)} y`;
}

/** "12 min ago". Two clocks never agree to the second: what lies a little ahead was just now. */
export function ago(at: string, nowMs: number): string {
  const words = age(at, nowMs);
  return words === "just now" ? words : `${words} ago`;
}

/** "12 s ago": to the second as long as seconds matter, then like `ago`. */
export function lately(at: string, nowMs: number): string {
  const past = Math.max(0, nowMs - Date.parse(at));
  if (past >= 2 * MINUTE_MS) return ago(at, nowMs);
  return past < NOW_MS ? "just now" : `${Math.round(past / 1_000)} s ago`;
}

/** "in 3 min": a moment to come. When it is due, the thing itself is about to happen. */
export function until(at: string, nowMs: number): string {
  const ahead = Date.parse(at) - nowMs;
  if (ahead <= 0) return "any moment";
  if (ahead < MINUTE_MS) return "in less than a minute";
  return `in ${age(new Date(nowMs - ahead).toISOString(), nowMs)}`;
}

/** The time of day, with the date when it was not today. */
export function clockTime(at: string, nowMs: number, timeZone: string): string {
  const moment = new Date(at);
  const time = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    hour: "2-digit",
    minute: "2-digit",
  }).format(moment);
  const day = dayOf(moment, timeZone);
  return day === dayOf(new Date(nowMs), timeZone) ? time : `${day} ${time}`;
}

/** The time of day to the second, for what happens within the minute. */
export function clockSecond(at: string, timeZone: string): string {
  return new Intl.DateTimeFormat("en-GB", {
    timeZone,
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  }).format(new Date(at));
}

/** To the second, with the zone named: what one copies into a ticket. */
export function exactTime(at: string, timeZone: string): string {
  return new Intl.DateTimeFormat("en-GB", {
    timeZone,
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    timeZoneName: "short",
  }).format(new Date(at));
}

function dayOf(moment: Date, timeZone: string): string {
  return new Intl.DateTimeFormat("en-GB", { timeZone, day: "numeric", month: "short" }).format(
    moment,
  );
}
