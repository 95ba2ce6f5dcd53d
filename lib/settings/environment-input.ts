import { z } from "zod";
import { ENVIRONMENT_COLOURS } from "@/lib/settings/environment";

/** How this node tells itself from others. Null: no label; the look that the label's word has. */
export const environmentInput = z.strictObject({
  label: z
    .string()
    .trim()
    .max(40)
    .nullable()
    .transform((label) => label || null),
  colour: z.enum(ENVIRONMENT_COLOURS).nullable(),
});
export type EnvironmentInput = z.output<typeof environmentInput>;
