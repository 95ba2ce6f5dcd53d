import { json, problem } from "@/lib/api/problem";
import { permitsQuery } from "@/lib/api/schemas";
import { withToken } from "@/lib/api/token-route";
import { database } from "@/lib/db/database";
import { toPermitLine } from "@/lib/sync-queue/browse-store";

/** What was written, oldest first. Read on with `after`, the id of the last one. */
export const GET = withToken({
  permission: "permits:read",
  query: permitsQuery,
  async answer({ query: { since, after, limit } }) {
    const db = database();
    const last = after ? await db.permit.findUnique({ where: { id: after } }) : null;
    if (after && !last) return problem(400, "There is no permit with the id given as `after`.");
    const permits = await db.permit.findMany({
      where: {
        ...(since ? { grantedAt: { gte: new Date(since) } } : {}),
        ...(last
          ? {
              // The redundant bound lets the index seek.
              AND: [
                { grantedAt: { gte: last.grantedAt } },
                { OR: [{ grantedAt: { gt: last.grantedAt } }, { id: { gt: last.id } }] },
              ],
            }
          : {}),
      },
      orderBy: [{ grantedAt: "asc" }, { id: "asc" }],
      take: limit,
    });
    return json({ permits: permits.map(toPermitLine) });
  },
});
