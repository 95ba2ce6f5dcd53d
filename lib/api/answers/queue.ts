import { z } from "zod";
import { cappedCount, count, fence, id, moment, named, side } from "@/lib/api/answers/common";
import { planAnswer } from "@/lib/api/answers/plan";
import { DIRECTIONS, ENTRY_STATES } from "@/lib/sync-queue/row";

const row = z
  .object({
    id,
    issueKey: z.string().describe("On the side where it changed; the local one when both did."),
    twinKey: z.string().nullable(),
    summary: z.string(),
    connection: named,
    direction: z.enum(DIRECTIONS).nullable().describe("Null until it has been planned."),
    words: z
      .string()
      .nullable()
      .describe("What would be sent, in words; null until it has been planned."),
    changes: count,
    createdAt: moment,
    readyAt: moment,
    state: z.enum(ENTRY_STATES),
    failures: count,
    error: z.object({ code: z.string(), message: z.string() }).nullable(),
    heldBy: z.string().nullable(),
    isInherited: z.boolean().describe("It came with the copy that this node is."),
  })
  .meta({ id: "QueueRow" });

const cursor = z
  .string()
  .nullable()
  .describe("Opaque, for this filter alone; null when there is no such page.");

export const queuePageAnswer = z
  .object({ rows: z.array(row), total: cappedCount, nextCursor: cursor, previousCursor: cursor })
  .meta({ id: "QueuePage" });

export const permitAnswer = z
  .object({
    id: z.uuid(),
    fence,
    pairId: id.nullable().describe("Null for a sign of life, which belongs to no pair."),
    connectionId: id,
    side,
    kind: z.string(),
    method: z.string(),
    issueKey: z.string().nullable(),
    sentAt: moment,
    answeredAt: moment.nullable(),
    outcome: z.string().describe("open, applied, rejected, unknown or unsent"),
    status: z.int().nullable(),
    durationMs: z.int().nullable(),
  })
  .meta({ id: "Permit" });

export const changeAnswer = z
  .object({
    id: z.string(),
    side,
    kind: z.string(),
    via: z.string(),
    actor: z.string().nullable(),
    at: moment,
  })
  .meta({ id: "Change" });

export const runAnswer = z
  .object({
    id,
    endedAt: moment,
    outcome: z.string(),
    writes: count,
    words: z.string().nullable(),
    errorCode: z.string().nullable(),
  })
  .meta({ id: "Run" });

const sideOfPair = z.object({
  key: z.string().nullable(),
  url: z.string().nullable(),
  instance: z.string(),
});

export const entryAnswer = z
  .object({
    row,
    pair: z.object({ id, local: sideOfPair, remote: sideOfPair, inStepAt: moment.nullable() }),
    plan: z
      .object({
        plan: planAnswer,
        digest: z.string(),
        plannedAt: moment,
        isStale: z.boolean().describe("Changes came after it was made."),
      })
      .nullable(),
    changes: z.array(changeAnswer),
    moreChanges: count,
    runs: z.array(runAnswer),
    permits: z.array(permitAnswer),
    heldReason: z.string().nullable(),
    nextTryAt: moment.nullable(),
  })
  .meta({ id: "QueueEntry" });
