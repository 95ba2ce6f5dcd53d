import { z } from "zod";
import { DIRECTIONS, ENTRY_STATES, QUEUE_SORTS } from "@/lib/sync-queue/row";

// What requests may say. Unknown members are refused, so that a typing error is not a silent default.

const reason = z.string().trim().max(500).optional();
const limit = z.coerce.number().int().min(1).max(200).default(50);

export const fenceSchema = z.strictObject({
  incarnation: z.string().max(100),
  epoch: z.number().int(),
});
export const activationBody = z.strictObject({ fence: fenceSchema, reason });
export const reasonBody = z.strictObject({ reason });

export const queueQuery = z.strictObject({
  connection: z.coerce.number().int().positive().optional(),
  state: z.enum(ENTRY_STATES).optional(),
  direction: z.enum(DIRECTIONS).optional(),
  q: z.string().trim().max(200).optional(),
  sort: z.enum(QUEUE_SORTS).default("oldest"),
  cursor: z.string().max(2_000).optional(),
  limit,
});

export const pairsQuery = z.strictObject({ key: z.string().trim().min(1).max(100) });
export const permitsQuery = z.strictObject({
  since: z.iso.datetime({ offset: true }).optional(),
  /** The last permit of the page before. */
  after: z.uuid().optional(),
  limit: z.coerce.number().int().min(1).max(500).default(200),
});
export const auditQuery = z.strictObject({
  before: z.coerce.number().int().positive().optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});

/** A path's number, or null for what cannot be one. */
export function pathId(text: string | undefined): number | null {
  const parsed = z.coerce.number().int().positive().max(2_147_483_647).safeParse(text);
  return parsed.success ? parsed.data : null;
}
