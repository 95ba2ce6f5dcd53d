import { expect, test } from "vitest";
import { isIssueKey, type PaletteItem, paletteMatches } from "@/components/palette/matches";

const item = (group: PaletteItem["group"], name: string, words = ""): PaletteItem => ({
  id: name,
  group,
  name,
  words,
  target: { href: "/" },
});
const ITEMS = [
  item("Pages", "Overview"),
  item("Pages", "Activation"),
  item("Pages", "Activity", "charts throughput"),
  item("Actions", "Deactivate…", "close stop gate"),
  item("Connections", "Acme partner"),
  item("Issues", "ACME-12"),
];
const found = (typed: string) => paletteMatches(ITEMS, typed).map(({ name }) => name);

test("nothing typed shows everything, pages first", () => {
  expect(found("")).toEqual([
    "Overview",
    "Activation",
    "Activity",
    "Deactivate…",
    "Acme partner",
    "ACME-12",
  ]);
});

test("what begins with the typed letters comes before what only holds them", () => {
  expect(found("act")).toEqual(["Activation", "Activity", "Deactivate…"]);
});

test("every typed word must be found, in any order", () => {
  expect(found("partner acme")).toEqual(["Acme partner"]);
  expect(found("acme overview")).toEqual([]);
});

test("things are found by what people call them too", () => {
  expect(found("stop")).toEqual(["Deactivate…"]);
  expect(found("charts")).toEqual(["Activity"]);
});

test("an issue is found by its key", () => {
  expect(found("acme-12")).toEqual(["ACME-12"]);
});

test.each(["ACME-7", "acme-7", "P2_X-12", "#7"])("%s is an issue's key", (typed) => {
  expect(isIssueKey(typed)).toBe(true);
});

test.each(["ACME", "ACME-", "-7", "a page", "#"])("%s is not an issue's key", (typed) => {
  expect(isIssueKey(typed)).toBe(false);
});
