import { nodeKey, seal, unseal } from "@/lib/access/seal";
import { KEPT_HOURS } from "@/lib/api/idempotency";
import type { DbOrTx } from "@/lib/db/database";

/** Whose key for which call. */
export type Key = { tokenId: number; key: string; digest: string };
/** What a creation was answered with: its JSON. */
export type Kept = { status: number; answer: string };

/**
 * Takes a key in this transaction, or gives what the call was answered with the first time. Another
 * transaction that holds the key just now is waited for. `other_call`: the key was used for something else.
 */
export async function takeKey(
  tx: DbOrTx,
  { tokenId, key, digest }: Key,
): Promise<"taken" | "other_call" | Kept> {
  await tx.$executeRaw`
    delete from idempotency_key where token_id = ${tokenId}::int and key = ${key}
       and at <= sync_now() - ${KEPT_HOURS}::int * interval '1 hour'`;
  const taken = await tx.$executeRaw`
    insert into idempotency_key (token_id, key, digest, at, status, answer)
    values (${tokenId}::int, ${key}, ${digest}, sync_now(), 0, '')
    on conflict do nothing`;
  if (taken === 1) return "taken";
  return (await findKept(tx, { tokenId, key, digest })) ?? "other_call";
}

/** What the call was answered with the first time; null when this key is new. */
export async function findKept(
  db: DbOrTx,
  { tokenId, key, digest }: Key,
): Promise<"other_call" | Kept | null> {
  const [row] = await db.$queryRaw<(Kept & { digest: string })[]>`
    select digest, status, answer from idempotency_key
     where token_id = ${tokenId}::int and key = ${key}
       and at > sync_now() - ${KEPT_HOURS}::int * interval '1 hour'`;
  if (!row) return null;
  if (row.digest !== digest) return "other_call";
  return { status: row.status, answer: unseal(nodeKey(), row.answer, context(tokenId, key)) };
}

/** Keeps the answer under a key that this transaction has taken. */
export async function keepAnswer(
  tx: DbOrTx,
  { tokenId, key }: Key,
  { status, answer }: Kept,
): Promise<void> {
  const sealed = seal(nodeKey(), answer, context(tokenId, key));
  await tx.$executeRaw`
    update idempotency_key set status = ${status}::int, answer = ${sealed}
     where token_id = ${tokenId}::int and key = ${key}`;
}

function context(tokenId: number, key: string): string {
  return `idempotency|${tokenId}|${key}`;
}
