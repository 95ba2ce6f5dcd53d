/** What a person typed into the search field of pairs, as the indexes want it. */
export type PairSearch = {
  /** A LIKE pattern for upper-cased keys. */
  keyPattern: string;
  /** A query of PostgreSQL's text search; null when what was typed has no words. */
  wordQuery: string | null;
};

/**
 * `prod-1` finds keys that begin so; `log fail` finds summaries with words that begin with both. What
 * looks like a whole key is not looked for among words.
 */
export function pairSearch(q: string): PairSearch {
  const keyPattern = `${q.toUpperCase().replace(/[\\%_]/g, "\\$&")}%`;
  if (/^(#?\d+|[a-z][a-z0-9_]*-\d*)$/i.test(q)) return { keyPattern, wordQuery: null };
  const words = q.match(/[\p{L}\p{N}]+/gu) ?? [];
  return {
    keyPattern,
    wordQuery: words.length > 0 ? words.map((word) => `'${word}':*`).join(" & ") : null,
  };
}
