import { expect, test } from "vitest";
import { fieldTitle, fieldWord, inFieldOrder } from "@/lib/sync/field-names";

test("a field that all instances have is called the same everywhere, however an instance writes it", () => {
  expect(["type", "dueDate", "summary"].map((id) => fieldTitle(id))).toEqual([
    "Issue type",
    "Due date",
    "Summary",
  ]);
  expect(fieldTitle("dueDate", "Due Date")).toBe("Due date");
  expect(fieldTitle("fixVersions", "Fix Version/s")).toBe("Fix versions");
});

test("a name of the instance's own is kept, and a field without one is shown by its id", () => {
  expect(fieldTitle("summary", "Subject")).toBe("Subject");
  expect(fieldTitle("customfield_10011", "Story Points")).toBe("Story Points");
  expect(fieldTitle("customfield_10011")).toBe("customfield_10011");
});

test("within a sentence only a title of ours begins small", () => {
  expect(fieldWord("dueDate", "Due Date")).toBe("due date");
  expect(fieldWord("customfield_10011", "Story Points")).toBe("Story Points");
});

test("fields are read in one order, however they were kept; others follow as they came", () => {
  expect(inFieldOrder(["b", "description", "a", "status", "summary"], (id) => id)).toEqual([
    "summary",
    "status",
    "description",
    "b",
    "a",
  ]);
});
