import { describe, expect, test } from "vitest";
import { checkMapping } from "@/lib/sync/check-mapping";
import type { FieldDescription, SideDescription } from "@/lib/sync/description";
import { propose } from "@/lib/sync/propose";

function field(id: string, more: Partial<FieldDescription> = {}): FieldDescription {
  return { id, name: id, kind: "text", allowed: null, isRequired: false, canWrite: true, ...more };
}

function side(fields: FieldDescription[], people: SideDescription["people"] = null) {
  return { types: ["Task"], statuses: [], fields, people } satisfies SideDescription;
}

const options = (id: string, allowed: string[], more: Partial<FieldDescription> = {}) =>
  field(id, { kind: "option", allowed, ...more });

const production = side([
  field("summary", { name: "Summary", isRequired: true }),
  options("status", ["Open", "In Progress", "In Review", "Done"]),
  options("priority", ["Blocker", "Major", "Minor"]),
  field("customfield_10020", { name: "Customer  Number", kind: "number" }),
  field("environment", { name: "Environment", kind: "markup" }),
]);
const partner = side([
  field("summary", { name: "Subject", isRequired: true }),
  options("status", ["New", "Working", "Closed"]),
  options("priority", ["Immediate", "Normal", "Low"]),
  field("cf_3", { name: "customer number", kind: "number" }),
  field("cf_4", { name: "environment", canWrite: false }),
]);

describe("a proposed mapping", () => {
  test("pairs fields by id or by name, and values that usually mean the same", () => {
    const { fields } = propose(production, partner);
    expect(fields).toEqual([
      { local: "summary", remote: "summary", kind: "text", direction: "both" },
      {
        local: "status",
        remote: "status",
        kind: "option",
        direction: "both",
        values: {
          toRemote: { Open: "New", "In Progress": "Working", Done: "Closed" },
          toLocal: { New: "Open", Working: "In Progress", Closed: "Done" },
        },
      },
      expect.objectContaining({
        local: "priority",
        values: {
          toRemote: { Blocker: "Immediate", Major: "Normal", Minor: "Low" },
          toLocal: { Immediate: "Blocker", Normal: "Major", Low: "Minor" },
        },
      }),
      expect.objectContaining({ local: "customfield_10020", remote: "cf_3", kind: "number" }),
      // Ours may be written, theirs may not; and marks would be text there.
      expect.objectContaining({ remote: "cf_4", kind: "text", direction: "to_local" }),
    ]);
  });

  test("passes its own check, but for what it leaves at home", () => {
    const problems = checkMapping(propose(production, partner), production, partner);
    expect(problems).toMatchObject([
      { blocks: false, message: expect.stringContaining('"In Review" has no counterpart') },
    ]);
  });
});

describe("the check of a mapping", () => {
  const mapping = propose(production, partner);

  test("names fields and values that an instance does not have", () => {
    const poorer = side([
      field("summary"),
      options("priority", ["Normal"], { name: "Priority" }),
      options("status", ["New", "Working", "Closed"]),
    ]);
    const said = checkMapping(mapping, production, poorer).map(({ side: at, message, blocks }) =>
      blocks ? `${at}: ${message}` : "",
    );
    expect(said).toContainEqual(expect.stringContaining("remote: there is no field cf_3"));
    expect(said).toContainEqual(
      'remote: Priority does not have "Immediate", "Low" at the remote side: it has "Normal"',
    );
  });

  test("names what a new issue needs and nothing gives", () => {
    const strict = side([...partner.fields, field("cf_9", { name: "Region", isRequired: true })]);
    const constant = { side: "remote" as const, field: "cf_9", kind: "text" as const, value: "EU" };
    expect(checkMapping(mapping, production, strict)).toContainEqual(
      expect.objectContaining({
        side: "remote",
        blocks: true,
        message: expect.stringContaining("Region"),
      }),
    );
    const given = { ...mapping, constants: [constant] };
    expect(checkMapping(given, production, strict).filter(({ blocks }) => blocks)).toEqual([]);
  });

  test("names people whom nobody knows there", () => {
    const known = side(partner.fields, [{ key: "mia", name: "Mia", email: null }]);
    const people = { ...mapping.people, table: [{ local: "ada", remote: "nobody" }] };
    expect(checkMapping({ ...mapping, people }, production, known)).toContainEqual(
      expect.objectContaining({ path: "people.table.0", side: "remote", blocks: false }),
    );
  });

  test("refuses to write what our account may not", () => {
    const rows = mapping.fields.map((row) => ({ ...row, direction: "both" as const }));
    expect(checkMapping({ ...mapping, fields: rows }, production, partner)).toContainEqual(
      expect.objectContaining({ path: "fields.4.direction", side: "remote", blocks: true }),
    );
  });
});
