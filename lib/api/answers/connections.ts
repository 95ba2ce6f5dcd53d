import { z } from "zod";
import { count, id, moment, side } from "@/lib/api/answers/common";
import { FIRST_MEETINGS, POLICIES } from "@/lib/sync/policies";

export const instanceAnswer = z
  .object({
    id,
    kind: z.string(),
    name: z.string(),
    baseUrl: z.string(),
    createdAt: moment,
    pausedUntil: moment.nullable().describe("A rate limit's word: nothing is asked before."),
  })
  .meta({ id: "Instance" });

const sideSettings = z.looseObject({
  project: z.string().optional(),
  issueType: z.string().optional(),
  trigger: z.string().optional(),
});

export const connectionAnswer = z
  .object({
    id,
    name: z.string(),
    localInstanceId: id,
    remoteInstanceId: id,
    localSettings: sideSettings,
    remoteSettings: sideSettings,
    mapping: z.looseObject({}).describe("As it was given when the connection was made."),
    policy: z.enum(POLICIES),
    firstMeeting: z.enum(FIRST_MEETINGS),
    concurrency: count,
    createdAt: moment,
    errorCode: z.string().nullable().describe("Why it stopped; null: it works."),
    errorMessage: z.string().nullable(),
    errorAt: moment.nullable(),
    errorCount: count,
    retryAt: moment.nullable().describe("Null while it is stopped: it waits for a person."),
    heldSides: z.array(side),
    heldAt: moment.nullable(),
  })
  .meta({ id: "Connection" });

const connectionSide = z
  .object({
    instance: z.object({ id, name: z.string(), kind: z.string(), baseUrl: z.string() }),
    textFormat: z
      .object({ now: z.string(), choices: z.array(z.string()) })
      .nullable()
      .describe("The markup of the instance's texts; null where there is none to choose."),
    project: z.string(),
    issueType: z.string(),
    trigger: z.string().nullable(),
    webhookUrl: z.string().describe("Where the instance's webhook posts to."),
    lastWebhookAt: moment.nullable(),
    polledAt: moment.nullable(),
    bringingIn: z
      .object({ at: moment, by: z.string() })
      .nullable()
      .describe("Everything that the trigger names is being brought in: since when, and for whom."),
    quiet: z.boolean().describe("The instance is asked to send no mails for our updates."),
    canBeQuiet: z.boolean(),
    mailsRefused: z
      .object({ at: moment, said: z.string() })
      .nullable()
      .describe("The instance refuses to update without mails, and what it said."),
  })
  .meta({ id: "ConnectionSide" });

export const connectionPageAnswer = z
  .object({
    id,
    name: z.string(),
    createdAt: moment,
    local: connectionSide,
    remote: connectionSide,
    mapping: z.looseObject({ version: z.literal(2) }),
    policy: z.enum(POLICIES),
    firstMeeting: z.enum(FIRST_MEETINGS),
    concurrency: count,
    agreedVersion: count.describe("Raised by each change of what was agreed."),
    paused: z
      .object({
        at: moment,
        by: z.string(),
        reason: z.string().nullable(),
        until: moment.nullable().describe("Null: until somebody resumes it."),
      })
      .nullable(),
    error: z
      .object({
        code: z.string(),
        message: z.string(),
        at: moment.nullable(),
        retryAt: moment.nullable(),
      })
      .nullable(),
    heldSides: z.array(z.string()),
    pairs: count,
    waiting: count,
    deleted: count.describe(
      "Issues that count as deleted at one side. Nothing was deleted for them.",
    ),
    sweep: z.object({ done: count, endedAt: moment.nullable() }),
  })
  .meta({ id: "ConnectionDetail" });

export const pairAnswer = z
  .object({
    id,
    connectionId: id,
    localKey: z.string().nullable(),
    remoteKey: z.string().nullable(),
    summary: z.string(),
    createdAt: moment,
    inStepAt: moment.nullable(),
  })
  .meta({ id: "Pair" });
