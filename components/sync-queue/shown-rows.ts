/** A row on the screen; `isGone` when it has left the queue, or this page of it, since. */
export type ShownRow<Row> = { row: Row; isGone: boolean };

export type ShownRows<Row> = {
  rows: ShownRow<Row>[];
  /** Rows of the newest reading that are not shown yet. */
  arrived: number;
  gone: number;
};

/**
 * What to show while somebody points at the table: the rows that were there, in the order they were
 * in, with the newest values. Nothing moves under the cursor; what came is counted instead.
 */
export function shownRows<Row extends { id: number }>(
  shown: readonly Row[],
  newest: readonly Row[],
): ShownRows<Row> {
  const byId = new Map(newest.map((row) => [row.id, row]));
  const rows = shown.map((row) => ({ row: byId.get(row.id) ?? row, isGone: !byId.has(row.id) }));
  const shownIds = new Set(shown.map((row) => row.id));
  return {
    rows,
    arrived: newest.filter((row) => !shownIds.has(row.id)).length,
    gone: rows.filter((row) => row.isGone).length,
  };
}

/** "37 new and 2 gone – show" in a button; `null` when the screen is the newest reading. */
export function unseenWords({ arrived, gone }: ShownRows<unknown>): string | null {
  const parts = [arrived > 0 && `${arrived} new`, gone > 0 && `${gone} gone`].filter(Boolean);
  return parts.length === 0 ? null : `${parts.join(", ")} – show`;
}
