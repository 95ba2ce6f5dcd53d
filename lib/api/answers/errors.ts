import { z } from "zod";
import { cappedCount, count, id, moment, named } from "@/lib/api/answers/common";
import { episodeAnswer } from "@/lib/api/answers/pairs";

const group = z
  .object({
    code: z.string(),
    cause: z.string().describe("The message without names and numbers."),
    message: z.string().describe("One of the messages, whole."),
    count: cappedCount,
    retryable: cappedCount,
    connections: z.array(named.extend({ count })),
    issues: z
      .array(z.object({ entryId: id, pairId: id, key: z.string(), summary: z.string() }))
      .describe("The first few."),
    oldestAt: moment,
  })
  .meta({ id: "ErrorGroup" });

export const currentErrorsAnswer = z
  .object({
    now: moment,
    connections: z.array(
      z.object({
        id,
        name: z.string(),
        code: z.string(),
        message: z.string(),
        since: moment.nullable(),
        failures: count,
        retryAt: moment.nullable(),
        waiting: count,
      }),
    ),
    paused: z.array(
      z.object({ id, name: z.string(), until: moment, connections: z.array(z.string()) }),
    ),
    groups: z.array(group),
  })
  .meta({ id: "CurrentErrors" });

export const episodePageAnswer = z.object({
  rows: z.array(
    episodeAnswer.extend({
      level: z.enum(["pair", "connection"]),
      connection: named,
      pair: z.object({ id, key: z.string().nullable() }).nullable(),
    }),
  ),
  next: id.nullable(),
});
