import type { JsonSchema } from "@/lib/api/document";

export type Schemas = Record<string, JsonSchema>;

/** What a schema takes or gives, in a few words: "text, at most 500", "list of QueueRow", "integer or null". */
export function typeWords(schema: JsonSchema): string {
  const name = refName(schema);
  if (name) return name;
  if (Array.isArray(schema.enum)) return schema.enum.map(String).join(" | ");
  if ("const" in schema) return JSON.stringify(schema.const);
  const choices = (schema.anyOf ?? schema.oneOf) as JsonSchema[] | undefined;
  if (choices) return choices.map(briefWords).join(" or ");
  if (Array.isArray(schema.type))
    return schema.type.map((type) => typeWords({ ...schema, type })).join(" or ");
  if (schema.type === "array") return `list of ${typeWords((schema.items ?? {}) as JsonSchema)}`;
  if (typeof schema.additionalProperties === "object" && !schema.properties)
    return `object of ${typeWords(schema.additionalProperties as JsonSchema)}`;
  const limits = limitWords(schema);
  return [kindWords(schema), ...limits].join(", ");
}

/** One of several: its limits would be taken for those of all. */
function briefWords(schema: JsonSchema): string {
  const kind = kindOf(schema);
  if (kind) return kind;
  const isPlain = schema.type === "integer" || schema.type === "string";
  return isPlain && !schema.enum ? kindWords(schema) : typeWords(schema);
}

function kindWords({ type, format }: JsonSchema): string {
  if (type === "string") {
    const formats: Record<string, string> = { "date-time": "moment", uuid: "UUID", uri: "address" };
    return formats[String(format)] ?? "text";
  }
  return typeof type === "string" ? type : "anything";
}

function limitWords(schema: JsonSchema): string[] {
  const { minimum, exclusiveMinimum, maximum, maxLength, type } = schema;
  if (type === "string") return typeof maxLength === "number" ? [`at most ${maxLength}`] : [];
  // An id's limits are those of its column: nobody needs them.
  if (type !== "integer" || maximum === 2_147_483_647) return [];
  const least = typeof exclusiveMinimum === "number" ? exclusiveMinimum + 1 : minimum;
  if (typeof least === "number" && typeof maximum === "number") return [`${least} to ${maximum}`];
  if (typeof maximum === "number") return [`at most ${maximum}`];
  return typeof least === "number" && least > 0 ? [`at least ${least}`] : [];
}

/** What tells this variant from the others, when one member does; else null. */
function kindOf({ properties }: JsonSchema): string | null {
  const kind = (properties as Schemas | undefined)?.kind?.const;
  return typeof kind === "string" ? kind : null;
}

/** The name of the schema that this one refers to, or null. */
export function refName(schema: JsonSchema): string | null {
  return typeof schema.$ref === "string" ? (schema.$ref.split("/").at(-1) ?? null) : null;
}

export type Member = {
  name: string;
  schema: JsonSchema;
  isRequired: boolean;
  /** Of an object, or of a list of objects, that has no name of its own. */
  members: Member[];
};

/** What an object holds, as deep as it is described in place. */
export function membersOf(schema: JsonSchema): Member[] {
  if (refName(schema)) return [];
  const choices = (schema.anyOf ?? schema.oneOf) as JsonSchema[] | undefined;
  if (choices?.every((choice) => kindOf(choice) !== null)) return choices.map(variant);
  if (choices) return choices.length > 2 ? [] : choices.flatMap(membersOf);
  if (schema.type === "array") return membersOf((schema.items ?? {}) as JsonSchema);
  const required = (schema.required ?? []) as string[];
  return Object.entries((schema.properties ?? {}) as Schemas).map(([name, inner]) => ({
    name,
    schema: inner,
    isRequired: required.includes(name),
    members: membersOf(inner),
  }));
}

function variant(schema: JsonSchema): Member {
  return {
    name: kindOf(schema) ?? "",
    schema: { type: "object", description: `When \`kind\` is \`${kindOf(schema)}\`.` },
    isRequired: true,
    members: membersOf(schema).filter(({ name }) => name !== "kind"),
  };
}

/** An example that the schema takes. Members that may be left out are. */
export function sampleOf(schema: JsonSchema, schemas: Schemas): unknown {
  const name = refName(schema);
  if (name) return sampleOf(schemas[name] ?? {}, schemas);
  if (Array.isArray(schema.enum)) return schema.enum[0];
  if ("const" in schema) return schema.const;
  const choices = (schema.anyOf ?? schema.oneOf) as JsonSchema[] | undefined;
  if (choices) return sampleOf(choices[0] ?? {}, schemas);
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  if (type === "array") return [sampleOf((schema.items ?? {}) as JsonSchema, schemas)];
  if (type === "integer" || type === "number") return schema.minimum ?? 1;
  if (type === "boolean") return false;
  if (type === "string") return sampleText(schema);
  return Object.fromEntries(
    membersOf({ ...schema, type: "object" })
      .filter(({ isRequired }) => isRequired)
      .map((member) => [member.name, sampleOf(member.schema, schemas)]),
  );
}

function sampleText({ format }: JsonSchema): string {
  if (format === "date-time") return "2026-05-04T02:14:00.000Z";
  if (format === "uuid") return "8e03978e-40d5-43e8-bc93-6894a57f9324";
  if (format === "uri") return "https://jira.example.com";
  return "…";
}
