import { expect, test } from "vitest";
import { isFiltered, parseQueueAddress, queueSearch } from "@/components/sync-queue/queue-address";

function parse(search: string) {
  return parseQueueAddress(new URLSearchParams(search));
}

test("an address says the filter, and comes back as it was", () => {
  const search =
    "?connection=3&state=held&direction=both&inherited=true&q=ACME-1&sort=changes&cursor=abc";
  expect(queueSearch(parse(search))).toBe(search);
});

test("the usual view has the shortest address", () => {
  expect(queueSearch(parse("?sort=oldest&q=++"))).toBe("");
  expect(isFiltered(parse("").filter)).toBe(false);
});

test("what an address cannot mean is as if it were not there", () => {
  const { filter } = parse(
    "?connection=-1&state=exploded&direction=up&inherited=maybe&sort=random",
  );
  expect(filter).toEqual({ sort: "oldest" });
  expect(isFiltered(filter)).toBe(false);
});

test("each of connection, state, direction, origin and text narrows the list; the sort does not", () => {
  for (const search of ["connection=1", "state=held", "direction=both", "inherited=true", "q=x"]) {
    expect(isFiltered(parse(search).filter)).toBe(true);
  }
  expect(isFiltered(parse("sort=newest").filter)).toBe(false);
});
