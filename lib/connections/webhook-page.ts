import type { FoundWebhook, Wish } from "@/lib/connections/webhook-rules";
import type { Side } from "@/lib/sync/plan-types";

/** What stands between a person's wish and its being carried out. */
export type WishWaitsFor =
  | "activation"
  | "scope"
  | "resumption"
  | "release"
  | "confirmation"
  | "sign_of_life"
  /** Nothing: a worker is at it, or will be in a moment. */
  | "worker";

/** The webhooks of one side, as its page shows them. Holds nothing that proves an event. */
export type WebhookSide = {
  side: Side;
  instance: string;
  instanceUrl: string;
  /** False: this kind of instance has no webhooks, and is asked every few seconds. */
  hasWebhooks: boolean;
  /** Where the instance's webhook has to post to. */
  address: string;
  /** Whether the instance signs what it posts; false: the address needs its key. Null: not known yet. */
  signs: boolean | null;
  /** What is registered there, as last seen; null: nobody has looked, or nobody could. */
  found: FoundWebhook[] | null;
  lookedAt: string | null;
  /** Why nobody could look. */
  trouble: { code: string; message: string } | null;
  /** Since when ours is registered by a person's wish of this node. */
  registeredAt: string | null;
  wish: { want: Wish; at: string; by: string; waitsFor: WishWaitsFor } | null;
  /** Why the last wish was not carried out, or not yet. */
  failure: { code: string; message: string; at: string } | null;
  /** The last event that was proven to come from there. */
  heardAt: string | null;
  /** The last event that was not, and why. */
  doubted: { at: string; because: string } | null;
};

export type WebhooksPage = { connectionId: number; name: string; sides: WebhookSide[] };
