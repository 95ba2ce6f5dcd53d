import { timingSafeEqual } from "node:crypto";
import { derivedSecret } from "@/lib/access/seal";
import { json, problem } from "@/lib/api/problem";
import { database } from "@/lib/db/database";
import { env } from "@/lib/env";
import { readGateStatus } from "@/lib/gate/status-store";

/** A worker that was seen within this time lives. */
const ALIVE_MS = 10_000;

/**
 * Wakes the workers and tells what they do. For this node's own console only: an internal secret, never a
 * cookie, and no page of another origin. 503 when no worker lives.
 */
export async function POST(request: Request): Promise<Response> {
  const origin = request.headers.get("origin");
  if (origin !== null && origin !== new URL(env().CONSOLE_URL).origin)
    return problem(403, "This route is not for pages of other origins.");
  if (!isOurs(request.headers.get("authorization")))
    return problem(401, "This route takes the node's internal secret.");
  try {
    const db = database();
    await db.$executeRaw`select pg_notify('sync_wake', '')`;
    const { state, fence, workers, now } = await readGateStatus(db);
    const living = workers.filter(({ seenAt }) => Date.parse(now) - Date.parse(seenAt) < ALIVE_MS);
    if (living.length === 0)
      return problem(503, "No worker of this node lives. Start one: npm run worker");
    return json({ gate: { state, fence }, workers: living });
  } catch {
    return problem(503, "The database does not answer.");
  }
}

function isOurs(authorization: string | null): boolean {
  const expected = Buffer.from(`Bearer ${derivedSecret("worker-route")}`);
  const given = Buffer.from(authorization ?? "");
  return given.length === expected.length && timingSafeEqual(given, expected);
}
