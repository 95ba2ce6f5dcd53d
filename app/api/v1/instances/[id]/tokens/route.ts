import { json, problem } from "@/lib/api/problem";
import { credentialsBody, pathId } from "@/lib/api/schemas";
import { withToken } from "@/lib/api/token-route";
import { renewToken } from "@/lib/connections/credential-store";
import { database } from "@/lib/db/database";

/** Keeps another access token for an instance. It never comes back. */
export const POST = withToken({
  permission: "connections:write",
  body: credentialsBody,
  async answer({ params, body, by }) {
    const instanceId = pathId(params.id);
    if (instanceId === null) return problem(404, "There is no such instance.");
    await renewToken(database(), { instanceId, token: body.token, by: by.name });
    return json({ id: instanceId }, 201);
  },
});
