import { z } from "zod";

// What answers are made of. The same words as in docs/glossary.md.

export const moment = z.iso.datetime({ offset: true });
export const id = z.int();
export const side = z.enum(["local", "remote"]);
export const count = z.int().min(0);
/** Stops at 10,001: "more than 10,000". */
export const cappedCount = count.max(10_001);
export const named = z.object({ id, name: z.string() });
export const done = z.object({ id });

export const fence = z.object({ incarnation: z.string(), epoch: z.int() }).meta({
  id: "Fence",
  description: "What was shown or done under: one life of the workers, and one opening in it.",
});

export const gateState = z.enum(["inactive", "active", "closing"]);

/** RFC 9457. */
export const problemAnswer = z
  .looseObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string().describe("For people: what was tried, what to do."),
    errors: z
      .array(z.object({ path: z.string(), message: z.string() }))
      .optional()
      .describe("Which members of the request are wrong, and how."),
    code: z.string().optional().describe("What an instance did, as a word."),
  })
  .meta({ id: "Problem" });
