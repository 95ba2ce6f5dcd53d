import { json } from "@/lib/api/problem";
import { auditQuery } from "@/lib/api/schemas";
import { withToken } from "@/lib/api/token-route";
import { database } from "@/lib/db/database";

/** Who did what, newest first. Read on with `before`, the id of the last one. */
export const GET = withToken({
  permission: "audit:read",
  query: auditQuery,
  answer: async ({ query: { before, limit } }) =>
    json({
      records: await database().audit.findMany({
        where: before ? { id: { lt: before } } : {},
        orderBy: { id: "desc" },
        take: limit,
      }),
    }),
});
