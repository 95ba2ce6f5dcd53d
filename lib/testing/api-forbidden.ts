import type { Described, JsonSchema } from "@/lib/api/document";
import type { Sent } from "@/lib/testing/api-cases";

/** The valid request with a text in it that cannot be kept, once for each of its texts. */
export function unstorable({ query, body, ...valid }: Sent): Sent[] {
  const spoilt = "a\0b";
  return [
    ...Object.keys(query ?? {}).map((name) => ({
      ...valid,
      body,
      query: { ...query, [name]: spoilt },
    })),
    ...withEachText(body, spoilt).map((other) => ({
      ...valid,
      ...(query && { query }),
      body: other,
    })),
  ];
}

function withEachText(value: unknown, text: string): unknown[] {
  if (typeof value === "string") return [text];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    withEachText(inner, text).map((other) =>
      Array.isArray(value) ? value.with(Number(name), other) : { ...value, [name]: other },
    ),
  );
}

/** A request that the document forbids: what is wrong with it, and the statuses that may say so. */
export type Forbidden = { what: string; sent: Sent; expected: number[] };

/** Paths that name nothing, and queries and bodies that are not as described, derived from one that is right. */
export function forbidden(described: Described, valid: Sent): Forbidden[] {
  return [...wrongPaths(described, valid), ...wrongQueries(described, valid), ...bodies()];

  function bodies(): Forbidden[] {
    const schema = bodySchema(described);
    if (!schema) return [];
    return [...wrongValues(schema, valid.body, "the body")].map(({ what, value }) => ({
      what,
      sent: { ...valid, body: value },
      expected: [400],
    }));
  }
}

export function bodySchema(described: Described): JsonSchema | undefined {
  return described.requestBody?.content["application/json"]?.schema;
}

function wrongPaths({ parameters = [], responses }: Described, valid: Sent): Forbidden[] {
  return parameters
    .filter((parameter) => parameter.in === "path")
    .flatMap(({ name, schema }) => {
      const of = (value: string, expected: number[]) => ({
        what: `${name} is ${value}`,
        sent: { ...valid, params: { ...valid.params, [name]: value } },
        expected,
      });
      const nobodys =
        schema.type === "integer" ? "2000000000" : "11111111-2222-4333-8444-555555555555";
      // What a decision was about is a conflict when it is not the present one.
      const isThere = "409" in responses ? [404, 409] : [404];
      return [of(nobodys, isThere), of("acme", [404])];
    });
}

function wrongQueries({ parameters = [] }: Described, valid: Sent): Forbidden[] {
  const queries = parameters.filter((parameter) => parameter.in === "query");
  const of = (what: string, query: Record<string, string>) => ({
    what,
    sent: { ...valid, query },
    expected: [400],
  });
  if (queries.length === 0) return [];
  return [
    of("the query has one more member", { ...valid.query, typo: "1" }),
    ...queries
      .filter(({ required }) => required)
      .map(({ name }) => of(`${name} is missing`, without(valid.query ?? {}, name))),
    ...queries.flatMap(({ name, schema }) =>
      [...wrongTexts(schema)].map((text) =>
        of(`${name} is ${text.slice(0, 20)}`, { ...valid.query, [name]: text }),
      ),
    ),
  ];
}

function* wrongTexts(schema: JsonSchema): Generator<string> {
  if (schema.type === "integer") yield* ["x", "1.5", "-1"];
  if (typeof schema.maximum === "number") yield String(schema.maximum + 1);
  if (schema.enum || schema.anyOf) yield "none-of-these";
  if (typeof schema.maxLength === "number") yield "x".repeat(schema.maxLength + 1);
}

type Wrong = { what: string; value: unknown };

/** Everything that this schema forbids in one place, with all the rest as it should be. */
function* wrongValues(schema: JsonSchema, valid: unknown, what: string): Generator<Wrong> {
  const properties = schema.properties as Record<string, JsonSchema> | undefined;
  if (schema.type === "array" && Array.isArray(valid) && valid.length > 0)
    for (const wrong of wrongValues(schema.items as JsonSchema, valid[0], `an item of ${what}`))
      yield { what: wrong.what, value: [wrong.value, ...valid.slice(1)] };
  if (schema.type !== "object" || !properties) {
    yield* wrongLeaves(schema, what);
    return;
  }
  yield { what: `${what} is a list`, value: [] };
  const object = (valid ?? {}) as Record<string, unknown>;
  if (schema.additionalProperties === false)
    yield { what: `${what} has one more member`, value: { ...object, typo: 1 } };
  if (typeof schema.minProperties === "number") yield { what: `${what} is empty`, value: {} };
  const required = (schema.required ?? []) as string[];
  for (const name of required)
    yield { what: `${name} is missing from ${what}`, value: without(object, name) };
  for (const [name, inner] of Object.entries(properties))
    for (const wrong of wrongValues(inner, object[name], `${name} of ${what}`))
      yield { what: wrong.what, value: { ...object, [name]: wrong.value } };
}

function* wrongLeaves(schema: JsonSchema, what: string): Generator<Wrong> {
  const of = (value: unknown): Wrong => ({ what: `${what} is ${short(value)}`, value });
  const { type, maxLength, minLength, maximum, minItems } = schema;
  if (type !== "object" && (type || schema.anyOf)) yield of({ an: "object" });
  if (type === "string") yield of(7);
  if (type === "integer") yield* [of("x"), of(1.5)];
  if (type === "boolean" || type === "array" || type === "object") yield of("x");
  if (schema.enum) yield of("none-of-these");
  if (schema.format === "uri") yield of("nowhere");
  if (typeof minLength === "number" && minLength > 0) yield of("");
  if (typeof maxLength === "number") yield of("x".repeat(maxLength + 1));
  if (typeof maximum === "number" && maximum < Number.MAX_SAFE_INTEGER) yield of(maximum + 1);
  if (typeof minItems === "number" && minItems > 0) yield of([]);
}

function short(value: unknown): string {
  return JSON.stringify(value).slice(0, 20);
}

function without<T extends object>(object: T, name: string): T {
  return Object.fromEntries(Object.entries(object).filter(([each]) => each !== name)) as T;
}
