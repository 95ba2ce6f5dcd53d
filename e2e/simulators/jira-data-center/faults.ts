import { z } from "zod";

const times = { next: z.int().min(0), match: z.string().optional(), user: z.string().optional() };
const range = z.union([z.number(), z.object({ min: z.number(), max: z.number() })]);

/**
 * What goes wrong, and how often. `next` counts down with each request it meets and stops at 0.
 * `match` is "METHOD path" below the context path with `*` for anything, e.g. "PUT /rest/api/2/issue/*".
 * Without it a break meets writes only; a status and a malformed answer meet every request. `user` lets
 * everybody else pass.
 */
export const faultsBody = z.strictObject({
  /** Before anything is done with a request. */
  latencyMs: range.optional(),
  /** More of the same, for writes. */
  writeLatencyMs: range.optional(),
  /** After a write landed, before it is answered. */
  answerLatencyMs: range.optional(),
  /** The write lands; the caller sees a broken connection. */
  landThenBreak: z.object(times).optional(),
  /** The caller sees a broken connection; nothing lands. */
  breakBeforeLanding: z.object(times).optional(),
  /** The connection breaks first, the write lands `afterMs` later. */
  landAfterBreak: z.object({ ...times, afterMs: z.number().min(0) }).optional(),
  /** An error instead of an answer; nothing lands. `retryAfter` is in seconds. */
  status: z.object({ ...times, code: z.int(), retryAfter: z.number().optional() }).optional(),
  /** 200 with something that is not the JSON it should be. A write lands. */
  malformed: z.object({ ...times, kind: z.enum(["html", "truncated"]).default("html") }).optional(),
  /** A bucket of tokens for each user; `null` turns it off. */
  rateLimit: z
    .object({ capacity: z.number(), fillRate: z.number(), intervalSeconds: z.number() })
    .nullish(),
  webhooks: z
    .object({
      dropPercent: z.number().default(0),
      duplicatePercent: z.number().default(0),
      reorder: z.boolean().default(false),
      delayMs: z.number().default(0),
    })
    .optional(),
  /** Search shows the issues as they were so long ago. */
  indexLagMs: z.number().min(0).optional(),
  /**
   * A cluster: requests are dealt out in turn, each node has an index and a rate limit of its own, and
   * `X-ANODEID` says which one answered.
   */
  nodes: z
    .array(z.object({ id: z.string().min(1), indexLagMs: z.number().min(0).default(0) }))
    .optional(),
  /** Any other than RUNNING answers 503 to every REST call. */
  state: z
    .enum(["RUNNING", "STARTING", "STOPPING", "MAINTENANCE", "ERROR", "FIRST_RUN"])
    .optional(),
  /** Every connection is cut at once. */
  unavailable: z.boolean().optional(),
});

export type Faults = z.infer<typeof faultsBody>;
export type FaultsInput = z.input<typeof faultsBody>;

type Counted = "landThenBreak" | "breakBeforeLanding" | "landAfterBreak" | "status" | "malformed";

/** The fault of this kind that meets the request, or `null`. Counts it down. */
export function meet<K extends Counted>(
  faults: Faults,
  kind: K,
  request: { method: string; path: string; isWrite: boolean; user: string },
): NonNullable<Faults[K]> | null {
  const fault = faults[kind];
  if (!fault || fault.next === 0) return null;
  if (fault.user !== undefined && fault.user !== request.user) return null;
  const meetsEverything = kind === "status" || kind === "malformed";
  const matches = fault.match
    ? pattern(fault.match).test(`${request.method} ${request.path}`)
    : meetsEverything || request.isWrite;
  if (!matches) return null;
  fault.next -= 1;
  return fault;
}

export function lengthOf(latency: Faults["latencyMs"]): number {
  if (latency === undefined) return 0;
  if (typeof latency === "number") return latency;
  return latency.min + Math.random() * (latency.max - latency.min);
}

function pattern(match: string): RegExp {
  const parts = match.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`);
}
