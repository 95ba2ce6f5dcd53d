import { describe, expect, test } from "vitest";
import type { ChangedIssue, OpenSide } from "@/lib/connectors/connector";
import { giveChangedIssues } from "@/lib/worker/changed-issues";

const MINUTE_MS = 60_000;
const noon = Date.parse("2026-11-24T12:00:00Z");

/** An instance that knows minutes, gives at most 100 at a time, and changes while it is read. */
function instance(updated: Map<string, number>, betweenPages: () => void = () => undefined) {
  let pages = 0;
  const side: Pick<OpenSide, "changedSince"> = {
    async changedSince(since, startAt) {
      pages++;
      const from = Math.floor(since.getTime() / MINUTE_MS) * MINUTE_MS;
      const found: ChangedIssue[] = [...updated]
        .filter(([, at]) => at >= from)
        .sort(([one, at], [other, otherAt]) => at - otherAt || Number(one) - Number(other))
        .map(([id, at]) => ({
          id,
          key: `PROD-${id}`,
          summary: "",
          updatedAt: new Date(at).toISOString(),
        }));
      const page = { issues: found.slice(startAt, startAt + 100), total: found.length };
      betweenPages();
      return page;
    },
  };
  return { side: side as OpenSide, pages: () => pages };
}

async function giveAll(side: OpenSide, since = new Date(noon)) {
  const given: ChangedIssue[] = [];
  const coveredTo = await giveChangedIssues(side, since, "project", async (issues) => {
    given.push(...issues);
    return true;
  });
  return { given, coveredTo };
}

const issues = (count: number, at: (number: number) => number) =>
  new Map(Array.from({ length: count }, (_, index) => [String(index + 1), at(index + 1)]));

describe("following the changes of an instance", () => {
  test("gives each of them once, over many minutes and pages", async () => {
    const { side } = instance(issues(1_000, (number) => noon + number * 1_000));
    const { given, coveredTo } = await giveAll(side);
    expect(new Set(given.map(({ id }) => id)).size).toBe(1_000);
    expect(given).toHaveLength(1_000);
    expect(coveredTo).toBeNull();
  });

  test("is not stalled by a minute with more changes than a page holds", async () => {
    const { side } = instance(issues(5_000, () => noon + 5));
    const { given, coveredTo } = await giveAll(side);
    expect(given).toHaveLength(5_000);
    expect(coveredTo).toBeNull();
  });

  test("misses none when issues of a page already read change again and the others move up", async () => {
    const updated = issues(450, () => noon + 5);
    let changes = 0;
    const { side } = instance(updated, () => {
      // After each of the first pages, ten issues of the first page get a new time.
      if (changes < 40) for (let n = 0; n < 10; n++) updated.set(String(++changes), noon + 90_000);
    });
    const { given } = await giveAll(side);
    expect(new Set(given.map(({ id }) => id)).size).toBe(450);
    // The ones that changed are given with their new state, too.
    expect(given.filter(({ updatedAt }) => Date.parse(updatedAt) === noon + 90_000)).toHaveLength(
      40,
    );
  });

  test("that does not come to an end says how far it came", async () => {
    const updated = issues(150, () => noon + 5);
    let at = noon + 5;
    // Every page of this minute brings changes within the same minute.
    const { side } = instance(updated, () => updated.set("1", ++at));
    const { given, coveredTo } = await giveAll(side);
    expect(coveredTo).toEqual(new Date(noon));
    expect(new Set(given.map(({ id }) => id)).size).toBe(150);
  });

  test("of which there are none is one question", async () => {
    const { side, pages } = instance(new Map());
    expect(await giveAll(side)).toEqual({ given: [], coveredTo: null });
    expect(pages()).toBe(1);
  });

  test("stops when told, with what is covered for certain", async () => {
    const { side } = instance(issues(1_000, (number) => noon + number * 1_000));
    let calls = 0;
    const coveredTo = await giveChangedIssues(
      side,
      new Date(noon),
      "project",
      async () => ++calls < 3,
    );
    expect(coveredTo).toEqual(new Date("2026-11-24T12:02:00Z"));
  });
});
