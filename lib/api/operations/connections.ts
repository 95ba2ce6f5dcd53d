import { z } from "zod";
import { done, id, side } from "@/lib/api/answers/common";
import { connectionAnswer } from "@/lib/api/answers/connections";
import { operation } from "@/lib/api/operation";
import { Refusal } from "@/lib/api/refusal";
import { connectionBody, idParams, nothing, releaseBody, repointBody } from "@/lib/api/schemas";
import { createConnection, retryConnection } from "@/lib/connections/connection-store";
import { releaseConnection, repointSide } from "@/lib/connections/hold-store";
import type { Connection } from "@/lib/db/generated/client";

const UNKNOWN = "There is no such connection.";
const TYPED = "`typedName` is the connection's name: nobody does this by a slip.";

export const listConnections = operation({
  id: "listConnections",
  method: "GET",
  path: "/connections",
  group: "Connections",
  summary: "The connections, without their webhook secrets",
  permission: "connections:read",
  answer: z.object({ connections: z.array(connectionAnswer) }),
  async carryOut({ db }) {
    const connections = await db.connection.findMany({ orderBy: { id: "asc" } });
    return { connections: connections.map(toAnswer) };
  },
});

type Answer = z.input<typeof connectionAnswer>;
type Settings = { [name: string]: unknown };

/** Named one by one: never the webhook secret. */
function toAnswer(connection: Connection): Answer {
  return {
    id: connection.id,
    name: connection.name,
    localInstanceId: connection.localInstanceId,
    remoteInstanceId: connection.remoteInstanceId,
    localSettings: connection.localSettings as Settings,
    remoteSettings: connection.remoteSettings as Settings,
    mapping: connection.mapping as Settings,
    policy: connection.policy as Answer["policy"],
    firstMeeting: connection.firstMeeting as Answer["firstMeeting"],
    concurrency: connection.concurrency,
    createdAt: connection.createdAt.toISOString(),
    errorCode: connection.errorCode,
    errorMessage: connection.errorMessage,
    errorAt: connection.errorAt?.toISOString() ?? null,
    errorCount: connection.errorCount,
    retryAt: connection.retryAt?.toISOString() ?? null,
    heldSides: connection.heldSides as Answer["heldSides"],
    heldAt: connection.heldAt?.toISOString() ?? null,
  };
}

export const makeConnection = operation({
  id: "createConnection",
  method: "POST",
  path: "/connections",
  group: "Connections",
  summary: "Connect two instances",
  description:
    "Detection starts now: issues that exist already come under sync when they change, when they are linked or, with `bringInExisting`, as far as a trigger names them now. The answer holds the webhook secret, this once, and the key that the address of a Jira before 10 needs in its place, as `&key=…`. Instances are named by id or by name.",
  permission: "connections:write",
  body: connectionBody,
  creation: "in_transaction",
  answer: z.object({ id, webhookSecret: z.string(), webhookKey: z.string() }),
  refuses: {
    409: "There is one of this name already.",
    422: "It could not work: an instance is not there, or both sides are the same project.",
  },
  carryOut: ({ db, body, by }) => createConnection(db, body, by.name),
});

export const releaseHeldConnection = operation({
  id: "releaseConnection",
  method: "POST",
  path: "/connections/{id}/releases",
  group: "Connections",
  summary: "Let a held connection be used as it is",
  description: TYPED,
  permission: "gate:operate",
  params: idParams,
  body: releaseBody,
  status: 201,
  answer: done,
  refuses: { 404: UNKNOWN, 409: "It is not held.", 422: "The name is another one." },
  async carryOut({ db, params, body, by }) {
    await releaseConnection(db, { ...body, id: params.id, by: by.name });
    return { id: params.id };
  },
});

export const repointConnection = operation({
  id: "repointConnection",
  method: "POST",
  path: "/connections/{id}/repointings",
  group: "Connections",
  summary: "Point one side of a connection at another instance",
  description:
    "While the gate is inactive. Every pair is unverified then: nothing is written to it before its marker is found there.",
  permission: "connections:write",
  params: idParams,
  body: repointBody,
  status: 201,
  answer: z.object({ id, side }),
  refuses: {
    404: UNKNOWN,
    409: "The gate is not inactive, or there is an instance of this name with another address.",
    422: "There is no such project, or both sides would be the same one.",
  },
  async carryOut({ db, params, body, by }) {
    await repointSide(db, { ...body, id: params.id, by: by.name });
    return { id: params.id, side: body.side };
  },
});

export const retryStoppedConnection = operation({
  id: "retryConnection",
  method: "POST",
  path: "/connections/{id}/retries",
  group: "Connections",
  summary: "Try a stopped connection again now",
  permission: "connections:retry",
  params: idParams,
  body: nothing,
  status: 201,
  answer: done,
  refuses: { 404: UNKNOWN, 409: "It has not stopped." },
  async carryOut({ db, params, by }) {
    const connection = await db.connection.findUnique({ where: { id: params.id } });
    if (!connection) throw new Refusal(404, UNKNOWN);
    if (!(await retryConnection(db, connection.id, by.name)))
      throw new Refusal(409, `"${connection.name}" has not stopped.`);
    return { id: connection.id };
  },
});
