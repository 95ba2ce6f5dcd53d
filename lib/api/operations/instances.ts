import { z } from "zod";
import { done, id } from "@/lib/api/answers/common";
import { instanceAnswer } from "@/lib/api/answers/connections";
import { operation } from "@/lib/api/operation";
import {
  confirmationBody,
  credentialsBody,
  idParams,
  instanceBody,
  textFormatBody,
} from "@/lib/api/schemas";
import { createInstance } from "@/lib/connections/connection-store";
import { renewToken } from "@/lib/connections/credential-store";
import { changeTextFormat } from "@/lib/connections/text-format-store";
import { confirmInstance } from "@/lib/identity/instance-store";

const UNKNOWN = "There is no such instance.";

export const listInstances = operation({
  id: "listInstances",
  method: "GET",
  path: "/instances",
  group: "Instances",
  summary: "The instances, without their tokens",
  permission: "connections:read",
  answer: z.object({ instances: z.array(instanceAnswer) }),
  async carryOut({ db }) {
    const instances = await db.instance.findMany({ orderBy: { id: "asc" } });
    return {
      // Named one by one: never the secret.
      instances: instances.map((each) => ({
        id: each.id,
        kind: each.kind,
        name: each.name,
        baseUrl: each.baseUrl,
        createdAt: each.createdAt.toISOString(),
        pausedUntil: each.pausedUntil?.toISOString() ?? null,
      })),
    };
  },
});

export const makeInstance = operation({
  id: "createInstance",
  method: "POST",
  path: "/instances",
  group: "Instances",
  summary: "Make an instance known",
  description:
    "Its token is sealed with the node's key and never comes back. Nothing is asked there yet.",
  permission: "connections:write",
  body: instanceBody,
  creation: "in_transaction",
  answer: z.object({ id }),
  refuses: { 409: "There is one of this name already." },
  carryOut: ({ db, body, by }) => createInstance(db, body, by.name),
});

export const renewInstanceToken = operation({
  id: "renewInstanceToken",
  method: "POST",
  path: "/instances/{id}/tokens",
  group: "Instances",
  summary: "Keep another access token for an instance",
  description: "What had stopped for want of one goes on.",
  permission: "connections:write",
  params: idParams,
  body: credentialsBody,
  status: 201,
  answer: done,
  refuses: { 404: UNKNOWN },
  async carryOut({ db, params, body, by }) {
    await renewToken(db, { instanceId: params.id, token: body.token, by: by.name });
    return { id: params.id };
  },
});

export const chooseTextFormat = operation({
  id: "changeTextFormat",
  method: "PUT",
  path: "/instances/{id}/text-format",
  group: "Instances",
  summary: "Say which markup the texts of an instance have",
  description:
    "For Redmine, whose API does not tell it. Texts that are there stay as they are; what waits is planned anew.",
  permission: "connections:write",
  params: idParams,
  body: textFormatBody,
  answer: done,
  refuses: {
    404: UNKNOWN,
    409: "Somebody else changed it since `shown`.",
    422: "Its texts have one markup.",
  },
  async carryOut({ db, params, body, by }) {
    await changeTextFormat(db, { ...body, id: params.id, by: by.name });
    return { id: params.id };
  },
});

export const confirmOneInstance = operation({
  id: "confirmInstance",
  method: "POST",
  path: "/instances/{id}/confirmations",
  group: "Instances",
  summary: "Say that an instance is the one that is meant",
  description: "As `unconfirmed` of the activation shows it.",
  permission: "connections:write",
  params: idParams,
  body: confirmationBody,
  status: 201,
  answer: done,
  refuses: { 404: UNKNOWN, 409: "It says something else of itself by now." },
  async carryOut({ db, params, body, by }) {
    await confirmInstance(db, { ...body, id: params.id, by: by.name });
    return { id: params.id };
  },
});
