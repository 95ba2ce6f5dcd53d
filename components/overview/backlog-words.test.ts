import { expect, test } from "vitest";
import { backlogRows } from "@/components/overview/backlog-words";

test("the backlog is summed by connection, the fullest first", () => {
  const acme = { id: 1, name: "Acme" };
  const ops = { id: 2, name: "Ops" };
  const rows = backlogRows([
    { connection: ops, direction: "to_remote", waiting: 5 },
    { connection: acme, direction: "to_remote", waiting: 4 },
    { connection: acme, direction: "both", waiting: 1 },
    { connection: acme, direction: null, waiting: 2 },
  ]);
  expect(rows).toEqual([
    { connection: acme, toRemote: 4, toLocal: 0, both: 1, unplanned: 2, total: 7 },
    { connection: ops, toRemote: 5, toLocal: 0, both: 0, unplanned: 0, total: 5 },
  ]);
});
