/** The end of an axis: the next round number at or above `most`, at least 1. */
export function axisEnd(most: number): number {
  if (most <= 1) return 1;
  const power = 10 ** Math.floor(Math.log10(most));
  const lead = [1, 2, 2.5, 5, 10].find((step) => most <= step * power) ?? 10;
  return lead * power < 10 ? Math.ceil(lead * power) : lead * power;
}

const DURATIONS_S = [60, 300, 900, 1_800, 3_600, 7_200, 14_400, 43_200, 86_400];
const DAY_S = 86_400;

/** The same for seconds: the next length that people have a word for. */
export function ageAxisEnd(mostS: number): number {
  return DURATIONS_S.find((length) => mostS <= length) ?? axisEnd(mostS / DAY_S) * DAY_S;
}

/** "45 s", "12 min", "3 h", "2 days". */
export function lengthWords(seconds: number): string {
  if (seconds < 60) return `${Math.round(seconds)} s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 2 * DAY_S) return trimmed(seconds / 3_600, "h");
  return trimmed(seconds / DAY_S, "days");
}

/** A half is said, finer than that is not. */
function trimmed(amount: number, unit: string): string {
  return `${Math.floor(amount * 2) / 2} ${unit}`;
}

/** A line's parts: values next to each other, as [index, value]. A gap where nobody looked ends a part. */
export function unbroken(values: readonly (number | null)[]): [number, number][][] {
  const parts: [number, number][][] = [];
  let isOpen = false;
  values.forEach((value, index) => {
    if (value === null) {
      isOpen = false;
      return;
    }
    if (!isOpen) parts.push([]);
    isOpen = true;
    parts.at(-1)?.push([index, value]);
  });
  return parts;
}
