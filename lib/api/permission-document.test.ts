import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { permissionDocument } from "@/lib/api/permission-document";

test("the document says what the code asks for (npm run permissions writes it)", () => {
  expect(readFileSync("docs/permissions.md", "utf8")).toBe(permissionDocument());
});
