import { expect, test } from "vitest";
import { endWords, errorsSummary, lastedWords } from "@/components/errors/error-words";
import { episodeSearch, parseEpisodeFilter } from "@/components/errors/errors-query";

const at = "2026-11-25T00:00:00.000Z";

test("the summary counts what stands, and says so when nothing does", () => {
  const none = { now: at, connections: [], paused: [], groups: [] };
  expect(errorsSummary(none)).toBe("Nothing stands in the way.");
  const group = {
    code: "conflict",
    cause: "",
    message: "",
    retryable: 0,
    connections: [],
    issues: [],
    oldestAt: at,
  };
  const connection = {
    id: 1,
    name: "Acme",
    code: "rate_limited",
    message: "",
    since: null,
    failures: 1,
    retryAt: null,
    waiting: 0,
  };
  expect(
    errorsSummary({
      ...none,
      connections: [connection],
      groups: [
        { ...group, count: 17 },
        { ...group, count: 1 },
      ],
    }),
  ).toBe("1 connection has stopped. 18 issues wait on an error.");
});

test("an error's end names who ended it, or that it ended by itself", () => {
  expect(endWords({ clearedAt: null, clearedHow: null, clearedBy: null })).toBe("stands");
  expect(endWords({ clearedAt: at, clearedHow: "mended", clearedBy: null })).toBe(
    "ended by itself",
  );
  expect(endWords({ clearedAt: at, clearedHow: "retried", clearedBy: "ada" })).toBe(
    "retried by ada",
  );
  expect(endWords({ clearedAt: at, clearedHow: "later", clearedBy: null })).toBe("ended");
});

test("how long it stood is told in the unit that fits", () => {
  const after = (seconds: number) => new Date(Date.parse(at) + seconds * 1_000).toISOString();
  expect([40, 720, 10_800, 200_000].map((seconds) => lastedWords(at, after(seconds)))).toEqual([
    "40 s",
    "12 min",
    "3 h",
    "2 days",
  ]);
});

test("a filter in the address says the same again after it was read", () => {
  for (const search of ["", "?connection=3&code=conflict&pair=9"])
    expect(episodeSearch(parseEpisodeFilter(new URLSearchParams(search)))).toBe(search);
  expect(parseEpisodeFilter(new URLSearchParams("?pair=x&connection=-1"))).toEqual({});
});
