import { z } from "zod";
import { listActivations, readCharts } from "@/lib/activity/activity-store";
import {
  activationsAnswer,
  auditPageAnswer,
  chartsAnswer,
  verificationAnswer,
} from "@/lib/api/answers/history";
import { permitAnswer } from "@/lib/api/answers/queue";
import { operation } from "@/lib/api/operation";
import { Refusal } from "@/lib/api/refusal";
import {
  activationsQuery,
  auditExportBody,
  auditQuery,
  chartsQuery,
  permitsQuery,
} from "@/lib/api/schemas";
import { listAuditLines } from "@/lib/audit/browse-store";
import { CONTENT_TYPES } from "@/lib/audit/export";
import { exportAudit } from "@/lib/audit/export-store";
import { verifyNow } from "@/lib/audit/verification-store";
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
  description: "Read on with `before` as the answer's `older`, under the same filter.",
  permission: "audit:read",
  query: auditQuery,
  answer: auditPageAnswer,
  carryOut: ({ db, query: { before, after, limit, ...filter } }) =>
    listAuditLines(db, filter, { before, after }, limit),
});

export const exportAuditRecords = operation({
  id: "exportAudit",
  method: "POST",
  path: "/audit/exports",
  group: "History",
  summary: "The audit of a filter as a file, with the seal of each record",
  description:
    "That it was taken is recorded first. CSV for spreadsheets, JSON lines exactly as they are.",
  permission: "audit:read",
  body: auditExportBody,
  answer: z.string(),
  contentTypes: Object.values(CONTENT_TYPES).map((type) => type.replace(/;.*/, "")),
  carryOut: ({ db, body: { format, ...filter }, by }) =>
    exportAudit(db, { format, filter, by: by.name }),
});

export const verifyAuditNow = operation({
  id: "verifyAudit",
  method: "GET",
  path: "/audit/verification",
  group: "History",
  summary: "Look at the whole audit, and say whether anything of it was altered",
  permission: "audit:read",
  answer: verificationAnswer,
  carryOut: ({ db }) => verifyNow(db),
});

export const listPastActivations = operation({
  id: "listActivations",
  method: "GET",
  path: "/activations",
  group: "History",
  summary: "Openings of the gate, newest first, each with how it ended and what came of it",
  description: "Read on with `before` as the answer's `next`.",
  permission: "gate:read",
  query: activationsQuery,
  answer: activationsAnswer,
  carryOut: ({ db, query: { before, limit } }) => listActivations(db, before, limit),
});

export const readActivityCharts = operation({
  id: "readCharts",
  method: "GET",
  path: "/activity/charts",
  group: "History",
  summary: "Backlog, age, throughput and errors over time, by connection",
  permission: "gate:read",
  query: chartsQuery,
  answer: chartsAnswer,
  carryOut: ({ db, query: { span, connection } }) => readCharts(db, span, connection),
});
