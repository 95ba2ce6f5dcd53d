import { refusal } from "@/e2e/simulators/jira-data-center/jira-error";
import type { Operand } from "@/e2e/simulators/jira-data-center/jql-syntax";
import { atWallClock, startOfDay } from "@/e2e/simulators/jira-data-center/zones";

/** Whose clock a date in a query is read on: the caller's own, not the server's. */
export type Clock = { now: number; zone: string };

/**
 * The moment that a date in a query means: to the minute, never to the second.
 * Anything else, a timestamp copied from an answer included, is a 400 in Jira's own words.
 */
export function readDate(field: string, operand: Operand, clock: Clock): number {
  const at = operand.isFunction
    ? readFunction(operand.text, clock)
    : readLiteral(operand.text, clock);
  if (at !== null) return at;
  throw refusal(
    400,
    `Date value '${operand.text}' for field '${field}' is invalid. Valid formats include: 'yyyy/MM/dd HH:mm', 'yyyy-MM-dd HH:mm', 'yyyy/MM/dd', 'yyyy-MM-dd', or a period format e.g. '-5d', '4w 2d'.`,
  );
}

const ABSOLUTE = /^(\d{4})([-/])(\d{1,2})\2(\d{1,2})(?: (\d{1,2}):(\d{2}))?$/;
const PERIOD = /^([+-]?)((?:\d+[mhdw]\s*)+)$/;
const PERIOD_MS = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

function readLiteral(text: string, clock: Clock): number | null {
  const value = text.trim();
  const absolute = ABSOLUTE.exec(value);
  if (absolute) {
    const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = [1, 3, 4, 5, 6].map((group) =>
      Number(absolute[group] ?? 0),
    );
    if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59) return null;
    return atWallClock(Date.UTC(year, month - 1, day, hour, minute), clock.zone);
  }
  const period = PERIOD.exec(value);
  if (!period) return null;
  let length = 0;
  for (const [, amount, unit] of (period[2] ?? "").matchAll(/(\d+)([mhdw])/g)) {
    length += Number(amount) * PERIOD_MS[unit as keyof typeof PERIOD_MS];
  }
  return clock.now + (period[1] === "-" ? -length : length);
}

function readFunction(name: string, clock: Clock): number | null {
  if (name.toLowerCase() === "now") return clock.now;
  if (name.toLowerCase() === "startofday") return startOfDay(clock.now, clock.zone);
  return null;
}
