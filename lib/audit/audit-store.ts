import type pg from "pg";
import { derivedSecret, keyId, nodeKey } from "@/lib/access/seal";
import {
  type AuditKey,
  type AuditRow,
  link,
  NO_KEY,
  storable,
  storableJson,
} from "@/lib/audit/chain";
import { type Mark, type Verification, verifyChain } from "@/lib/audit/verify";
import type { Db, DbOrTx } from "@/lib/db/database";
import type { Prisma } from "@/lib/db/generated/client";

export type AuditRecord = {
  actor: string;
  /** Subject and verb: `gate.activated`, `entry.held`, `session.started`. */
  action: string;
  subject?: string | undefined;
  reason?: string | undefined;
  /** What changed. Never a secret. */
  detail?: Prisma.InputJsonObject;
};

/** What this node's audit is sealed with. For the few who may run without the key: `null` gives `NO_KEY`. */
export function auditKey(key: Buffer | null = nodeKey()): AuditKey {
  return key ? { id: keyId(key), secret: derivedSecret("audit", key) } : NO_KEY;
}

/**
 * Appends to the audit. Call it in the transaction of what it records, so that neither exists alone, and
 * as the last thing in it: everybody else who audits waits from then on until it ends. Given a client
 * that is in no transaction, it opens one.
 */
export async function recordAudit(
  db: DbOrTx,
  record: AuditRecord,
  key: AuditKey = auditKey(),
): Promise<void> {
  if (isRoot(db)) return db.$transaction((tx) => recordAudit(tx, record, key));
  const [head] = await db.$queryRaw<Head[]>`select seq, hash, now from audit_head()`;
  const { seq, at, actor, action, subject, reason, detail, prev, hash } = seal(key, head, record);
  await db.$executeRaw`
    insert into audit (at, actor, action, subject, reason, detail, seq, prev, key_id, hash)
    values (${at}::timestamptz, ${actor}, ${action}, ${subject}, ${reason}, ${detail}::jsonb,
            ${seq}::bigint, ${prev}, ${key.id}, ${hash})`;
}

/** The same for a transaction that `client` is in already. */
export async function recordAuditWith(
  client: pg.ClientBase,
  record: AuditRecord,
  key: AuditKey = auditKey(),
): Promise<void> {
  const { rows } = await client.query<Head>("select seq, hash, now from audit_head()");
  const sealed = seal(key, rows[0], record);
  const { seq, at, actor, action, subject, reason, detail, prev, hash } = sealed;
  await client.query(
    `insert into audit (at, actor, action, subject, reason, detail, seq, prev, key_id, hash)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [at, actor, action, subject, reason, detail, seq, prev, key.id, hash],
  );
}

/** A transaction has no connection of its own to open. It may have `$transaction`, for a nested one. */
function isRoot(db: DbOrTx): db is Db {
  return "$connect" in db && typeof db.$connect === "function";
}

/** Drivers give a bigint as text or as a bigint. */
type Head = { seq: bigint | string; hash: string; now: Date };

function seal(key: AuditKey, head: Head | undefined, record: AuditRecord) {
  if (!head) throw new Error("the database did not say where the audit ends");
  const detail = storableJson(record.detail ?? {});
  const written = {
    seq: Number(head.seq) + 1,
    at: head.now,
    actor: storable(record.actor),
    action: record.action,
    subject: record.subject === undefined ? null : storable(record.subject),
    reason: record.reason === undefined ? null : storable(record.reason),
    prev: head.hash,
  };
  const hash = link(key, { ...written, detail });
  return { ...written, at: head.now.toISOString(), detail: JSON.stringify(detail), hash };
}

/** The last record of the chain, as a mark to keep outside the database; null when there is none. */
export async function readAuditHead(db: DbOrTx): Promise<(Mark & { at: Date }) | null> {
  const last = await db.audit.findFirst({
    where: { seq: { not: null } },
    orderBy: { seq: "desc" },
    select: { seq: true, hash: true, at: true },
  });
  return last && { seq: Number(last.seq), hash: last.hash ?? "", at: last.at };
}

/** Looks at the whole audit. Changes nothing; others may append meanwhile. Read the mark before you call it. */
export async function verifyAudit(db: Db, key: AuditKey, mark: Mark | null): Promise<Verification> {
  return verifyChain(readAll(db), key, mark);
}

const PAGE = 1_000;

/** Rows from before the chain, then the chain. By id too: a number that was given twice must not hide a row. */
async function* readAll(db: Db): AsyncGenerator<AuditRow> {
  yield* pages((last) => {
    const after = last?.id ?? LEAST_INT;
    return db.$queryRaw`
      select id, at, actor, action, subject, reason, detail, seq, prev, key_id as "keyId", hash from audit
       where seq is null and id > ${after}::int order by id limit ${PAGE}::int`;
  });
  yield* pages((last) => {
    const after = { seq: last?.seq ?? LEAST_BIGINT, id: last?.id ?? LEAST_INT };
    return db.$queryRaw`
      select id, at, actor, action, subject, reason, detail, seq, prev, key_id as "keyId", hash from audit
       where seq is not null and (seq, id) > (${after.seq}::bigint, ${after.id}::int)
       order by seq, id limit ${PAGE}::int`;
  });
}

type StoredRow = Omit<AuditRow, "seq"> & { seq: bigint | null };

const LEAST_INT = -2_147_483_648;
const LEAST_BIGINT = -(2n ** 63n);

async function* pages(
  read: (last: StoredRow | undefined) => Promise<StoredRow[]>,
): AsyncGenerator<AuditRow> {
  let page = await read(undefined);
  while (page.length > 0) {
    for (const row of page) yield { ...row, seq: row.seq === null ? null : Number(row.seq) };
    page = await read(page.at(-1));
  }
}
