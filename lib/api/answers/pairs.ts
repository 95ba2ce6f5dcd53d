import { z } from "zod";
import { cappedCount, count, id, moment, named, side } from "@/lib/api/answers/common";
import { planAnswer } from "@/lib/api/answers/plan";
import { changeAnswer, permitAnswer, runAnswer } from "@/lib/api/answers/queue";
import { STANDINGS } from "@/lib/pairs/pair";
import { ENTRY_STATES } from "@/lib/sync-queue/row";

const value = z.union([z.string(), z.array(z.string()), z.null()]);
const fields = z.record(z.string(), value).describe("By the side's own id of each field.");

const row = z
  .object({
    id,
    localKey: z.string().nullable(),
    remoteKey: z.string().nullable(),
    summary: z.string(),
    connection: named,
    standing: z.enum(STANDINGS),
    entryId: id.nullable(),
    words: z.string().nullable(),
    errorCode: z.string().nullable(),
    inStepAt: moment.nullable(),
  })
  .meta({ id: "PairRow" });

const cursor = z.string().nullable();
export const pairPageAnswer = z
  .object({ rows: z.array(row), total: cappedCount, nextCursor: cursor, previousCursor: cursor })
  .meta({ id: "PairPage" });

const pairSide = z
  .object({
    issueId: z.string().nullable(),
    key: z.string().nullable(),
    url: z.string().nullable(),
    instance: z.string(),
    project: z.string().nullable(),
    base: fields.nullable().describe("What it looked like when it was last read back in step."),
    seenAt: moment.nullable(),
    isUnverified: z.boolean(),
    isHeld: z.boolean(),
  })
  .meta({ id: "PairSide" });

export const pairDetailAnswer = z
  .object({
    row,
    local: pairSide,
    remote: pairSide,
    createdAt: moment,
    fields: z
      .array(z.object({ local: z.string(), remote: z.string(), name: z.string() }))
      .describe("What the connection's mapping keeps in step."),
    entry: z
      .object({
        id,
        state: z.enum(ENTRY_STATES),
        changes: count,
        createdAt: moment,
        readyAt: moment,
        heldBy: z.string().nullable(),
        heldReason: z.string().nullable(),
        error: z.object({ code: z.string(), message: z.string() }).nullable(),
        plan: planAnswer.nullable(),
        isStale: z.boolean().describe("Changes came after the plan was made."),
      })
      .nullable(),
    stopped: z.object({ at: moment, by: z.string(), reason: z.string().nullable() }).nullable(),
    differsAt: moment.nullable(),
    gone: z
      .array(
        z.object({
          side,
          noticedAt: moment,
          deletedAt: moment.nullable().describe("Since when it counts as deleted; null: not yet."),
          how: z.enum(["told", "second_sweep"]).nullable(),
        }),
      )
      .describe("Issues that a sweep found gone. Nothing is deleted for them."),
    connectionError: z
      .object({ code: z.string(), message: z.string(), retryAt: moment.nullable() })
      .nullable(),
    conflicts: z
      .array(z.object({ field: z.string(), local: value, remote: value, digest: z.string() }))
      .describe("What waits for a choice."),
    choices: z.array(
      z.object({
        field: z.string(),
        side,
        digest: z.string(),
        by: z.string(),
        at: moment,
        reason: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: "PairDetail" });

const sideNow = z
  .discriminatedUnion("kind", [
    z.object({ kind: z.literal("read"), fields, updatedAt: z.string(), comments: count }),
    z.object({ kind: z.literal("none") }),
    z.object({ kind: z.literal("unread"), because: z.string() }),
  ])
  .meta({ id: "SideNow" });
export const sidesNowAnswer = z.object({ local: sideNow, remote: sideNow, at: moment });

export const episodeAnswer = z
  .object({
    id,
    code: z.string(),
    message: z.string(),
    count,
    openedAt: moment,
    lastAt: moment,
    clearedAt: moment.nullable(),
    clearedHow: z.string().nullable(),
    clearedBy: z.string().nullable(),
  })
  .meta({ id: "ErrorEpisode" });

const write = permitAnswer
  .extend({
    fields: z.array(
      z.object({
        field: z.string(),
        before: z.string().nullable(),
        intended: z.string().nullable(),
      }),
    ),
    text: z.string().nullable(),
    answer: z.string().nullable(),
  })
  .meta({ id: "WriteOfPair" });

export const historyAnswers = {
  permits: write,
  changes: changeAnswer,
  runs: runAnswer,
  errors: episodeAnswer,
};
export const next = z
  .string()
  .nullable()
  .describe("For `before` of the next page; null at the end.");
