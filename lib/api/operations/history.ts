import { z } from "zod";
import { id } from "@/lib/api/answers/common";
import { auditAnswer } from "@/lib/api/answers/history";
import { permitAnswer } from "@/lib/api/answers/queue";
import { operation } from "@/lib/api/operation";
import { Refusal } from "@/lib/api/refusal";
import { auditQuery, permitsQuery } from "@/lib/api/schemas";
import type { Db } from "@/lib/db/database";
import { toPermitLine } from "@/lib/sync-queue/browse-store";

export const listPermits = operation({
  id: "listPermits",
  method: "GET",
  path: "/permits",
  group: "History",
  summary: "Every write to an instance, oldest first",
  description:
    "Read on with `since` as the answer's `next`, also for what is written later. `since` may be a moment to begin with.",
  permission: "permits:read",
  query: permitsQuery,
  answer: z.object({ permits: z.array(permitAnswer), next: z.string().nullable() }),
  async carryOut({ db, query: { since, limit } }) {
    const permits = await db.permit.findMany({
      where: since === undefined ? {} : await writtenSince(db, since),
      orderBy: [{ grantedAt: "asc" }, { id: "asc" }],
      take: limit,
    });
    return { permits: permits.map(toPermitLine), next: permits.at(-1)?.id ?? since ?? null };
  },
});

/** From a moment on, or after a permit. */
async function writtenSince(db: Db, since: string) {
  if (since.includes(":")) return { grantedAt: { gte: new Date(since) } };
  const last = await db.permit.findUnique({ where: { id: since } });
  if (!last) throw new Refusal(400, "since: there is no permit with this id.");
  // The bound on the moment alone lets the index seek.
  return {
    grantedAt: { gte: last.grantedAt },
    OR: [{ grantedAt: { gt: last.grantedAt } }, { id: { gt: last.id } }],
  };
}

export const listAudit = operation({
  id: "listAudit",
  method: "GET",
  path: "/audit",
  group: "History",
  summary: "Who did what, newest first",
  description: "Read on with `before` as the answer's `next`; null after the last page.",
  permission: "audit:read",
  query: auditQuery,
  answer: z.object({ records: z.array(auditAnswer), next: id.nullable() }),
  async carryOut({ db, query: { before, limit } }) {
    const found = await db.audit.findMany({
      where: before ? { id: { lt: before } } : {},
      orderBy: { id: "desc" },
      take: limit,
    });
    // Its place in the chain says nothing to a reader; `npm run audit:verify` looks at that.
    const records = found.map(({ at, detail, seq, prev, keyId, hash, ...record }) => ({
      ...record,
      at: at.toISOString(),
      detail: detail as { [name: string]: unknown },
    }));
    return { records, next: found.length === limit ? (found.at(-1)?.id ?? null) : null };
  },
});
