import { json, problem } from "@/lib/api/problem";
import { pathId } from "@/lib/api/schemas";
import { withToken } from "@/lib/api/token-route";
import { retryConnection } from "@/lib/connections/connection-store";
import { database } from "@/lib/db/database";

export const POST = withToken({
  permission: "connections:retry",
  async answer({ params, by }) {
    const id = pathId(params.id);
    if (id !== null && (await retryConnection(database(), id, by.name))) return json({ id }, 201);
    return problem(409, "This connection has not stopped, or does not exist.");
  },
});
