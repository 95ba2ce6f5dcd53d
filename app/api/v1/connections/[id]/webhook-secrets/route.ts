import { json, problem } from "@/lib/api/problem";
import { pathId } from "@/lib/api/schemas";
import { withToken } from "@/lib/api/token-route";
import { renewWebhookSecret } from "@/lib/connections/credential-store";
import { database } from "@/lib/db/database";

/** Makes a new secret for a connection's webhooks and shows it this once. */
export const POST = withToken({
  permission: "connections:write",
  async answer({ params, by }) {
    const connectionId = pathId(params.id);
    if (connectionId === null) return problem(404, "There is no such connection.");
    return json(await renewWebhookSecret(database(), { connectionId, by: by.name }), 201);
  },
});
