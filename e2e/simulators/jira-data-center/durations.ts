import { invalidFields } from "@/e2e/simulators/jira-data-center/jira-error";
import type { Issue } from "@/e2e/simulators/jira-data-center/records";

const MINUTE = 60;
const UNITS: Record<string, number> = { m: 1, h: 60, d: 8 * 60, w: 5 * 8 * 60 };

/** "1d 2h" in seconds; a day has eight hours and a week five days. A bare number is minutes. */
export function readDuration(text: string): number {
  const parts = text.trim().toLowerCase().split(/\s+/);
  let minutes = 0;
  for (const part of parts) {
    const [, number, unit = "m"] = /^(\d+(?:\.\d+)?)([mhdw])?$/.exec(part) ?? [];
    if (number === undefined) throw invalidFields({ timeLogged: "Invalid time duration entered." });
    minutes += Number(number) * (UNITS[unit] ?? 1);
  }
  return Math.round(minutes) * MINUTE;
}

/** Seconds as people write them: "1d 2h 30m". */
export function shownDuration(seconds: number): string {
  let rest = Math.floor(seconds / MINUTE);
  const parts: string[] = [];
  for (const unit of ["w", "d", "h", "m"]) {
    const size = UNITS[unit] ?? 1;
    if (rest >= size) parts.push(`${Math.floor(rest / size)}${unit}`);
    rest %= size;
  }
  return parts.join(" ") || "0m";
}

export function timeSpent({ worklogs }: Pick<Issue, "worklogs">): number {
  return worklogs.reduce((sum, { seconds }) => sum + seconds, 0);
}
