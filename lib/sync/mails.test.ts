import { describe, expect, test } from "vitest";
import { type MailInput, mailsOf } from "@/lib/sync/mails";
import type { Write } from "@/lib/sync/plan-types";
import { reading } from "@/lib/testing/readings";

const loud = { local: false, remote: false };
const quiet = { local: false, remote: true };
const twin = (audience?: { keys: string[]; watchers: number }): MailInput["readings"] => ({
  local: null,
  remote: { ...reading({}), ...(audience ? { audience } : {}) },
});
const ours = { local: "us", remote: "us" };
const update = (field = "summary", to = "new"): Write => ({
  kind: "update_issue",
  side: "remote",
  changes: [{ field, source: field, from: "old", to }],
});
const comment = (restrictedTo?: string): Write => ({
  kind: "add_comment",
  side: "remote",
  marker: "m",
  originId: "1",
  authorName: "Mia",
  writtenAt: "2026-11-25T10:00:00.000Z",
  body: "b",
  digest: "d",
  ...(restrictedTo ? { restrictedTo } : {}),
});

describe("who is told by mail", () => {
  test("assignee and reporter, each once, and not ourselves", () => {
    const readings = twin({ keys: ["mia", "us", "mia", "bob"], watchers: 0 });
    expect(mailsOf([update()], { readings, ours, isQuiet: loud })).toEqual([
      { side: "remote", people: 2, writes: 1 },
    ]);
  });

  test("watchers are counted, and may be the same people: the larger number is certain", () => {
    const readings = twin({ keys: ["mia"], watchers: 5 });
    expect(mailsOf([update(), comment()], { readings, ours, isQuiet: loud })).toEqual([
      { side: "remote", people: 5, writes: 2 },
    ]);
  });

  test("whoever gets the issue assigned is told too", () => {
    const readings = twin({ keys: ["mia"], watchers: 0 });
    expect(mailsOf([update("assignee", "bob")], { readings, ours, isQuiet: loud })).toEqual([
      { side: "remote", people: 2, writes: 1 },
    ]);
  });

  test("an update without mails tells nobody; a comment beside it still does", () => {
    const readings = twin({ keys: ["mia"], watchers: 0 });
    expect(mailsOf([update()], { readings, ours, isQuiet: quiet })).toEqual([
      { side: "remote", people: 0, writes: 0 },
    ]);
    expect(mailsOf([update(), comment()], { readings, ours, isQuiet: quiet })).toEqual([
      { side: "remote", people: 1, writes: 1 },
    ]);
  });

  test("a comment for a circle is not promised to anybody", () => {
    const readings = twin({ keys: ["mia"], watchers: 0 });
    expect(mailsOf([comment("role:Developers")], { readings, ours, isQuiet: loud })).toEqual([]);
  });

  test("nobody can know for a new issue, nor where the instance does not say", () => {
    const create: Write = {
      kind: "create_issue",
      side: "remote",
      marker: "m",
      values: {},
      sources: {},
      thenStatus: null,
    };
    expect(
      mailsOf([create, comment()], {
        readings: { local: null, remote: null },
        ours,
        isQuiet: quiet,
      }),
    ).toEqual([{ side: "remote", unknown: "new_issue" }]);
    expect(mailsOf([update()], { readings: twin(), ours, isQuiet: loud })).toEqual([
      { side: "remote", unknown: "not_told" },
    ]);
  });
});
