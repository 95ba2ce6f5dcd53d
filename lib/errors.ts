/**
 * Everything an instance can do to us, as a closed list. `stops` is how far an error reaches;
 * `retry` is what ends it: time (`backoff`) or a person's repair (`after_fix`).
 */
export const SYNC_ERRORS = {
  instance_unreachable: { stops: "connection", retry: "backoff" },
  instance_failing: { stops: "connection", retry: "backoff" },
  rate_limited: { stops: "connection", retry: "backoff" },
  credentials_rejected: { stops: "connection", retry: "after_fix" },
  credentials_unreadable: { stops: "connection", retry: "after_fix" },
  another_instance: { stops: "connection", retry: "after_fix" },
  address_refused: { stops: "connection", retry: "after_fix" },
  unexpected_answer: { stops: "connection", retry: "backoff" },
  write_unanswered: { stops: "pair", retry: "backoff" },
  field_rejected: { stops: "pair", retry: "after_fix" },
  no_transition: { stops: "pair", retry: "after_fix" },
  conflict: { stops: "pair", retry: "after_fix" },
  another_node: { stops: "pair", retry: "after_fix" },
  loop: { stops: "pair", retry: "after_fix" },
  restricted: { stops: "pair", retry: "after_fix" },
  issue_gone: { stops: "pair", retry: "after_fix" },
} as const satisfies Record<
  string,
  { stops: "pair" | "connection"; retry: "backoff" | "after_fix" }
>;

export type SyncErrorCode = keyof typeof SYNC_ERRORS;

/** What an instance did, said so that a person knows what to do. Holds no secret. */
export class SyncError extends Error {
  readonly code: SyncErrorCode;
  /** The instance's own word on when to come back, in milliseconds from now. */
  readonly retryAfterMs: number | undefined;

  constructor(
    code: SyncErrorCode,
    message: string,
    options: { cause?: unknown; retryAfterMs?: number } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = "SyncError";
    this.code = code;
    this.retryAfterMs = options.retryAfterMs;
  }

  get stops(): "pair" | "connection" {
    return SYNC_ERRORS[this.code].stops;
  }
}
