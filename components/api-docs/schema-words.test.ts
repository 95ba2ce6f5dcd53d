import { describe, expect, test } from "vitest";
import { membersOf, sampleOf, typeWords } from "@/components/api-docs/schema-words";

describe("what a member takes, in words", () => {
  test.for([
    [{ type: "string", maxLength: 500 }, "text, at most 500"],
    [{ type: "string", format: "date-time" }, "moment"],
    [{ type: ["string", "null"] }, "text or null"],
    [{ type: "string", enum: ["hold", "local"] }, "hold | local"],
    [{ anyOf: [{ $ref: "#/components/schemas/Plan" }, { type: "null" }] }, "Plan or null"],
    [
      {
        anyOf: [
          { type: "integer", minimum: 1 },
          { type: "string", enum: ["all"] },
        ],
      },
      "integer or all",
    ],
    [{ type: "array", items: { $ref: "#/components/schemas/QueueRow" } }, "list of QueueRow"],
    [{ type: "integer", minimum: 1, maximum: 200 }, "integer, 1 to 200"],
    [{ type: "integer", exclusiveMinimum: 0, maximum: 2_147_483_647 }, "integer"],
    [{ type: "integer", minimum: 1 }, "integer, at least 1"],
    [{ type: "object", additionalProperties: { type: "string" } }, "object of text"],
    [{ const: "ok" }, '"ok"'],
    [{}, "anything"],
  ] as const)("%j is %s", ([schema, words]) => {
    expect(typeWords(schema)).toBe(words);
  });

  test("what an object holds is told as deep as it is described in place", () => {
    const schema = {
      type: "object",
      required: ["sides"],
      properties: {
        sides: { type: "array", items: { type: "object", properties: { name: {} } } },
        plan: { $ref: "#/components/schemas/Plan" },
      },
    };
    expect(membersOf(schema)).toMatchObject([
      { name: "sides", isRequired: true, members: [{ name: "name", isRequired: false }] },
      { name: "plan", isRequired: false, members: [] },
    ]);
  });

  test("variants are told apart by their kind", () => {
    const of = (kind: string, properties: object) => ({
      type: "object",
      properties: { kind: { const: kind }, ...properties },
    });
    const schema = { oneOf: [of("read", { at: { type: "string" } }), of("none", {})] };
    expect(typeWords(schema)).toBe("read or none");
    expect(membersOf(schema)).toMatchObject([
      { name: "read", members: [{ name: "at" }] },
      { name: "none", members: [] },
    ]);
  });

  test("an example has what is required, through references, and nothing else", () => {
    const schemas = {
      Fence: {
        type: "object",
        required: ["epoch"],
        properties: { epoch: { type: "integer" }, note: { type: "string" } },
      },
    };
    const schema = {
      type: "object",
      required: ["fence", "acts"],
      properties: {
        fence: { $ref: "#/components/schemas/Fence" },
        acts: { type: "array", items: { enum: ["hold", "release"] } },
        reason: { type: "string" },
      },
    };
    expect(sampleOf(schema, schemas)).toEqual({ fence: { epoch: 1 }, acts: ["hold"] });
  });
});
