import { z } from "zod";
import type { AuditFilter, AuditPlace } from "@/lib/audit/record";

/** The largest id there can be: anything above is no id. */
const id = z.coerce.number().int().positive().max(2_147_483_647);
const word = z.string().trim().min(1).max(200);

/** Which records. All parts must hold; none given means all. */
export const auditFilterSchema = z.object({
  /** Who, whole: an e-mail address, a token's name, "node". */
  actor: word.optional(),
  /** What, whole ("gate.activated"), or what it is about ("gate"). */
  action: word.optional(),
  /** A part of the subject or of the reason. */
  q: word.optional(),
  from: z.iso.datetime({ offset: true }).optional(),
  /** Before this moment. */
  to: z.iso.datetime({ offset: true }).optional(),
}) satisfies z.ZodType<AuditFilter>;

/** Where a page begins: older than one record, or newer than one. An id means the same under every filter. */
export const auditPlaceSchema = z.object({
  before: id.optional(),
  after: id.optional(),
}) satisfies z.ZodType<AuditPlace>;
