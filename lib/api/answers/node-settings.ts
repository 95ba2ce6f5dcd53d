import { z } from "zod";
import { ENVIRONMENT_COLOURS } from "@/lib/settings/environment";

export const environmentAnswer = z
  .object({
    label: z.string().nullable(),
    colour: z.enum(ENVIRONMENT_COLOURS).nullable(),
    told: z.string().nullable().describe("What `NODE_LABEL` says; it wins over the setting."),
    isInDoubt: z
      .boolean()
      .describe("Nobody has decided yet whether this is the node of that name or a copy of it."),
  })
  .meta({ id: "Environment" });
