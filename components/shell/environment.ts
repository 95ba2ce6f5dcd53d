/** Labels are free text; these words decide the look in the page and in the icon. */
export function environmentKind(label: string | null): "production" | "staging" | "other" {
  if (/^prod(uction)?\b/i.test(label ?? "")) return "production";
  if (/^stag(e|ing)\b/i.test(label ?? "")) return "staging";
  return "other";
}

/** In doubt while nobody has decided whether this node, or a copy of it, has that label. */
export function labelWords(label: string, isInDoubt: boolean): string {
  return `${label.toUpperCase()}${isInDoubt ? "?" : ""}`;
}
