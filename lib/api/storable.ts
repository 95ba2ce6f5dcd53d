/**
 * The first place in what was sent whose text PostgreSQL cannot keep: with U+0000 in it, or half of a
 * pair of surrogates. A name with a dot between the steps, "" for the whole; null when all can be kept.
 */
export function unstorableAt(value: unknown, path: string[] = []): string | null {
  if (typeof value === "string") return isStorable(value) ? null : path.join(".");
  if (typeof value !== "object" || value === null) return null;
  for (const [name, inner] of Object.entries(value)) {
    if (!isStorable(name)) return path.join(".");
    const found = unstorableAt(inner, [...path, name]);
    if (found !== null) return found;
  }
  return null;
}

function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes("\0");
}
