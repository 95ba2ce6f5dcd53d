import { json, problem } from "@/lib/api/problem";
import { pathId } from "@/lib/api/schemas";
import { withToken } from "@/lib/api/token-route";
import { retryConnection } from "@/lib/connections/connection-store";
import { database } from "@/lib/db/database";

/** Lets a stopped connection be tried again now. */
export const POST = withToken({
  permission: "connections:retry",
  async answer({ params, by }) {
    const db = database();
    const id = pathId(params.id);
    const connection = id === null ? null : await db.connection.findUnique({ where: { id } });
    if (!connection) return problem(404, "There is no such connection.");
    return (await retryConnection(db, connection.id, by.name))
      ? json({ id }, 201)
      : problem(409, `"${connection.name}" has not stopped.`);
  },
});
