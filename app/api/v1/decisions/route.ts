import { json } from "@/lib/api/problem";
import { decisionBody } from "@/lib/api/schemas";
import { withToken } from "@/lib/api/token-route";
import { database } from "@/lib/db/database";
import { decide } from "@/lib/identity/decision-store";

/** Settles the verdict that was read before. A copy revokes every token, the one that asked too. */
export const POST = withToken({
  permission: "gate:operate",
  body: decisionBody,
  async answer({ body, by }) {
    await decide(database(), { ...body, by: by.name });
    return json({ verdictId: body.verdictId, decision: body.decision }, 201);
  },
});
