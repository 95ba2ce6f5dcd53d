import { z } from "zod";
import { id, side } from "@/lib/api/answers/common";
import { webhooksAnswer } from "@/lib/api/answers/webhooks";
import { operation } from "@/lib/api/operation";
import { Refusal } from "@/lib/api/refusal";
import { idParams, nothing, wantBody, webhookParams } from "@/lib/api/schemas";
import { renewWebhookSecret } from "@/lib/connections/credential-store";
import { readWebhooks, wantWebhook } from "@/lib/connections/webhook-store";
import { env } from "@/lib/env";

const UNKNOWN = "There is no such connection.";

export const readConnectionWebhooks = operation({
  id: "readWebhooks",
  method: "GET",
  path: "/connections/{id}/webhooks",
  group: "Connections",
  summary: "The webhooks of a connection at both instances, and the last event from each",
  description: "As last seen: workers look every half hour, and when somebody asks.",
  permission: "connections:read",
  params: idParams,
  answer: webhooksAnswer,
  refuses: { 404: UNKNOWN },
  async carryOut({ db, params }) {
    const webhooks = await readWebhooks(db, params.id, env().CONSOLE_URL);
    if (!webhooks) throw new Refusal(404, UNKNOWN);
    return webhooks;
  },
});

export const wantConnectionWebhook = operation({
  id: "wantWebhook",
  method: "PUT",
  path: "/connections/{id}/webhooks/{side}",
  group: "Connections",
  summary: "Have our webhook registered at an instance, or removed there",
  description:
    "A write like any other: a worker carries it out while the gate is open, once, and it waits until then. `as_it_is` takes it back, and has the instance looked at again.",
  permission: "connections:write",
  params: webhookParams,
  body: wantBody,
  answer: z.object({ id, side }),
  refuses: { 404: UNKNOWN, 409: "The instance has no webhooks." },
  async carryOut({ db, params, body, by }) {
    await wantWebhook(db, { ...params, ...body, consoleUrl: env().CONSOLE_URL, by: by.name });
    return params;
  },
});

export const makeWebhookSecret = operation({
  id: "renewWebhookSecret",
  method: "POST",
  path: "/connections/{id}/webhook-secrets",
  group: "Connections",
  summary: "Make another webhook secret",
  description:
    "The answer holds it, this once: set it in both instances, or have it set by `wantWebhook`. The one before it ends now. A Jira before 10 does not sign: there the key belongs to the address, as `&key=…`.",
  permission: "connections:write",
  params: idParams,
  body: nothing,
  creation: "in_transaction",
  answer: z.object({ webhookSecret: z.string(), webhookKey: z.string() }),
  refuses: { 404: UNKNOWN },
  carryOut: ({ db, params, by }) =>
    renewWebhookSecret(db, { connectionId: params.id, by: by.name }),
});
