import { expect, test } from "vitest";
import {
  correspondWords,
  fieldName,
  mappedOf,
  peopleFound,
  rowFor,
} from "@/components/connections/mapping-words";
import type { FieldDescription } from "@/lib/sync/description";

const field = (id: string, more: Partial<FieldDescription> = {}): FieldDescription => ({
  id,
  name: id,
  kind: "text",
  allowed: null,
  isRequired: false,
  canWrite: true,
  ...more,
});

test("a field is called as people call it", () => {
  const side = {
    types: [],
    statuses: [],
    people: null,
    fields: [field("customfield_1", { name: "Team" })],
  };
  expect(fieldName(side, "customfield_1")).toBe("Team");
  expect(fieldName(side, "gone")).toBe("gone");
});

test("how many of a side's values have a counterpart is counted in that side's values", () => {
  const status = field("status", { kind: "option", allowed: ["Open", "Done"] });
  expect(mappedOf(status, { Open: "New", Gone: "Old" })).toEqual({ mapped: 1, all: 2 });
  expect(mappedOf(field("summary"), {})).toBeNull();
});

test("two fields of different kinds cannot correspond; a line of text and a formatted text can", () => {
  expect(rowFor(field("a"), field("b", { kind: "date" }))).toBeNull();
  expect(rowFor(field("a", { name: "Cause" }), field("b", { kind: "markup" }))).toEqual({
    local: "a",
    remote: "b",
    kind: "text",
    name: "Cause",
    direction: "both",
  });
});

test("values say in words whether all correspond, and which way some do not", () => {
  const of = (mapped: number, all: number) => ({ mapped, all });
  expect(correspondWords(of(3, 3), of(3, 3))).toBe("All 3 values correspond");
  expect(correspondWords(of(3, 3), of(4, 4))).toBe("All values correspond, both ways");
  expect(correspondWords(of(5, 6), of(3, 3))).toBe("1 of 6 have no counterpart there");
  expect(correspondWords(of(5, 6), of(1, 3))).toBe(
    "1 of 6 have no counterpart there; 2 of 3 have none here",
  );
});

test("people are found by address, else by name, else by the table; two of one name are nobody", () => {
  const person = (key: string, name: string, email: string | null = null) => ({ key, name, email });
  const sides = {
    local: {
      people: [
        person("mia", "Mia", "mia@example.com"),
        person("bob", "Bob"),
        person("eve", "Eve"),
        person("old", "Old"),
      ],
    },
    remote: {
      people: [
        person("m1", "M. Lang", "MIA@example.com"),
        person("b1", "Bob"),
        person("b2", "bob"),
        person("e1", "Eve"),
      ],
    },
  };
  const how = {
    table: [{ local: "old", remote: "e1" }],
    by: ["email" as const, "name" as const],
    otherwise: { local: null, remote: null },
  };
  expect(peopleFound(sides, how, "local")).toEqual({ mapped: 3, all: 4 });
  expect(peopleFound(sides, { ...how, by: [] }, "local")).toEqual({ mapped: 1, all: 4 });
  expect(peopleFound({ ...sides, remote: { people: null } }, how, "local")).toBeNull();
});
