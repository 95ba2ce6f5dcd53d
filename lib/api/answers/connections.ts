import { z } from "zod";
import { count, id, moment, side } from "@/lib/api/answers/common";
import { FIRST_MEETINGS, POLICIES } from "@/lib/sync/mapping-schema";

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
