import type { Answer } from "@/components/connections/setup-actions";
import type { ActionResult } from "@/components/gate/gate-actions";
import type { Want } from "@/lib/connections/webhook-rules";
import type { Side } from "@/lib/sync/plan-types";

export type WebhookSecret = { webhookSecret: string; webhookKey: string };

/** What an administrator does about a connection's webhooks. */
export type WebhookActions = {
  want: (input: { id: number; side: Side; want: Want }) => Promise<ActionResult>;
  renewSecret: (input: { id: number }) => Promise<Answer<WebhookSecret>>;
};
