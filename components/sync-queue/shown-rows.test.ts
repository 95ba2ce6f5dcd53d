import { expect, test } from "vitest";
import { shownRows, unseenWords } from "@/components/sync-queue/shown-rows";
import type { QueueRow } from "@/lib/sync-queue/row";

function row(id: number, state: QueueRow["state"] = "queued"): QueueRow {
  return {
    id,
    issueKey: `ABC-${id}`,
    twinKey: null,
    summary: "",
    connection: { id: 1, name: "Acme" },
    direction: null,
    words: null,
    changes: 1,
    createdAt: "",
    readyAt: "",
    state,
    failures: 0,
    error: null,
    heldBy: null,
    isInherited: false,
  };
}

test("rows keep their places and take the newest values", () => {
  const shown = shownRows([row(1), row(2)], [row(2, "running"), row(1)]);
  expect(shown.rows.map(({ row: { id, state } }) => [id, state])).toEqual([
    [1, "queued"],
    [2, "running"],
  ]);
  expect(unseenWords(shown)).toBeNull();
});

test("a row that has left stays in its place, marked as gone", () => {
  const shown = shownRows([row(1), row(2)], [row(2)]);
  expect(shown.rows.map(({ isGone }) => isGone)).toEqual([true, false]);
  expect(unseenWords(shown)).toBe("1 gone – show");
});

test("rows that came are counted and do not push the others", () => {
  const shown = shownRows([row(1)], [row(5), row(6), row(1)]);
  expect(shown.rows).toHaveLength(1);
  expect(unseenWords(shown)).toBe("2 new – show");
  expect(unseenWords(shownRows([row(1)], [row(5)]))).toBe("1 new, 1 gone – show");
});
