/** Counts by name. */
export type Tally = Map<string, number>;

export function count(tally: Tally, name: string, by = 1): void {
  tally.set(name, (tally.get(name) ?? 0) + by);
}

export function add(tally: Tally, other: Tally): void {
  for (const [name, by] of other) count(tally, name, by);
}

/** Each call adds the time since the last one to a name. */
export function stopwatch(spent: Tally): (on: string) => void {
  let since = performance.now();
  return (on) => {
    const now = performance.now();
    count(spent, on, now - since);
    since = now;
  };
}
