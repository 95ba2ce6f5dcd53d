const number = new Intl.NumberFormat("en-GB");

/** "1 issue", "1,204 issues". */
export function count(amount: number, noun: string, plural = `${noun}s`): string {
  return `${number.format(amount)} ${amount === 1 ? noun : plural}`;
}

export function isAre(amount: number): "is" | "are" {
  return amount === 1 ? "is" : "are";
}

export function formatNumber(amount: number): string {
  return number.format(amount);
}

/** "status", "status and priority", "status, priority and 2 comments". */
export function list(parts: readonly string[]): string {
  if (parts.length < 2) return parts[0] ?? "";
  return `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;
}

/** A fragment as a sentence: "the node restarted" becomes "The node restarted." */
export function sentence(text: string): string {
  const trimmed = text.trim().replace(/\.$/, "");
  return `${trimmed.charAt(0).toUpperCase()}${trimmed.slice(1)}.`;
}
