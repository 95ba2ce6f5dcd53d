/** Answers that are still good, by what they answer. Times are of this process's own clock. */
export type Kept<Key, T> = Map<Key, { until: number; value: Promise<T> }>;

/**
 * An answer that is kept for `ms`: whoever asks meanwhile, or while it is on its way, gets the same one. A
 * failure reaches all of those, and is not kept.
 */
export function keeping<Key, T>(
  kept: Kept<Key, T>,
  key: Key,
  ms: number,
  ask: () => Promise<T>,
): Promise<T> {
  const known = kept.get(key);
  if (known && known.until > performance.now()) return known.value;
  const value = ask();
  const entry = { until: performance.now() + ms, value };
  kept.set(key, entry);
  value.catch(() => {
    if (kept.get(key) === entry) kept.delete(key);
  });
  return value;
}
