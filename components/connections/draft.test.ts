import { expect, test } from "vitest";
import { EMPTY_DRAFT, nameFor, parseDraft } from "@/components/connections/draft";
import { mappingSchema } from "@/lib/sync/mapping-schema";

test("what was chosen so far survives a reload; what is not of its shape is an empty draft", () => {
  const draft = {
    ...EMPTY_DRAFT,
    name: "A and B",
    local: { ...EMPTY_DRAFT.local, project: "PROD" },
  };
  expect(parseDraft(JSON.stringify(draft))).toEqual(draft);
  const mapped = { ...draft, mapping: mappingSchema.parse({}) };
  expect(parseDraft(JSON.stringify(mapped))).toEqual(mapped);
  for (const text of [null, "", "{", "[]", "null", '{"policy":"whatever"}'])
    expect(parseDraft(text)).toEqual(EMPTY_DRAFT);
  for (const other of [
    { policy: "whatever" },
    { firstMeeting: null },
    { name: 1 },
    { local: { ...EMPTY_DRAFT.local, instance: "Acme" } },
    { mapping: { fields: { summary: "both" } } },
    { mapping: { ...mapped.mapping, fields: [null] } },
  ])
    expect(parseDraft(JSON.stringify({ ...draft, ...other }))).toEqual(EMPTY_DRAFT);
});

test("an instance is called what it calls itself, else by its address, and never like another one", () => {
  expect(nameFor("Acme Jira", "https://jira.example.com", [])).toBe("Acme Jira");
  expect(nameFor(null, "https://jira.example.com:8080/jira", [])).toBe("jira.example.com:8080");
  expect(nameFor("Acme Jira", "https://x", ["Acme Jira", "Acme Jira 2"])).toBe("Acme Jira 3");
});
