import { json, problem } from "@/lib/api/problem";
import { permitsQuery } from "@/lib/api/schemas";
import { withToken } from "@/lib/api/token-route";
import { database } from "@/lib/db/database";
import { toPermitLine } from "@/lib/sync-queue/browse-store";

/** What was written, oldest first. Read on with `since` as the answer's `next`, also for what is written later. */
export const GET = withToken({
  permission: "permits:read",
  query: permitsQuery,
  async answer({ query: { since, limit } }) {
    const where = since === undefined ? {} : await writtenSince(since);
    if (!where) return problem(400, "since: there is no permit with this id.");
    const permits = await database().permit.findMany({
      where,
      orderBy: [{ grantedAt: "asc" }, { id: "asc" }],
      take: limit,
    });
    return json({ permits: permits.map(toPermitLine), next: permits.at(-1)?.id ?? since ?? null });
  },
});

/** From a moment on, or after a permit; null when there is no such permit. */
async function writtenSince(since: string) {
  if (since.includes(":")) return { grantedAt: { gte: new Date(since) } };
  const last = await database().permit.findUnique({ where: { id: since } });
  if (!last) return null;
  // The bound on the moment alone lets the index seek.
  return {
    grantedAt: { gte: last.grantedAt },
    OR: [{ grantedAt: { gt: last.grantedAt } }, { id: { gt: last.id } }],
  };
}
