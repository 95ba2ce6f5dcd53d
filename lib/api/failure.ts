import { z } from "zod";
import { malformed, problem } from "@/lib/api/problem";
import { Refusal } from "@/lib/api/refusal";
import { SetupError } from "@/lib/connections/setup-error";
import { Prisma } from "@/lib/db/generated/client";
import { SyncError } from "@/lib/errors";
import { log } from "@/lib/log";
import { BadCursor } from "@/lib/sync-queue/cursor";

/** Prisma's word for "a unique value exists already". */
const TAKEN = "P2002";

const STATUS = { not_found: 404, conflict: 409, invalid: 422 } as const;

/** What to answer when a call failed: our own errors in their words, all others in the log only. */
export function failed(error: unknown, request: Request): Response {
  if (error instanceof Refusal)
    return problem(error.status, error.message, error.more, error.headers);
  if (error instanceof BadCursor) return problem(400, error.message);
  if (error instanceof SetupError) return problem(STATUS[error.reason], error.message);
  if (error instanceof SyncError) return problem(422, error.message, { code: error.code });
  // A connector's own settings are known only once the instance's kind is.
  if (error instanceof z.ZodError) return malformed(error, 422);
  if (error instanceof Prisma.PrismaClientKnownRequestError && error.code === TAKEN)
    return problem(409, "There is one of this name already.");
  log.error("an API call failed", {
    call: `${request.method} ${new URL(request.url).pathname}`,
    error: error instanceof Error ? (error.stack ?? error.message) : String(error),
  });
  return problem(500, "This could not be done. The console's log says why.");
}
