import type { ClaimLine } from "@/lib/identity/activation";

/** Where the parts of the page are found that need a look. */
export const anchors = {
  claim: ({ instance, project }: Pick<ClaimLine, "instance" | "project">) =>
    `claim-${instance.id}-${project.replace(/\W/g, "_")}`,
  stopped: (connectionId: number) => `stopped-${connectionId}`,
  held: (connectionId: number) => `held-${connectionId}`,
  plans: (connectionId: number) => `plans-${connectionId}`,
  waiting: (connectionId: number) => `waiting-${connectionId}`,
  unconfirmed: (instanceId: number) => `unconfirmed-${instanceId}`,
  token: (instanceId: number) => `token-${instanceId}`,
};

/** A place that is jumped to: clear of the banner, which stays on top on a phone, and marked on arrival. */
export const ANCHORED = "scroll-mt-40 target:bg-selected md:scroll-mt-4";
