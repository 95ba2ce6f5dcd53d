/**
 * A moment as JQL reads it: to the minute, in the caller's profile time zone (contract C.3). Cut, never
 * rounded, so that `>=` finds everything of that minute.
 */
export function jqlMinute(at: Date, timeZone: string): string {
  const parts = new Intl.DateTimeFormat("en-CA", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
  }).formatToParts(at);
  const part = (type: Intl.DateTimeFormatPartTypes) =>
    parts.find((each) => each.type === type)?.value ?? "";
  return `${part("year")}-${part("month")}-${part("day")} ${part("hour")}:${part("minute")}`;
}

/** A text as a JQL string literal. */
export function jqlString(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}

/** A search without its own order: ours replaces it. */
export function withoutOrder(jql: string): string {
  return jql.replace(/\border\s+by\b[^"']*$/i, "").trim();
}
