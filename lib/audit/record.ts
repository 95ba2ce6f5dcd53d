import { z } from "zod";

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
});
export type AuditFilter = z.output<typeof auditFilterSchema>;

/** Where a page begins: older than one record, or newer than one. An id means the same under every filter. */
export const auditPlaceSchema = z.object({ before: id.optional(), after: id.optional() });
export type AuditPlace = z.output<typeof auditPlaceSchema>;

/** A record as people read it. `seq` is its place in the chain; null: from before the chain. */
export type AuditLine = {
  id: number;
  seq: number | null;
  at: string;
  actor: string;
  action: string;
  subject: string | null;
  reason: string | null;
  detail: unknown;
};

/** A record with its seal, so that who has the key can check an export. */
export type SealedLine = AuditLine & {
  prev: string | null;
  keyId: string | null;
  hash: string | null;
};

export type AuditPage = {
  /** Newest first. */
  rows: AuditLine[];
  /** Capped: one more than the cap means "more than that". */
  total: number;
  older: number | null;
  newer: number | null;
  now: string;
};

/** What there is to choose from. */
export type AuditChoices = { actors: string[]; actions: string[] };
