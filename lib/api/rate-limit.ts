/** Calls in one minute. An address may be a whole office behind a proxy, so it has more. */
export const CALLS_A_MINUTE = { token: 600, address: 1_200 } as const;
export type Limited = keyof typeof CALLS_A_MINUTE;

/** How often a subject called in this minute, this call included, and when the next minute begins. */
export type Counted = { kind: Limited; calls: number; resetS: number };

/** The subject that has called too often, or null. */
export function overLimit(counted: Counted[]): Counted | null {
  return counted.find(({ kind, calls }) => calls > CALLS_A_MINUTE[kind]) ?? null;
}

/**
 * What is left, in the fields of https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/
 * (revision 10): the policy of each subject, and how much of it this minute still has.
 */
export function limitHeaders(counted: Counted[]): Record<string, string> {
  if (counted.length === 0) return {};
  const left = ({ kind, calls }: Counted) => Math.max(0, CALLS_A_MINUTE[kind] - calls);
  return {
    "RateLimit-Policy": counted
      .map(({ kind }) => `"${kind}";q=${CALLS_A_MINUTE[kind]};w=60`)
      .join(", "),
    RateLimit: counted.map((each) => `"${each.kind}";r=${left(each)};t=${each.resetS}`).join(", "),
  };
}
