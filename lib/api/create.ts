import { derivedSecret } from "@/lib/access/seal";
import { digestOfCall, idempotencyKey } from "@/lib/api/idempotency";
import { findKept, type Kept, type Key, keepAnswer, takeKey } from "@/lib/api/idempotency-store";
import type { Call, Operation } from "@/lib/api/operation";
import { malformed } from "@/lib/api/problem";
import { Refusal } from "@/lib/api/refusal";
import type { Db } from "@/lib/db/database";

/** A creation may have to wait for another with its key, and its effect for locks. */
const PATIENCE = { maxWait: 10_000, timeout: 60_000 };

/**
 * Carries a creation out, once for each Idempotency-Key. Dying at any line leaves either nothing, or the
 * effect and its answer. A refusal is not kept: what stood in the way may be gone when it is sent again.
 */
export async function create(
  operation: Operation,
  call: Call<unknown, unknown, unknown>,
  request: Request,
): Promise<Response> {
  const given = request.headers.get("idempotency-key");
  const carryOut = async (db: Db): Promise<Kept> => ({
    status: operation.status,
    answer: JSON.stringify(await operation.carryOut({ ...call, db })),
  });
  if (given === null) return respond(await carryOut(call.db));
  const parsed = idempotencyKey.safeParse(given);
  if (!parsed.success) return malformed(parsed.error);
  const { params, query, body } = call;
  const digest = digestOfCall(derivedSecret("idempotency"), {
    operation: operation.id,
    params,
    query,
    body,
  });
  const key: Key = { tokenId: call.by.id, key: parsed.data, digest };

  if (operation.creation === "repeatable") {
    const earlier = await findKept(call.db, key);
    if (earlier) return replay(earlier);
    const kept = await carryOut(call.db);
    await call.db.$transaction(async (tx) => {
      if ((await takeKey(tx, key)) === "taken") await keepAnswer(tx, key, kept);
    }, PATIENCE);
    return respond(kept);
  }
  return call.db.$transaction(async (tx) => {
    const earlier = await takeKey(tx, key);
    if (earlier !== "taken") return replay(earlier);
    // A transaction of Prisma's has transactions inside of it, as savepoints; its type does not say so.
    const kept = await carryOut(tx as unknown as Db);
    await keepAnswer(tx, key, kept);
    return respond(kept);
  }, PATIENCE);
}

function replay(earlier: Kept | "other_call"): Response {
  if (earlier === "other_call")
    throw new Refusal(
      422,
      "This Idempotency-Key was used for another call in the last 24 hours: make up a new one.",
    );
  return respond(earlier, { "Idempotency-Replayed": "true" });
}

function respond({ status, answer }: Kept, headers: Record<string, string> = {}): Response {
  return new Response(answer, {
    status,
    headers: { "Content-Type": "application/json", "Cache-Control": "no-store", ...headers },
  });
}
