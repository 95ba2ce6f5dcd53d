import { z } from "zod";
import { HISTORY, HISTORY_KINDS, type HistoryKind } from "@/lib/settings/history";

const period = (kind: HistoryKind) => {
  const { least, most, permanent } = HISTORY[kind];
  const days = z.number().int().min(least).max(most);
  return permanent ? days.nullable() : days;
};

/** What is left out stays as it is. */
export const periodsInput = z
  .strictObject({
    changes: period("changes").optional(),
    writes: period("writes").optional(),
    signs: period("signs").optional(),
    work: period("work").optional(),
    errors: period("errors").optional(),
    totals: period("totals").optional(),
    sessions: period("sessions").optional(),
    workers: period("workers").optional(),
  })
  .refine((input) => Object.values(input).some((value) => value !== undefined), {
    error: "names no kind of history",
  })
  .meta({ minProperties: 1 });
export type PeriodsInput = z.output<typeof periodsInput>;

/** A period that somebody thinks of. */
export const removalInput = z
  .strictObject({
    kind: z.enum(HISTORY_KINDS),
    days: z.number().int().min(1).max(3_650).nullable(),
  })
  .refine(({ kind, days }) => period(kind).safeParse(days).success, {
    error: "is not a period that this kind may have",
  });
