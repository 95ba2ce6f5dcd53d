import type { ActivationActions } from "@/components/activation/activation-actions";
import type { Answer, SetupActions } from "@/components/connections/setup-actions";
import type { WebhookActions } from "@/components/connections/webhook-actions";
import type { ActionResult } from "@/components/gate/gate-actions";
import type { Existing, Leaving } from "@/lib/connections/setup";
import type { Mapping } from "@/lib/sync/mapping-schema";
import type { Side } from "@/lib/sync/plan-types";
import type { FirstMeeting, Policy } from "@/lib/sync/policies";

export type Agreed = {
  mapping: Mapping;
  policy: Policy;
  firstMeeting: FirstMeeting;
  concurrency: number;
  triggers: Record<Side, string | null>;
  /** The instance is asked to send no mails for our updates. */
  quiet: Record<Side, boolean>;
};

/** What a connection's page asks the instances for while somebody changes it. Nothing is kept. */
export type ConnectionLooks = Pick<SetupActions, "compareSides" | "tryTrigger"> & {
  findLeavingPairs: (input: {
    id: number;
    side: Side;
    trigger: string;
  }) => Promise<Answer<Leaving>>;
};

/** What an operator does about issues that exist already. */
export type BringInActions = {
  count: (input: { id: number; side: Side }) => Promise<Answer<Existing>>;
  bring: (input: { id: number; side: Side }) => Promise<ActionResult>;
};

/** What an administrator does to a connection that exists. */
export type ConnectionActions = {
  pause: (input: {
    id: number;
    reason?: string | undefined;
    forMinutes?: number | undefined;
  }) => Promise<ActionResult>;
  resume: (input: { id: number }) => Promise<ActionResult>;
  webhooks: WebhookActions;
  repoint: ActivationActions["repointSide"];
  /** Refused when the agreement is not the version that was shown any more. */
  change: (
    input: Agreed & { id: number; agreedVersion: number; reason?: string | undefined },
  ) => Promise<ActionResult>;
  /** Refused when it is not the one that was shown any more. */
  changeTextFormat: (input: {
    id: number;
    textFormat: string;
    shown: string;
    reason?: string | undefined;
  }) => Promise<ActionResult>;
  remove: (input: {
    id: number;
    typedName: string;
    reason?: string | undefined;
  }) => Promise<ActionResult>;
};
