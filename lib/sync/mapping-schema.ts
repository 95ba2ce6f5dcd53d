import { z } from "zod";

const direction = z.enum(["both", "to_remote", "to_local", "none"]).default("both");
/** Each side's value to the other's: two tables, since many statuses may become one. */
const table = z
  .object({
    toRemote: z.record(z.string(), z.string()).default({}),
    toLocal: z.record(z.string(), z.string()).default({}),
  })
  .default({ toRemote: {}, toLocal: {} });

/** How the fields of two issues correspond. A value without a counterpart in its table stays at home. */
export const mappingSchema = z.object({
  fields: z
    .object({
      summary: direction,
      description: direction,
      status: direction,
      priority: direction,
      labels: direction,
    })
    .prefault({}),
  comments: direction,
  values: z.object({ status: table, priority: table }).prefault({}),
});

export type Mapping = z.infer<typeof mappingSchema>;

export const POLICIES = ["local", "remote", "latest", "hold"] as const;
/** Who wins when both sides changed one field. */
export type Policy = (typeof POLICIES)[number];

export const FIRST_MEETINGS = ["local", "remote", "hold"] as const;
/** Who wins where two issues that existed before they were connected differ. */
export type FirstMeeting = (typeof FIRST_MEETINGS)[number];
