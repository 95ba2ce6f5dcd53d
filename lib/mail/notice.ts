import { z } from "zod";

/** What is kept of one thing to tell, by kind: all that its words are made of. */
export const noticeSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("gate_closed"),
    detail: z.object({
      at: z.string(),
      by: z.string().nullable(),
      reason: z.string().nullable(),
      waiting: z.number(),
    }),
  }),
  z.object({
    kind: z.literal("another_node"),
    detail: z.object({
      instance: z.string(),
      project: z.string(),
      /** alive: it writes now; contested: both have; newer: it wrote after us. */
      how: z.enum(["alive", "contested", "newer"]),
    }),
  }),
  z.object({
    kind: z.literal("connection_stopped"),
    detail: z.object({
      id: z.number(),
      name: z.string(),
      code: z.string(),
      message: z.string(),
      waitsForPerson: z.boolean(),
    }),
  }),
  z.object({
    kind: z.literal("entries_failed"),
    detail: z.object({
      connectionId: z.number(),
      connection: z.string(),
      code: z.string(),
      issues: z.number(),
      /** A few of them. */
      keys: z.array(z.string()),
    }),
  }),
  z.object({
    kind: z.literal("backlog_grows"),
    detail: z.object({ since: z.string(), waiting: z.number(), arrived: z.number() }),
  }),
]);
export type Notice = z.output<typeof noticeSchema>;
