import type { DbOrTx } from "@/lib/db/database";

/**
 * Names who acts, and what they do, for what the database notes itself in this transaction: an error
 * that ends by it is remembered as ended by them. Call it in a transaction, before the rows change.
 */
export async function actAs(
  tx: DbOrTx,
  by: string,
  how: "retried" | "discarded" | "stopped" | "decided",
): Promise<void> {
  await tx.$executeRaw`select set_config('exalate.by', ${by}, true), set_config('exalate.how', ${how}, true)`;
}
