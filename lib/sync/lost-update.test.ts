import { describe, expect, test } from "vitest";
import { type HistoryItem, lostEdits, type OwnUpdate } from "@/lib/sync/history";
import { plan } from "@/lib/sync/plan";
import { LOCAL, pairInput, REMOTE, reading } from "@/lib/testing/readings";

const at = "2026-11-25T12:00:10.000Z";
const ours = { key: "us", clockOffsetMs: 0 };
const update: OwnUpdate = {
  side: "remote",
  at: new Date(at),
  fields: { summary: "From PROD" },
  before: { summary: "Old" },
  otherBase: { summary: "Old" },
  onTheWay: [],
};
const item = (more: Partial<HistoryItem>): HistoryItem => ({
  at,
  authorKey: "us",
  authorName: "Exalate",
  field: "summary",
  from: "Old",
  to: "From PROD",
  ...more,
});
const mias = item({ authorKey: "mia", authorName: "Mia", to: "Mia's" });

describe("what our update replaced", () => {
  test("is what we had read: nothing was lost", () => {
    expect(lostEdits([update], [item({})], ours, { summary: "From PROD" })).toEqual({});
  });

  test("is an edit that we had not seen, and its author is known", () => {
    const history = [mias, item({ from: "Mia's" })];
    expect(lostEdits([update], history, ours, { summary: "From PROD" })).toEqual({
      summary: { value: "Mia's", by: "Mia", before: "Old", otherBase: "Old" },
    });
  });

  test("does not matter any more once somebody has written something else there", () => {
    const history = [mias, item({ from: "Mia's" })];
    expect(lostEdits([update], history, ours, { summary: "Newer" })).toEqual({});
  });

  test("is not guessed where the history does not hold the value", () => {
    const { from: _unknown, ...silent } = item({});
    expect(lostEdits([update], [mias, silent], ours, { summary: "From PROD" })).toEqual({});
  });

  test("is also looked up for the first of several steps to a status", () => {
    const step = (from: string, to: string, onTheWay: string[]): OwnUpdate => ({
      ...update,
      fields: { status: to },
      before: { status: from },
      otherBase: { status: "Open" },
      onTheWay,
    });
    const moved = (from: string, to: string, by = "us") =>
      item({ field: "status", from, to, authorKey: by, authorName: by });
    const steps = [step("New", "Working", ["status"]), step("Working", "Closed", [])];
    const history = [
      moved("New", "Parked", "mia"),
      moved("Parked", "Working"),
      moved("Working", "Closed"),
    ];
    expect(lostEdits(steps, history, ours, { status: "Closed" })).toEqual({
      status: { value: "Parked", by: "mia", before: "New", otherBase: "Open" },
    });
    expect(lostEdits(steps, history.slice(2), ours, { status: "Closed" })).toEqual({});
  });

  test("is looked up for the last of our updates of a field only", () => {
    const second = { ...update, fields: { summary: "Both" }, before: { summary: "From PROD" } };
    const history = [mias, item({ from: "Mia's" }), item({ from: "From PROD", to: "Both" })];
    expect(lostEdits([update, second], history, ours, { summary: "Both" })).toEqual({});
  });
});

describe("a lost edit is merged again", () => {
  const lost = {
    local: {},
    remote: {
      summary: { value: "Mia's", by: "Mia", before: "Login fails", otherBase: "Login fails" },
    },
  };
  const now = {
    local: reading({ ...LOCAL, summary: "Ada's" }, { id: "10", key: "PROD-1" }),
    remote: reading({ ...REMOTE, summary: "Ada's" }, { id: "20", key: "ACME-1" }),
    base: {
      local: { ...LOCAL, summary: "Ada's" },
      remote: { ...REMOTE, summary: "Ada's" },
    },
    lost,
  };

  test("and is a conflict like any other, with whose edit it was", () => {
    const planned = plan(pairInput({ ...now, policy: "hold" }));
    expect(planned.plan.conflicts).toMatchObject([
      { field: "summary", local: "Ada's", remote: "Mia's", resolution: "hold" },
    ]);
    expect(planned.plan.notes[0]?.text).toContain('Mia changed summary to "Mia\'s"');
  });

  test("and comes back on both sides where its side wins", () => {
    expect(plan(pairInput({ ...now, policy: "remote" })).plan.writes).toMatchObject([
      { side: "remote", changes: [{ field: "summary", from: "Ada's", to: "Mia's" }] },
      { side: "local", changes: [{ field: "summary", from: "Ada's", to: "Mia's" }] },
    ]);
  });

  test("and stays replaced where the other side wins: nothing is written", () => {
    const planned = plan(pairInput({ ...now, policy: "local" }));
    expect(planned.plan.writes).toEqual([]);
    expect(planned.plan.notes).toHaveLength(1);
  });

  test("and lines of a text that do not overlap come together", () => {
    const text = (summary: string) => ({ ...LOCAL, description: summary });
    const planned = plan(
      pairInput({
        local: reading(text("one!\ntwo\nthree"), { id: "10", key: "PROD-1" }),
        remote: reading({ ...REMOTE, description: "one!\ntwo\nthree" }, { id: "20", key: "A-1" }),
        base: {
          local: text("one!\ntwo\nthree"),
          remote: { ...REMOTE, description: "one!\ntwo\nthree" },
        },
        lost: {
          local: {},
          remote: {
            description: {
              value: "one\ntwo\nthree!",
              by: "Mia",
              before: "one\ntwo\nthree",
              otherBase: "one\ntwo\nthree",
            },
          },
        },
      }),
    );
    const merged = "one!\ntwo\nthree!";
    expect(planned.plan.writes).toMatchObject([
      { side: "remote", changes: [{ field: "description", to: merged }] },
      { side: "local", changes: [{ field: "description", to: merged }] },
    ]);
  });
});
