import { expect, test } from "vitest";
import { addressesIn } from "@/components/settings/mail-words";

test("addresses are told apart by lines, commas and spaces, and each counts once", () => {
  expect(addressesIn(" ada@example.com\nben@example.com, ada@example.com;\n\n")).toEqual([
    "ada@example.com",
    "ben@example.com",
  ]);
  expect(addressesIn("  \n")).toEqual([]);
});
