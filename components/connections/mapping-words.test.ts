import { expect, test } from "vitest";
import { fieldName, mappedWords, rowFor } from "@/components/connections/mapping-words";
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
  expect(mappedWords(status, { Open: "New", Gone: "Old" })).toBe("1 of 2");
  expect(mappedWords(field("summary"), {})).toBeNull();
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
