import { describe, expect, test } from "vitest";
import {
  auditSearch,
  byFamily,
  fromLocalField,
  isFiltered,
  parseAuditAddress,
  toLocalField,
} from "@/components/audit/audit-address";
import { auditFilterSchema, auditPlaceSchema } from "@/lib/audit/filter-schema";

const parse = (search: string) => parseAuditAddress(new URLSearchParams(search));

describe("the audit's address", () => {
  test("says the same when it is read and written again", () => {
    const search =
      "?actor=ada%40example.com&action=gate&q=patch&from=2026-03-01T09%3A00%3A00.000Z&before=12";
    expect(auditSearch(parse(search))).toBe(search);
    expect(auditSearch(parse(""))).toBe("");
  });

  test("parts that mean nothing are as if they were not there", () => {
    const { filter, place } = parse("?actor=&from=yesterday&before=-3&after=x&action=gate");
    expect(filter).toEqual({ action: "gate" });
    expect(place).toEqual({});
    expect(isFiltered(filter)).toBe(true);
    expect(isFiltered(parse("?before=3").filter)).toBe(false);
  });

  test("says nothing that the console would refuse when it is asked for it", () => {
    const given = [
      "",
      " ",
      "a".repeat(201),
      "yesterday",
      "2026-02-30T09:00:00Z",
      "1e3",
      "2147483648",
    ];
    const taken = ["gate", "2026-03-01T09:00:00.000Z", "2026-03-01T09:00:00+02:00", "2147483647"];
    for (const text of [...given, ...taken])
      for (const name of ["actor", "action", "q", "from", "to", "before", "after"]) {
        const { filter, place } = parse(`?${new URLSearchParams({ [name]: text })}`);
        expect(auditFilterSchema.parse(filter)).toEqual(filter);
        expect(auditPlaceSchema.parse(place)).toEqual(place);
      }
    expect(parse("?from=2026-03-01T09:00:00%2B02:00").filter.from).toBe(
      "2026-03-01T09:00:00+02:00",
    );
    expect(parse("?after=2147483647").place.after).toBe(2_147_483_647);
  });
});

test("a moment is shown in the reader's zone, and read back as the same moment", () => {
  expect(toLocalField("2026-03-01T23:30:00.000Z", "Europe/Berlin")).toBe("2026-03-02T00:30");
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  expect(fromLocalField(toLocalField("2026-03-01T23:30:00.000Z", own))).toBe(
    "2026-03-01T23:30:00.000Z",
  );
  expect(toLocalField(undefined, "UTC")).toBe("");
  expect(fromLocalField("")).toBeUndefined();
});

test("actions stand under what they are about", () => {
  expect(byFamily(["entry.held", "gate.activated", "gate.deactivated"])).toEqual([
    ["entry", ["entry.held"]],
    ["gate", ["gate.activated", "gate.deactivated"]],
  ]);
});
