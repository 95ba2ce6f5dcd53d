import { diff3Merge } from "node-diff3";
import { normaliseText } from "@/lib/sync/replica";

/** Two edits of one text as one text, by lines; null where they overlap. Line ends come out as `\n`. */
export function mergeLines(one: string, base: string, other: string): string | null {
  const lines = (text: string) => normaliseText(text).split("\n");
  const merged: string[] = [];
  for (const region of diff3Merge(lines(one), lines(base), lines(other))) {
    if (!region.ok) return null;
    merged.push(...region.ok);
  }
  return merged.join("\n");
}
