import { json } from "@/lib/api/problem";
import { auditQuery } from "@/lib/api/schemas";
import { withToken } from "@/lib/api/token-route";
import { database } from "@/lib/db/database";

/** Who did what, newest first. Read on with `before` as the answer's `next`; null after the last page. */
export const GET = withToken({
  permission: "audit:read",
  query: auditQuery,
  async answer({ query: { before, limit } }) {
    const records = await database().audit.findMany({
      // Its place in the chain says nothing to a reader; `npm run audit:verify` looks at that.
      omit: { seq: true, prev: true, keyId: true, hash: true },
      where: before ? { id: { lt: before } } : {},
      orderBy: { id: "desc" },
      take: limit,
    });
    return json({ records, next: records.length === limit ? records.at(-1)?.id : null });
  },
});
