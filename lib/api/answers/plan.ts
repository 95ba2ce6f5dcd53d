import { z } from "zod";
import { side } from "@/lib/api/answers/common";

/**
 * What would be written, in order. Each kind of write says more about itself than is promised here;
 * programs read `kind`, `side` and the lengths of the lists.
 */
export const planAnswer = z
  .object({
    writes: z.array(z.looseObject({ kind: z.string(), side })),
    conflicts: z
      .array(z.looseObject({ field: z.string() }))
      .describe("Fields that both sides changed since they were last in step."),
    mails: z
      .array(z.looseObject({ side }))
      .optional()
      .describe(
        "What each side is mailed for it: `people` times `writes`, or why that is `unknown`.",
      ),
    notes: z.array(z.looseObject({ text: z.string() })).describe("What stays as it is, and why."),
  })
  .meta({ id: "Plan" });
