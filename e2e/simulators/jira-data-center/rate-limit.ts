import type { Faults } from "@/e2e/simulators/jira-data-center/faults";

export type Buckets = Map<string, { tokens: number; filledAt: number }>;
type Limit = NonNullable<Faults["rateLimit"]>;

/** What Jira shows while nothing is limited. */
const UNLIMITED: Limit = { capacity: 1_000, fillRate: 1_000, intervalSeconds: 1 };

/**
 * Takes one token of a bucket: each user has one on each node. The headers go on every authenticated answer;
 * an answer without them makes some clients fail, 429 or not.
 */
export function takeToken(
  buckets: Buckets,
  limit: Limit | null | undefined,
  bucketName: string,
  now: number,
): { isAllowed: boolean; headers: Record<string, string> } {
  const { capacity, fillRate, intervalSeconds } = limit ?? UNLIMITED;
  const bucket = buckets.get(bucketName) ?? { tokens: capacity, filledAt: now };
  const intervals = Math.floor((now - bucket.filledAt) / (intervalSeconds * 1_000));
  bucket.tokens = Math.min(capacity, bucket.tokens + intervals * fillRate);
  bucket.filledAt += intervals * intervalSeconds * 1_000;
  const isAllowed = bucket.tokens >= 1 || !limit;
  if (isAllowed) bucket.tokens = Math.max(0, bucket.tokens - 1);
  buckets.set(bucketName, bucket);

  const waitMs = bucket.filledAt + intervalSeconds * 1_000 - now;
  return {
    isAllowed,
    headers: {
      "X-RateLimit-Limit": String(capacity),
      "X-RateLimit-Remaining": String(bucket.tokens),
      "X-RateLimit-Interval-Seconds": String(intervalSeconds),
      "X-RateLimit-FillRate": String(fillRate),
      "retry-after": String(isAllowed ? 0 : Math.ceil(waitMs / 1_000)),
    },
  };
}
