import { json, problem } from "@/lib/api/problem";
import { pathId, releaseBody } from "@/lib/api/schemas";
import { withToken } from "@/lib/api/token-route";
import { releaseConnection } from "@/lib/connections/hold-store";
import { database } from "@/lib/db/database";

/** Lets a held connection be used as it is. */
export const POST = withToken({
  permission: "gate:operate",
  body: releaseBody,
  async answer({ params, body, by }) {
    const id = pathId(params.id);
    if (id === null) return problem(404, "There is no such connection.");
    await releaseConnection(database(), { id, typedName: body.typedName, by: by.name });
    return json({ id }, 201);
  },
});
