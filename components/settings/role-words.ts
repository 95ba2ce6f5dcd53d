import type { Role } from "@/lib/access/permissions";

/** What each role may do, for those who give it. */
export const ROLE_WORDS: Record<Role, { name: string; words: string }> = {
  viewer: { name: "viewer", words: "looks, changes nothing" },
  operator: { name: "operator", words: "holds, retries and mends" },
  administrator: { name: "administrator", words: "activates, connects, invites" },
};
