import { expect, test } from "vitest";
import { waitingRows } from "@/components/activation/waiting-words";
import type { WaitingLine } from "@/lib/identity/activation";
import { waitingOf } from "@/lib/testing/activation";

const line = (id: number, shares: Partial<WaitingLine>) =>
  waitingOf({ id, name: `C${id}` }, shares);

test("the fullest connection comes first, and one where nothing waits is left out", () => {
  const rows = waitingRows([
    line(1, { toRemote: 2 }),
    line(2, {}),
    line(3, { both: 1, unplanned: 4 }),
  ]);
  expect(rows.map(({ line: { connection }, total }) => [connection.name, total])).toEqual([
    ["C3", 5],
    ["C1", 2],
  ]);
});

test("what came with a copy is told apart from what is new since", () => {
  expect(waitingRows([line(1, { toRemote: 9, inherited: 7 })])[0]?.fresh).toBe(2);
});
