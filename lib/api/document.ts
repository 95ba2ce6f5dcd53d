import { z } from "zod";
import { leastRoleFor } from "@/lib/access/permissions";
import { problemAnswer } from "@/lib/api/answers/common";
import { KEPT_HOURS } from "@/lib/api/idempotency";
import { GROUPS, type Operation } from "@/lib/api/operation";
import { CALLS_A_MINUTE } from "@/lib/api/rate-limit";

export type JsonSchema = { [key: string]: unknown };
export type Parameter = {
  name: string;
  in: "path" | "query" | "header";
  required: boolean;
  description?: string;
  schema: JsonSchema;
};
export type Answer = {
  description: string;
  headers?: Record<string, JsonSchema>;
  content: Record<string, { schema: JsonSchema }>;
};
export type Described = {
  operationId: string;
  tags: string[];
  summary: string;
  description?: string;
  security: Record<string, string[]>[];
  parameters?: Parameter[];
  requestBody?: { required: boolean; content: Record<string, { schema: JsonSchema }> };
  responses: Record<string, Answer | { $ref: string }>;
  "x-least-role": string | null;
};
export type OpenApiDocument = {
  openapi: string;
  info: { title: string; version: string; description: string; license: JsonSchema };
  servers: { url: string }[];
  tags: { name: string; description: string }[];
  paths: Record<string, Record<string, Described>>;
  components: {
    schemas: Record<string, JsonSchema>;
    /** The problems that have nothing to do with what a call is about. */
    responses: Record<string, Answer>;
    securitySchemes: Record<string, JsonSchema>;
  };
};

const ABOUT = `Everything that the console's pages can do, for programs.

A token of the console is sent with each call: \`Authorization: Bearer <token>\`. Bodies are JSON; a member that is not described is refused, and so is a text with U+0000 in it. What goes wrong is said as \`application/problem+json\` (RFC 9457): \`detail\` is a sentence for people. Answers may gain members: do not refuse those you do not know.

A token may call ${CALLS_A_MINUTE.token} times a minute and an address ${CALLS_A_MINUTE.address.toLocaleString("en-GB")} times, whichever console of the node answers. \`RateLimit\` and \`RateLimit-Policy\` say what is left, \`Retry-After\` when to come back.

A creation may carry an \`Idempotency-Key\` that the caller makes up. Sent again with it within ${KEPT_HOURS} hours, it is answered as it was, and nothing is created twice; the answer then carries \`Idempotency-Replayed: true\`. The same key with another call is refused. A creation that was refused may be sent again with its key.`;

/** What a call may meet that has nothing to do with what it is about: name in the document, and when. */
const COMMON: Record<number, [name: string, when: string]> = {
  400: ["Malformed", "The query, the body or a header is malformed: `errors` says where."],
  401: ["NoToken", "There is no token, or it is unknown, revoked or expired."],
  403: ["RoleTooLow", "The token's role does not allow this."],
  404: ["NotThere", "There is nothing of this id."],
  413: ["TooLarge", "The body is larger than 1 MB."],
  415: ["NotJson", "The body is not JSON."],
  422: ["KeyUsed", "The Idempotency-Key was used for another call."],
  429: ["TooManyCalls", "Too many calls in this minute."],
  500: ["Surprise", "The console could not do this; its log says why."],
};

/** The description of these operations, made from the very schemas that parse their requests. */
export function openApiDocument(operations: Operation[]): OpenApiDocument {
  const schemas: Record<string, JsonSchema> = {};
  const paths: OpenApiDocument["paths"] = {};
  for (const operation of operations) {
    const { path, method } = operation;
    paths[path] = { ...paths[path], [method.toLowerCase()]: describe(operation, schemas) };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Exalate console",
      version: "1",
      description: ABOUT,
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: "/api/v1" }],
    tags: Object.entries(GROUPS).map(([name, description]) => ({ name, description })),
    paths,
    components: {
      responses: commonProblems(schemas),
      schemas: Object.fromEntries(Object.entries(schemas).toSorted()),
      securitySchemes: {
        token: { type: "http", scheme: "bearer", description: "A token of this console." },
      },
    },
  };
}

function describe(operation: Operation, schemas: Record<string, JsonSchema>): Described {
  const { id, group, summary, description, permission, body, creation } = operation;
  const parameters = parametersOf(operation, schemas);
  return {
    operationId: id,
    tags: [group],
    summary,
    ...(description === undefined ? {} : { description }),
    security: permission === "open" ? [] : [{ token: [] }],
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(body ? { requestBody: requestBodyOf(body, schemas) } : {}),
    responses: {
      [operation.status]: {
        description: creation ? "Created." : "Done.",
        ...(permission === "open"
          ? {}
          : { headers: creation ? { ...LIMIT_HEADERS, ...REPLAY_HEADER } : LIMIT_HEADERS }),
        content: Object.fromEntries(
          (operation.contentTypes ?? ["application/json"]).map((type) => [
            type,
            { schema: toJson(operation.answer, "output", schemas) },
          ]),
        ),
      },
      ...problemsOf(operation, schemas),
    },
    "x-least-role": permission === "open" ? null : leastRoleFor(permission),
  };
}

const text = (description: string): JsonSchema => ({ description, schema: { type: "string" } });
const LIMIT_HEADERS = {
  RateLimit: text("What is left of each policy, and when its minute ends."),
  "RateLimit-Policy": text("How many calls a minute has."),
};

const REPLAY_HEADER = {
  "Idempotency-Replayed": text("`true`: it was created before, and this is the answer of then."),
};

/** A body whose members may all be left out may be left out itself. */
function requestBodyOf(body: z.ZodType, schemas: Record<string, JsonSchema>) {
  return {
    required: !body.safeParse({}).success,
    content: { "application/json": { schema: toJson(body, "input", schemas) } },
  };
}

function parametersOf(operation: Operation, schemas: Record<string, JsonSchema>): Parameter[] {
  const { params, query, creation } = operation;
  const from = (place: "path" | "query", object: z.ZodObject | undefined): Parameter[] =>
    Object.entries(object?.shape ?? {}).map(([name, schema]) => {
      const { description, ...json } = toJson(schema as z.ZodType, "input", schemas);
      return {
        name,
        in: place,
        required: place === "path" || !(schema as z.ZodType).safeParse(undefined).success,
        ...(typeof description === "string" ? { description } : {}),
        schema: json,
      };
    });
  const key: Parameter = {
    name: "Idempotency-Key",
    in: "header",
    required: false,
    description: `Made up by the caller; the same call with it is carried out once in ${KEPT_HOURS} hours.`,
    schema: { type: "string", minLength: 1, maxLength: 202 },
  };
  return [...from("path", params), ...from("query", query), ...(creation ? [key] : [])];
}

function problemsOf(operation: Operation, schemas: Record<string, JsonSchema>) {
  const { params, query, body, permission, creation, refuses } = operation;
  const isOpen = permission === "open";
  const may: Record<number, boolean> = {
    400: query !== undefined || body !== undefined,
    401: !isOpen,
    403: !isOpen && leastRoleFor(permission) !== "viewer",
    404: params !== undefined,
    413: body !== undefined,
    415: body !== undefined,
    422: creation !== undefined,
    429: !isOpen,
    500: true,
  };
  const statuses = [...Object.keys(COMMON), ...Object.keys(refuses)].map(Number);
  return Object.fromEntries(
    [...new Set(statuses)]
      .filter((status) => may[status] || refuses[status])
      .toSorted()
      .map((status) => {
        const [name, usual] = COMMON[status] ?? [];
        const own = refuses[status];
        if (own === undefined) return [status, { $ref: `#/components/responses/${name}` }];
        // Its own word for what is not there stands for the usual one; others add to it.
        const more = may[status] && status !== 404 ? ` ${usual}` : "";
        return [status, problemOf(own + more, schemas)];
      }),
  );
}

function commonProblems(schemas: Record<string, JsonSchema>): Record<string, Answer> {
  return Object.fromEntries(
    Object.entries(COMMON).map(([status, [name, when]]) => [
      name,
      {
        ...problemOf(when, schemas),
        ...(status === "429" ? { headers: { "Retry-After": text("In how many seconds.") } } : {}),
      },
    ]),
  );
}

function problemOf(description: string, schemas: Record<string, JsonSchema>): Answer {
  const schema = toJson(problemAnswer, "output", schemas);
  return { description, content: { "application/problem+json": { schema } } };
}

/** A schema as JSON Schema 2020-12. Those with an id go to `schemas`, once, and are referred to. */
function toJson(
  schema: z.ZodType,
  io: "input" | "output",
  schemas: Record<string, JsonSchema>,
): JsonSchema {
  const { $schema, $defs, ...json } = z.toJSONSchema(schema, {
    io,
    override({ jsonSchema }) {
      // How a format is checked is longer than its name, and no number is larger than JSON's.
      // Answers may gain members.
      if (jsonSchema.format !== undefined) delete jsonSchema.pattern;
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
      if (io === "output" && jsonSchema.additionalProperties === false)
        delete jsonSchema.additionalProperties;
    },
  }) as JsonSchema;
  for (const [id, definition] of Object.entries(($defs ?? {}) as Record<string, JsonSchema>))
    schemas[id] ??= refer(definition) as JsonSchema;
  const id = json.id;
  if (typeof id !== "string") return refer(json) as JsonSchema;
  schemas[id] ??= refer(json) as JsonSchema;
  return { $ref: `#/components/schemas/${id}` };
}

/** Definitions are in the document's own place, and an id is their name there. */
function refer(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(refer);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name, inner]) => !(name === "id" && typeof inner === "string"))
      .map(([name, inner]) =>
        name === "$ref" && typeof inner === "string"
          ? [name, inner.replace("#/$defs/", "#/components/schemas/")]
          : [name, refer(inner)],
      ),
  );
}
