/** Labels are free text; these words decide the look in the page and in the icon. */
export function environmentKind(label: string | null): "production" | "staging" | "other" {
  if (/^prod(uction)?\b/i.test(label ?? "")) return "production";
  if (/^stag(e|ing)\b/i.test(label ?? "")) return "staging";
  return "other";
}
