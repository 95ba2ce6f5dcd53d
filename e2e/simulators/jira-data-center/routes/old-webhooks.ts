import { z } from "zod";
import {
  administrator,
  type Call,
  created,
  noContent,
  ok,
  type Route,
  route,
} from "@/e2e/simulators/jira-data-center/call";
import { refusal } from "@/e2e/simulators/jira-data-center/jira-error";
import type { User, Webhook } from "@/e2e/simulators/jira-data-center/records";
import { hookOf, putHook } from "@/e2e/simulators/jira-data-center/routes/webhooks";
import { nextId } from "@/e2e/simulators/jira-data-center/state";

const SECTION = "issue-related-events-section";

const body = z.object({
  name: z.string().min(1),
  url: z.string().min(1),
  events: z.array(z.string()).min(1),
  enabled: z.boolean().default(true),
  excludeBody: z.boolean().default(false),
  filters: z.object({ [SECTION]: z.string().optional() }).default({}),
});

/** The paths of Jira up to 9, below /rest/webhooks/1.0. An answer has no id but the end of its `self`. */
export const oldWebhookRoutes: Route[] = [
  route("GET", "/webhook", (call) => {
    const by = administrator(call);
    return ok([...call.jira.state.webhooks.values()].map((hook) => bean(call, hook, by)));
  }),
  route("POST", "/webhook", (call) => {
    const by = administrator(call);
    const { state } = call.jira;
    const now = state.now();
    const id = Number(nextId(state, "webhook"));
    const hook = { id, secret: null, createdAt: now, updatedAt: now, ...read(call) };
    return created(bean(call, putHook(call, hook), by));
  }),
  route("GET", "/webhook/:webhook", (call) => ok(bean(call, hookOf(call), administrator(call)))),
  route("PUT", "/webhook/:webhook", (call) => {
    const hook = { ...hookOf(call), ...read(call), updatedAt: call.jira.state.now() };
    return ok(bean(call, putHook(call, hook), administrator(call)));
  }),
  route("DELETE", "/webhook/:webhook", (call) => {
    const { state } = call.jira;
    state.webhooks.delete(hookOf(call).id);
    state.changed();
    return noContent();
  }),
];

function read(call: Call) {
  const parsed = body.safeParse(call.body);
  if (!parsed.success) throw refusal(400, z.prettifyError(parsed.error));
  const { enabled, filters, ...rest } = parsed.data;
  return { ...rest, active: enabled, filter: filters[SECTION] || null };
}

function bean({ jira: { state } }: Call, hook: Webhook, by: User) {
  return {
    name: hook.name,
    url: hook.url,
    excludeBody: hook.excludeBody,
    filters: hook.filter ? { [SECTION]: hook.filter } : {},
    events: hook.events,
    enabled: hook.active,
    self: `${state.baseUrl}/rest/webhooks/1.0/webhook/${hook.id}`,
    lastUpdatedUser: by.key,
    lastUpdatedDisplayName: by.displayName,
    lastUpdated: hook.updatedAt,
  };
}
