import { expect, test } from "vitest";
import { addressParts } from "@/components/ui/address";

test("an address breaks after its slashes and before its dots, and nowhere else", () => {
  expect(addressParts("https://jira-staging.example.com:8443/console")).toEqual([
    "https://",
    "jira-staging",
    ".example",
    ".com:8443/",
    "console",
  ]);
  expect(addressParts("/var/lib/secret.key (file 12)")).toEqual([
    "/",
    "var/",
    "lib/",
    "secret",
    ".key ",
    "(file ",
    "12)",
  ]);
});
