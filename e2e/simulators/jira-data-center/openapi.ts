import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Ajv, type AnySchemaObject } from "ajv";
import formats from "ajv-formats";

/** What is wrong with an answer, or an empty list. */
export type AnswerCheck = (answer: unknown) => string[];

type Schema = AnySchemaObject & { properties?: Record<string, Schema> };
type OpenApi = {
  paths: Record<string, Record<string, { responses: Record<string, { content?: Content }> }>>;
  components: { schemas: Record<string, Schema> };
};
type Content = Record<string, { schema?: Schema }>;

/** Atlassian's own description of Jira Data Center 10.3, which is not part of this repository; `null` when absent. */
export function findOpenApi(): string | null {
  const named = process.env.JIRA_OPENAPI;
  if (named) return existsSync(named) ? named : null;
  for (let folder = process.cwd(); ; folder = dirname(folder)) {
    const candidate = join(folder, "shared/trackers/jira-dc-10.3-openapi.json");
    if (existsSync(candidate)) return candidate;
    if (folder === dirname(folder)) return null;
  }
}

/**
 * Compiles checks for answers. Members that the document does not declare fail, or an invented one would go unseen;
 * missing ones pass, because the document requires nothing. Throws for an operation it does not have.
 */
export function openApiChecks(
  file: string,
): (method: string, path: string, status: number) => AnswerCheck {
  const document = JSON.parse(readFileSync(file, "utf8")) as OpenApi;
  correct(document.components.schemas);
  const ajv = new Ajv({ strict: false, allErrors: true });
  formats.default(ajv);
  ajv.addSchema({ $id: "jira", components: document.components });

  return (method, path, status) => {
    const response =
      document.paths[`/api/2${path}`]?.[method.toLowerCase()]?.responses[String(status)];
    if (!response) throw new Error(`the OpenAPI has no answer ${status} for ${method} ${path}`);
    const declared = Object.values(response.content ?? {})[0]?.schema;
    const item = (declared?.$ref as string | undefined) ?? FORGOTTEN[`${method} ${path}`];
    if (!item) return (answer) => (answer === "" ? [] : ["the OpenAPI has no content for it"]);
    const check = ajv.compile(aroundItem(method, path, { $ref: `jira${item}` }));
    return (answer) => {
      if (check(answer)) return [];
      return (check.errors ?? []).map(
        ({ instancePath, message, params }) =>
          `${instancePath} ${message} ${JSON.stringify(params)}`,
      );
    };
  };
}

/** Defect: the document has no content for these; they answer what their likes for issues do. */
const FORGOTTEN: Record<string, string> = {
  "GET /user/properties": "#/components/schemas/EntityPropertiesKeysBean",
  "GET /user/properties/{propertyKey}": "#/components/schemas/EntityPropertyBean",
};

/** Defect: operations that answer a list or a page are declared to answer one item. */
function aroundItem(method: string, path: string, item: Schema): Schema {
  const list = { type: "array", items: item };
  if (method === "GET" && path === "/issue/{issueIdOrKey}/remotelink") return list;
  if (
    [
      "/project",
      "/field",
      "/issuetype",
      "/priority",
      "/status",
      "/resolution",
      "/user/search",
      "/user/assignable/search",
      "/project/{projectIdOrKey}/components",
      "/project/{projectIdOrKey}/versions",
      "/worklog/list",
      "/issue/{issueIdOrKey}/subtask",
      "/project/{projectIdOrKey}/statuses",
    ].includes(path)
  ) {
    return list;
  }
  if (!path.startsWith("/issue/createmeta/")) return item;
  const number = { type: "integer" };
  return {
    type: "object",
    required: ["values"],
    additionalProperties: false,
    properties: {
      startAt: number,
      maxResults: number,
      total: number,
      isLast: { type: "boolean" },
      values: list,
    },
  };
}

const ANYTHING: Schema = {};
const TEXT: Schema = { type: "string" };
const TEXT_OR_NULL: Schema = { type: ["string", "null"] };

function correct(schemas: Record<string, Schema>): void {
  for (const [name, members] of Object.entries(CORRECTIONS)) {
    const schema = schemas[name];
    if (schema) schema.properties = { ...schema.properties, ...members };
  }
  for (const [name, schema] of Object.entries(schemas)) {
    if (schema.properties && !OPEN.includes(name)) schema.additionalProperties ??= false;
  }
}

/** Beans that take any member: what a client sent comes back, or the document leaves them empty. */
const OPEN = ["HistoryMetadata", "PropertiesBean"];

const CORRECTIONS: Record<string, Record<string, Schema>> = {
  // Values are declared objects; a summary is a string, labels are a list. `expand` is on every issue.
  IssueBean: {
    expand: TEXT,
    fields: { type: "object", additionalProperties: ANYTHING },
    renderedFields: { type: "object", additionalProperties: ANYTHING },
    // Declared as {properties: {…}}; the real one has the properties themselves.
    properties: { type: "object", additionalProperties: ANYTHING },
  },
  // Nothing in the document may be null; Jira writes null for the empty side of a change.
  ChangeItemBean: {
    from: TEXT_OR_NULL,
    fromString: TEXT_OR_NULL,
    to: TEXT_OR_NULL,
    toString: TEXT_OR_NULL,
  },
  // Any JSON value, not only a string.
  EntityPropertyBean: { value: ANYTHING },
  // Left empty by the document.
  ServerInfoBean: {
    baseUrl: { type: "string", format: "uri" },
    version: TEXT,
    versionNumbers: { type: "array", items: { type: "integer" } },
    deploymentType: { enum: ["Server"] },
    buildNumber: { type: "integer" },
    buildDate: TEXT,
    databaseBuildNumber: { type: "integer" },
    serverTime: TEXT,
    scmInfo: TEXT,
    serverTitle: TEXT,
  },
  // Members of real answers that the document forgets.
  TransitionsMetaBean: { expand: TEXT },
  SimpleListWrapperApplicationRoleBean: { items: { type: "array" } },
  SimpleListWrapperGroupJsonBean: { items: { type: "array" } },
  ProjectBean: {
    projectTypeKey: TEXT,
    lead: { type: "object" },
    issueTypes: { type: "array" },
    components: { type: "array" },
    versions: { type: "array" },
  },
};
