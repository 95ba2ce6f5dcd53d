import { z } from "zod";
import { count, moment } from "@/lib/api/answers/common";
import { ENVIRONMENT_COLOURS } from "@/lib/settings/environment";
import { HISTORY_KINDS } from "@/lib/settings/history";

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

const kind = z.enum(HISTORY_KINDS);

export const historyAnswer = z
  .object({
    history: z.array(
      z.object({
        kind,
        days: z.int().nullable().describe("Null: for good."),
        count: z.object({ rows: count, isEstimate: z.boolean() }),
        oldestAt: moment.nullable(),
        removed: count.describe("Rows, since the node began."),
        removedAt: moment.nullable(),
      }),
    ),
  })
  .meta({ id: "History" });

export const removalAnswer = z.object({
  removal: z
    .object({ kind, before: moment, rows: count, isMore: z.boolean() })
    .nullable()
    .describe("Null: kept for good."),
});
