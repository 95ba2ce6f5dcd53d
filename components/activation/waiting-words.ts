import type { WaitingLine } from "@/lib/identity/activation";

/** `fresh`: what was not set aside because it came with a copy. */
export type WaitingRow = { line: WaitingLine; total: number; fresh: number };

/** One row per connection that has something waiting, the fullest first. */
export function waitingRows(waiting: readonly WaitingLine[]): WaitingRow[] {
  return waiting
    .map((line) => {
      const total = line.toRemote + line.toLocal + line.both + line.unplanned;
      return { line, total, fresh: Math.max(0, total - line.inherited) };
    })
    .filter(({ total }) => total > 0)
    .sort(
      (a, b) => b.total - a.total || a.line.connection.name.localeCompare(b.line.connection.name),
    );
}
