import { json } from "@/lib/api/problem";
import { withToken } from "@/lib/api/token-route";
import { database } from "@/lib/db/database";
import { env } from "@/lib/env";
import { readActivation } from "@/lib/identity/activation-store";

/** What happened, what waits and what stands in the way: everything that the Activation page shows. */
export const GET = withToken({
  permission: "gate:read",
  answer: async () => json(await readActivation(database(), env().CLAIM_PERIOD_MS)),
});
