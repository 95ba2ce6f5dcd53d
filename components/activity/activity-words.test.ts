import { expect, test } from "vitest";
import { auditOf, endWords, lastedWords } from "@/components/activity/activity-words";
import type { Activation } from "@/lib/activity/activity";

const OPEN: Activation = {
  id: 1,
  fence: { incarnation: "today", epoch: 2 },
  openedAt: "2026-03-01T09:00:00.000Z",
  openedBy: "ada",
  openedReason: null,
  end: null,
  totals: { applied: 0, rejected: 0, unknown: 0, synced: 0, retried: 0, failed: 0, held: null },
  byConnection: [],
};
const CLOSED: Activation = {
  ...OPEN,
  end: {
    kind: "closing",
    at: "2026-03-01T10:30:00.000Z",
    by: "bob",
    reason: null,
    settledAt: "2026-03-01T10:30:04.000Z",
  },
};

test("an activation that lasts is told up to now", () => {
  expect(endWords(OPEN)).toBe("Active now");
  expect(lastedWords(OPEN, Date.parse("2026-03-01T09:12:00Z"))).toBe("12 min");
});

test("who or what ended it is told", () => {
  expect(endWords(CLOSED)).toBe("Deactivated by bob");
  expect(lastedWords(CLOSED, 0)).toBe("1.5 h");
  const byNode = { ...CLOSED, end: { ...(CLOSED.end as object), by: null } } as Activation;
  expect(endWords(byNode)).toBe("Closed by the node");
  const cut = {
    ...CLOSED,
    end: { ...(CLOSED.end as object), kind: "new_incarnation" },
  } as Activation;
  expect(endWords(cut)).toBe("Ended by a start of the node");
});

test("its audit reaches over its closing", () => {
  expect(auditOf(CLOSED)).toBe(
    "/audit?from=2026-03-01T09%3A00%3A00.000Z&to=2026-03-01T10%3A30%3A05.000Z",
  );
  expect(auditOf(OPEN)).toBe("/audit?from=2026-03-01T09%3A00%3A00.000Z");
});
