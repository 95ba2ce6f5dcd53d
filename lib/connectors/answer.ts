import type { Dispatcher } from "undici";
import type { z } from "zod";
import type { Connector } from "@/lib/connectors/connector";
import { AddressRefused } from "@/lib/connectors/network";
import { SyncError } from "@/lib/errors";

// What an instance's answer, or the want of one, means for us.

const LARGEST_ANSWER_BYTES = 20_000_000;
/** After 429 without a word on when to come back. */
const USUAL_REST_MS = 30_000;
/** Who asks for more is asked again after a day: a slip there must not end synchronisation for good. */
const LONGEST_REST_MS = 24 * 3_600_000;

/** An answer as it came. Names of headers in any case. */
export type Answer = {
  status: number;
  header: (name: string) => string | null;
  text: string;
};

/** Whose answers are judged: its name, for people, and how it says that it does not know us. */
export type Answering = { instance: string; refuses: Connector<unknown>["refuses"] };

/** A header's value by its name; of several the first. */
export function headerOf({ headers }: Dispatcher.ResponseData): Answer["header"] {
  return (name) => {
    const value = headers[name.toLowerCase()];
    return Array.isArray(value) ? (value[0] ?? null) : (value ?? null);
  };
}

/** A body as text. Throws when it is larger than anything that we read. */
export async function readText(body: Dispatcher.ResponseData["body"]): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > LARGEST_ANSWER_BYTES) throw new Error("the answer is larger than 20 MB");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** `null` for 2xx and 404, else what the answer means for us. */
export function wrongAnswer(options: Answering, what: string, answer: Answer): SyncError | null {
  const { status } = answer;
  const said = `${options.instance} answered ${status} to ${what}`;
  if (status === 429) {
    const retryAfterMs = restOf(answer) ?? USUAL_REST_MS;
    return new SyncError("rate_limited", `${said}: too many requests`, { retryAfterMs });
  }
  const refused = options.refuses(status, answer.header);
  if (refused) return new SyncError(refused.code, `${options.instance}: ${refused.message}`);
  if ((status >= 200 && status < 300) || status === 404) return null;
  if (status >= 500) {
    const retryAfterMs = restOf(answer);
    return new SyncError("instance_failing", said, retryAfterMs === null ? {} : { retryAfterMs });
  }
  if (status === 413)
    return new SyncError(
      "field_rejected",
      `${said}: the file is larger than that instance takes. Lower the mapping's limit for attachments, or raise the instance's`,
    );
  if (status >= 300 && status < 400)
    return new SyncError(
      "unexpected_answer",
      `${said}: a redirect, which is never followed. Check the address`,
    );
  return new SyncError("field_rejected", `${said}: ${excerpt(answer.text) || "without a reason"}`);
}

/** How long the instance wants to be left alone, in milliseconds; null when it does not say in seconds. */
function restOf({ header }: Answer): number | null {
  const seconds = Number(header("retry-after"));
  return seconds > 0 ? Math.min(seconds * 1_000, LONGEST_REST_MS) : null;
}

/** An answer's JSON by its schema. Throws `unexpected_answer`, which names the first thing that does not fit. */
export function parsed<T>(schema: z.ZodType<T>, instance: string, what: string, answer: Answer): T {
  let body: unknown;
  try {
    body = answer.text === "" ? null : JSON.parse(answer.text);
  } catch (cause) {
    throw new SyncError(
      "unexpected_answer",
      `${instance} answered ${what} with something that is not JSON`,
      { cause },
    );
  }
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const first = result.error.issues[0];
  throw new SyncError(
    "unexpected_answer",
    `${instance} answered ${what} in an unknown shape: ${first?.path.join(".")}: ${first?.message}`,
    { cause: result.error },
  );
}

/** The error for a call that got no answer: `what` was asked, `cause` came instead. */
export function notReached(instance: string, what: string, cause: unknown): SyncError {
  if (chain(cause).some((error) => error instanceof AddressRefused))
    return new SyncError(
      "address_refused",
      `${instance} is at an address that is not allowed. Add its range to ALLOWED_ADDRESSES if it should be`,
      { cause },
    );
  return new SyncError(
    "instance_unreachable",
    `no answer from ${instance} to ${what}: ${codeOf(cause)}`,
    { cause },
  );
}

/** Errors of a request none of whose bytes has left. */
export function isBeforeSending(cause: unknown): boolean {
  const before = [
    "ECONNREFUSED",
    "ENOTFOUND",
    "EAI_AGAIN",
    "EHOSTUNREACH",
    "UND_ERR_CONNECT_TIMEOUT",
  ];
  return chain(cause).some(
    (error) =>
      error instanceof AddressRefused || (before.includes(codeOf(error)) && !wasConnected(error)),
  );
}

/** A router's "unreachable" reaches a connected socket as well, under the same code. */
function wasConnected(error: unknown): boolean {
  const call = error instanceof Error && "syscall" in error ? error.syscall : null;
  return call === "read" || call === "write";
}

/** An error and everything that caused it. */
export function chain(error: unknown): unknown[] {
  return error instanceof Error ? [error, ...(error.cause ? chain(error.cause) : [])] : [error];
}

function codeOf(cause: unknown): string {
  if (cause instanceof Error && "code" in cause && typeof cause.code === "string")
    return cause.code;
  return cause instanceof Error ? cause.name : "unknown";
}

/** What is kept and shown of an answer: enough to understand, never much. */
export function excerpt(text: string): string {
  return text.slice(0, 500);
}
