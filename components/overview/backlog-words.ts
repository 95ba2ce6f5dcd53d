import type { BacklogCell } from "@/lib/gate/overview";

/** One connection's share of the backlog, by where it would be written. */
export type BacklogRow = {
  connection: { id: number; name: string };
  toRemote: number;
  toLocal: number;
  both: number;
  unplanned: number;
  total: number;
};

/** One row per connection, the fullest first. */
export function backlogRows(cells: BacklogCell[]): BacklogRow[] {
  const rows = new Map<number, BacklogRow>();
  for (const { connection, direction, waiting } of cells) {
    const row = rows.get(connection.id) ?? {
      connection,
      toRemote: 0,
      toLocal: 0,
      both: 0,
      unplanned: 0,
      total: 0,
    };
    row[COLUMN[direction ?? "unplanned"]] += waiting;
    row.total += waiting;
    rows.set(connection.id, row);
  }
  return [...rows.values()].sort(
    (a, b) => b.total - a.total || a.connection.name.localeCompare(b.connection.name),
  );
}

const COLUMN = {
  to_remote: "toRemote",
  to_local: "toLocal",
  both: "both",
  unplanned: "unplanned",
} as const;
