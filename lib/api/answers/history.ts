import { z } from "zod";
import { SPAN_NAMES } from "@/lib/activity/activity";
import { cappedCount, count, fence, id, moment, named } from "@/lib/api/answers/common";

const auditAnswer = z
  .object({
    id,
    seq: z.int().nullable().describe("Its place in the chain; null: from before the chain."),
    at: moment,
    actor: z.string(),
    action: z.string(),
    subject: z.string().nullable(),
    reason: z.string().nullable(),
    detail: z.unknown(),
  })
  .meta({ id: "AuditRecord" });

export const auditPageAnswer = z.object({
  rows: z.array(auditAnswer),
  total: cappedCount,
  older: id.nullable().describe("For `before` of the next page; null at the end."),
  newer: id.nullable().describe("For `after` of the page before; null at the beginning."),
  now: moment,
});

const end = z.object({ seq: z.int(), at: moment }).nullable();
export const verificationAnswer = z
  .object({
    checked: count,
    first: end,
    last: end,
    hasMark: z
      .boolean()
      .describe(
        "A head that was seen earlier is known: else nobody notices records gone from the end.",
      ),
    amiss: z.array(z.string()).describe("What has to be looked into; the first of `amissCount`."),
    amissCount: count,
    notes: z.array(z.string()),
    at: moment,
    tookMs: count,
  })
  .meta({ id: "AuditVerification" });

const totals = {
  applied: count,
  rejected: count,
  unknown: count,
  synced: count,
  retried: count,
  failed: count,
  held: count.nullable(),
};
const activation = z
  .object({
    id,
    fence,
    openedAt: moment,
    openedBy: z.string().nullable(),
    openedReason: z.string().nullable(),
    end: z
      .object({
        kind: z.enum(["closing", "new_incarnation"]),
        at: moment,
        by: z.string().nullable().describe("Null: the node itself."),
        reason: z.string().nullable(),
        settledAt: moment.nullable(),
      })
      .nullable()
      .describe("Null while it lasts."),
    totals: z.object(totals),
    byConnection: z.array(z.object({ ...totals, connection: named })),
  })
  .meta({ id: "PastActivation" });

export const activationsAnswer = z.object({
  rows: z.array(activation),
  next: id.nullable(),
  now: moment,
});

const point = z
  .object({
    at: moment,
    applied: count.describe("Writes that instances confirmed."),
    errors: count,
    waiting: count.nullable().describe("The most that waited; null where no worker looked."),
    oldestS: count.nullable(),
  })
  .meta({ id: "ActivityPoint" });

export const chartsAnswer = z.object({
  span: z.enum(SPAN_NAMES),
  whole: z.array(point),
  byConnection: z.array(z.object({ connection: named, points: z.array(point) })),
  countedTo: moment,
  now: moment,
});
