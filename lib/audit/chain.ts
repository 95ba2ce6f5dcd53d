import { createHash, createHmac, timingSafeEqual } from "node:crypto";

/** What is sealed. `detail` is JSON as the database gives it back; `prev` the hash of the record before, empty for the first. */
export type Written = {
  seq: number;
  at: Date;
  actor: string;
  action: string;
  subject: string | null;
  reason: string | null;
  detail: unknown;
  prev: string;
};

/** A row of the audit. The four that may be null are so together, in records from before the chain. */
export type AuditRow = Omit<Written, "seq" | "prev"> & {
  id: number;
  seq: number | null;
  prev: string | null;
  keyId: string | null;
  hash: string | null;
};

/** Seals records. Under `NO_KEY` the chain shows accidents only: anybody can make one like it. */
export type AuditKey = { id: string; secret: string | null };

export const NO_KEY: AuditKey = { id: "none", secret: null };

/**
 * The hash that `record` is kept with. It begins with the key's id, so that the next record seals that
 * too: no record can be passed off later as one that another node sealed.
 */
export function link(key: AuditKey, record: Written): string {
  const hash = key.secret === null ? createHash("sha256") : createHmac("sha256", key.secret);
  return `${key.id}:${hash.update(canonical(record)).digest("base64url")}`;
}

/** Whether a row is what was written under `key` as number `seq`. Takes the same time wherever a hash differs. */
export function isSealed(key: AuditKey, row: AuditRow, seq: number): boolean {
  if (row.prev === null || row.hash === null) return false;
  const expected = Buffer.from(link(key, { ...row, seq, prev: row.prev }));
  const given = Buffer.from(row.hash);
  return expected.length === given.length && timingSafeEqual(expected, given);
}

/** The text that is sealed: it does not depend on the order in which a database keeps an object's keys. */
export function canonical(record: Written): string {
  const { seq, at, actor, action, subject, reason, detail, prev } = record;
  return inOrder([seq, at, actor, action, subject, reason, detail, prev]);
}

function inOrder(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inOrder).join(",")}]`;
  if (typeof value !== "object" || value === null || value instanceof Date)
    return JSON.stringify(value ?? null);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${inOrder(inner)}`).join(",")}}`;
}

/** Text as PostgreSQL keeps it: half of a surrogate pair, or NUL, becomes U+FFFD. */
export function storable(text: string): string {
  return text.toWellFormed().replaceAll("\0", "\uFFFD");
}

/** A value as jsonb gives it back: no `undefined`, no dates, storable text. */
export function storableJson(value: unknown): unknown {
  return clean(JSON.parse(JSON.stringify(value)));
}

function clean(value: unknown): unknown {
  if (typeof value === "string") return storable(value);
  if (Array.isArray(value)) return value.map(clean);
  if (typeof value !== "object" || value === null) return value;
  // Makes own properties even of names like __proto__.
  return Object.fromEntries(Object.entries(value).map(([key, x]) => [storable(key), clean(x)]));
}
