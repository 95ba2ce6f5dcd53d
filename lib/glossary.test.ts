import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { anchorOf, GLOSSARY, glossaryDocument } from "@/lib/glossary";

test("the document says what the console says (npm run glossary writes it)", () => {
  expect(readFileSync("docs/glossary.md", "utf8")).toBe(glossaryDocument());
});

test("each word has a place of its own on the glossary's page", () => {
  const places = Object.keys(GLOSSARY).map(anchorOf);
  expect(new Set(places).size).toBe(places.length);
});
