import type { Lack, ListedWebhook, WantedWebhook } from "@/lib/connections/webhook-rules";
import type { Sent, Ticket } from "@/lib/connectors/connector";

/** Webhooks of one instance, as far as they concern one side of a connection. */
export type WebhookRegistrar = {
  /** Whether the instance signs what it posts; else the address must carry what proves it. */
  signs(): Promise<boolean>;
  /** All that are registered. Throws `SyncError`, also when our account may not see them. */
  list(): Promise<ListedWebhook[]>;
  /** What one that posts to the right address lacks to tell us all that we need; null: nothing. */
  lacks(listed: ListedWebhook): Promise<Lack | null>;
  create(ticket: Ticket, wanted: WantedWebhook): Promise<Sent>;
  /** Puts one right, and enables it. */
  update(ticket: Ticket, id: string, wanted: WantedWebhook): Promise<Sent>;
  remove(ticket: Ticket, id: string): Promise<Sent>;
};
