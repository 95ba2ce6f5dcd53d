import { expect, test } from "vitest";
import { isNarrowed, issuesSearch, parseIssuesAddress } from "@/components/issues/issues-address";

const read = (search: string) => parseIssuesAddress(new URLSearchParams(search));

test("an address says the same again after it was read", () => {
  for (const search of ["", "?standing=failed", "?connection=3&standing=held&q=PROD-1&cursor=abc"])
    expect(issuesSearch(read(search))).toBe(search);
});

test("what an address says wrongly is as if it were not there", () => {
  expect(read("?connection=-1&standing=broken&q=%20&more=1")).toEqual({ filter: {}, cursor: null });
  expect(isNarrowed(read("?connection=x").filter)).toBe(false);
  expect(isNarrowed(read("?q=login").filter)).toBe(true);
});
