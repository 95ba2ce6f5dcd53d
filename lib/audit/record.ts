/** Which records. All parts must hold; none given means all. */
export type AuditFilter = {
  /** Who, whole: an e-mail address, a token's name, "node". */
  actor?: string | undefined;
  /** What, whole ("gate.activated"), or what it is about ("gate"). */
  action?: string | undefined;
  /** A part of the subject or of the reason. */
  q?: string | undefined;
  from?: string | undefined;
  /** Before this moment. */
  to?: string | undefined;
};

/** Where a page begins: older than one record, or newer than one. An id means the same under every filter. */
export type AuditPlace = { before?: number | undefined; after?: number | undefined };

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
