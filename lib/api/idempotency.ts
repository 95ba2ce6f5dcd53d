import { createHmac } from "node:crypto";
import { z } from "zod";

/** Sent again within this time, a creation is answered as it was the first time. */
export const KEPT_HOURS = 24;

/** Any text that a program makes up for one creation, such as a UUID; quotes around it are allowed. */
export const idempotencyKey = z
  .string()
  .regex(/^"?[\x21\x23-\x7e]{1,200}"?$/, "must be 1 to 200 visible characters of ASCII")
  .transform((text) => text.replace(/^"(.*)"$/, "$1"));

/** Tells whether two calls are the same one, without keeping what they said. */
export function digestOfCall(
  secret: string,
  call: { operation: string; params: unknown; query: unknown; body: unknown },
): string {
  const { operation, params, query, body } = call;
  const said = JSON.stringify([operation, params ?? null, query ?? null, body ?? null]);
  return createHmac("sha256", secret).update(said).digest("base64url");
}
