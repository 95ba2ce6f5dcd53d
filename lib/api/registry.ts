import { z } from "zod";
import { type OpenApiDocument, openApiDocument } from "@/lib/api/document";
import { type Operation, operation } from "@/lib/api/operation";
import * as activation from "@/lib/api/operations/activation";
import * as changes from "@/lib/api/operations/connection-changes";
import * as connections from "@/lib/api/operations/connections";
import * as errors from "@/lib/api/operations/errors";
import * as gate from "@/lib/api/operations/gate";
import * as history from "@/lib/api/operations/history";
import * as instances from "@/lib/api/operations/instances";
import * as mail from "@/lib/api/operations/mail";
import * as node from "@/lib/api/operations/node";
import * as nodeSettings from "@/lib/api/operations/node-settings";
import * as pairs from "@/lib/api/operations/pairs";
import * as people from "@/lib/api/operations/people";
import * as queue from "@/lib/api/operations/queue";
import * as setUp from "@/lib/api/operations/set-up";
import * as tokens from "@/lib/api/operations/tokens";
import * as webhooks from "@/lib/api/operations/webhooks";

let made: OpenApiDocument | undefined;

/** The description of every operation, made once by each process. */
export function apiDocument(): OpenApiDocument {
  made ??= openApiDocument(OPERATIONS);
  return made;
}

export const readDocument = operation({
  id: "readDocument",
  method: "GET",
  path: "/openapi.json",
  group: "Node",
  summary: "This description, as OpenAPI 3.1",
  description:
    "Open to everybody, and not counted by the rate limits. People read it at `/docs/api`.",
  permission: "open",
  answer: z.looseObject({ openapi: z.string() }),
  carryOut: async () => apiDocument(),
});

const READING_ORDER = ["GET", "POST", "PUT", "PATCH", "DELETE"];

/** Everything that the API can do, path by path. What is not in it has no route, and the other way round. */
export const OPERATIONS: Operation[] = [
  ...[
    gate,
    activation,
    queue,
    connections,
    changes,
    webhooks,
    instances,
    setUp,
    pairs,
    errors,
    history,
    people,
    tokens,
    nodeSettings,
    mail,
    node,
  ].flatMap((module) => Object.values(module)),
  readDocument,
].toSorted(
  (a, b) =>
    (a.path === b.path ? 0 : a.path < b.path ? -1 : 1) ||
    READING_ORDER.indexOf(a.method) - READING_ORDER.indexOf(b.method),
);
