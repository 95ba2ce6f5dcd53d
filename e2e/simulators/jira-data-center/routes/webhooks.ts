import { z } from "zod";
import {
  administrator,
  type Call,
  created,
  noContent,
  ok,
  pageOf,
  param,
  type Route,
  route,
  slice,
} from "@/e2e/simulators/jira-data-center/call";
import { refusal } from "@/e2e/simulators/jira-data-center/jira-error";
import type { Webhook } from "@/e2e/simulators/jira-data-center/records";
import { nextId } from "@/e2e/simulators/jira-data-center/state";
import { jiraTimestamp } from "@/e2e/simulators/jira-data-center/zones";

/** A `secret` or `filters` beside the configuration is ignored without a word, as in Jira 10. */
const webhookBody = z.object({
  name: z.string().min(1),
  url: z.url(),
  events: z.array(z.string()).min(1),
  active: z.boolean().default(true),
  configuration: z
    .object({ SECRET: z.string().optional(), EXCLUDE_BODY: z.coerce.string().optional() })
    .default({}),
});

/** The paths of Jira 10, below /rest/jira-webhook/1.0; those of Jira 9 are gone. Administrators only. */
export const webhookRoutes: Route[] = [
  route("GET", "/webhooks", (call) => {
    administrator(call);
    const page = pageOf(call.query.get("start"), call.query.get("limit"), 1_000, 1_000);
    const hooks = [...call.jira.state.webhooks.values()];
    const isCounted = call.query.get("statistics") === "true";
    return ok(
      slice(hooks, page).map((hook) => ({
        ...webhookBean(call, hook),
        ...(isCounted && hook.counts ? { statistics: { counts: hook.counts } } : {}),
      })),
    );
  }),
  route("POST", "/webhooks", (call) => {
    administrator(call);
    const { state } = call.jira;
    const now = state.now();
    const id = Number(nextId(state, "webhook"));
    return created(
      webhookBean(
        call,
        putHook(call, {
          id,
          secret: null,
          filter: null,
          createdAt: now,
          ...read(call),
          updatedAt: now,
        }),
      ),
    );
  }),
  route("GET", "/webhooks/:webhook", (call) => ok(webhookBean(call, hookOf(call)))),
  route("PUT", "/webhooks/:webhook", (call) => {
    const old = hookOf(call);
    return ok(
      webhookBean(call, putHook(call, { ...old, ...read(call), updatedAt: call.jira.state.now() })),
    );
  }),
  route("DELETE", "/webhooks/:webhook", (call) => {
    const { state } = call.jira;
    state.webhooks.delete(hookOf(call).id);
    state.changed();
    return noContent();
  }),
];

export function hookOf(call: Call): Webhook {
  administrator(call);
  const hook = call.jira.state.webhooks.get(Number(param(call, "webhook")));
  if (!hook) throw refusal(404, `Webhook with id ${param(call, "webhook")} does not exist.`);
  return hook;
}

/** Without a new secret a webhook keeps the one it has. */
function read({ body }: Call) {
  const parsed = webhookBody.safeParse(body);
  if (!parsed.success) throw refusal(400, z.prettifyError(parsed.error));
  const { configuration, ...rest } = parsed.data;
  return {
    ...rest,
    ...(configuration.SECRET ? { secret: configuration.SECRET } : {}),
    excludeBody: configuration.EXCLUDE_BODY === "true",
  };
}

export function putHook({ jira: { state } }: Call, hook: Webhook): Webhook {
  state.webhooks.set(hook.id, hook);
  state.changed();
  return hook;
}

function webhookBean({ jira: { state } }: Call, hook: Webhook) {
  return {
    id: hook.id,
    name: hook.name,
    createdDate: jiraTimestamp(hook.createdAt, state.serverTimeZone),
    updatedDate: jiraTimestamp(hook.updatedAt, state.serverTimeZone),
    events: hook.events,
    configuration: { EXCLUDE_BODY: String(hook.excludeBody) },
    url: hook.url,
    active: hook.active,
    scopeType: "global",
    sslVerificationRequired: true,
  };
}
