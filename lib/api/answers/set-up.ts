import { z } from "zod";
import { count, id, side } from "@/lib/api/answers/common";
import { planAnswer } from "@/lib/api/answers/plan";
import { FIRST_MEETINGS } from "@/lib/sync/policies";

const check = z
  .object({
    id: z.string(),
    what: z.string(),
    state: z
      .enum(["fine", "doubtful", "wrong", "unknown"])
      .describe(
        "`doubtful`: it works, perhaps not as meant. `unknown`: the instance does not say.",
      ),
    said: z.string().describe("What came back."),
    advice: z.string().nullable().describe("What to do about it."),
  })
  .meta({ id: "Check" });

export const triedAnswer = z.object({
  checks: z.array(check),
  title: z.string().nullable().describe("What the instance calls itself, when it can be used."),
});

export const projectsAnswer = z.object({
  projects: z.array(z.object({ key: z.string(), name: z.string() })),
});

const sideDescription = z
  .object({
    types: z.array(z.string()),
    statuses: z.array(z.string()),
    fields: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        kind: z.string(),
        allowed: z.array(z.string()).nullable().describe("Null: any value."),
        isRequired: z.boolean(),
        canWrite: z.boolean(),
      }),
    ),
    people: z
      .array(z.looseObject({ key: z.string(), name: z.string() }))
      .nullable()
      .describe("Null: our account may not list them."),
  })
  .meta({ id: "SideDescription" });

export const comparedAnswer = z.object({
  sides: z.object({ local: sideDescription, remote: sideDescription }),
  proposal: z
    .looseObject({ version: z.literal(2) })
    .describe("A mapping, as a connection takes it."),
  rights: z.object({ local: z.array(check), remote: z.array(check) }),
});

export const triggeredAnswer = z.object({
  total: count,
  examples: z.array(
    z.object({ id: z.string(), key: z.string(), summary: z.string(), updatedAt: z.string() }),
  ),
});

export const leavingAnswer = z.object({
  lookedAt: count.describe("Pairs that were looked at: the newest, up to a thousand."),
  leaving: count,
  examples: z.array(z.string()).describe("Keys of the newest."),
});

export const existingAnswer = z.object({
  total: count.describe("Issues that the side's trigger names now."),
  lookedAt: count.describe("The newest of them, up to a page of a search."),
  known: count.describe("How many of those looked at are in a pair of this connection."),
  examples: z
    .array(z.object({ key: z.string(), summary: z.string() }))
    .describe("The newest of those that are in none."),
});

export const lookedUpAnswer = z.object({
  key: z.string(),
  url: z.string(),
  summary: z.string(),
  firstMeeting: z
    .enum(FIRST_MEETINGS)
    .describe("Whose values count where two that are linked differ."),
  pair: z
    .object({ id, twin: z.string().nullable(), isStopped: z.boolean() })
    .nullable()
    .describe("The pair of this connection that it is in."),
});

export const firstPlansAnswer = z.object({
  problems: z.array(z.object({ path: z.string(), side, blocks: z.boolean(), message: z.string() })),
  previews: z.array(
    z.object({
      key: z.string(),
      url: z.string(),
      summary: z.string(),
      plan: planAnswer,
      from: side,
      alike: z
        .string()
        .nullable()
        .describe(
          "The key of an issue at the other side with the same summary, where a new one would be made.",
        ),
    }),
  ),
  total: count.describe("How many issues the triggers name now; the newest are previewed."),
});
