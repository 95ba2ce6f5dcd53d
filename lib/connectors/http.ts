import { type Dispatcher, request } from "undici";
import type { z } from "zod";
import type {
  Connector,
  Created,
  FileStream,
  Http,
  Sent,
  Settlement,
  Ticket,
  WriteMethod,
} from "@/lib/connectors/connector";
import { bodyOf, type Form, formOf } from "@/lib/connectors/file-form";
import { AddressRefused } from "@/lib/connectors/network";
import type { CallEnd, Pace } from "@/lib/connectors/pace";
import { SyncError } from "@/lib/errors";

/** A write must begin within this time of asking for its permit; later, a new one is asked for. */
const PERMIT_FRESH_MS = 2_000;
/** The header that lets a log at the instance be joined with our permits. */
const PERMIT_HEADER = "x-sync-permit";

const READ_TIMEOUT_MS = 30_000;
/** A line so slow that a larger file would not arrive over it in a working day. */
const SLOWEST_BYTES_A_MS = 64;
const PEEK_TIMEOUT_MS = 5_000;
const LARGEST_ANSWER_BYTES = 20_000_000;
/** How often one write may come too late for its permit before it is left for the next run. */
const PERMIT_TRIES = 3;

export type HttpOptions = {
  instance: string;
  baseUrl: string;
  authorization: string;
  refuses: Connector<unknown>["refuses"];
  writeTimeoutMs: number;
  /** Lets calls begin as the instance can bear them. Without one they begin at once. */
  pace?: Pace | undefined;
};

class TooOld extends Error {}

/** Aborts a request at the moment it gets its socket, when its permit has become too old: no byte is sent. */
function refuseWhenOlderThan(beginBefore: number): Dispatcher.DispatcherComposeInterceptor {
  return (dispatch) => (options, handler) =>
    dispatch(options, {
      onRequestStart(controller, context) {
        if (performance.now() > beginBefore) controller.abort(new TooOld("permit too old"));
        else handler.onRequestStart?.(controller, context);
      },
      onRequestUpgrade: (...args) => handler.onRequestUpgrade?.(...args),
      onResponseStart: (...args) => handler.onResponseStart?.(...args),
      onResponseData: (...args) => handler.onResponseData?.(...args),
      onResponseEnd: (...args) => handler.onResponseEnd?.(...args),
      onResponseError: (...args) => handler.onResponseError?.(...args),
    });
}

type Answer = { status: number; header: (name: string) => string | null; text: string };

/** The gated way to one instance. Reads may be repeated by the caller; writes are never retried here. */
export function openHttp(network: Dispatcher, options: HttpOptions): Http {
  const base = options.baseUrl.replace(/\/+$/, "");

  async function call(
    dispatcher: Dispatcher,
    method: "GET" | "POST" | "PUT" | "DELETE",
    path: string,
    timeoutMs: number,
    extra: { body?: unknown; form?: Form; headers?: Record<string, string> },
  ): Promise<Answer> {
    const { form } = extra;
    const answer = await request(`${base}${path}`, {
      dispatcher,
      method,
      headers: {
        accept: "application/json",
        authorization: options.authorization,
        ...(extra.body === undefined ? {} : { "content-type": "application/json" }),
        ...(form ? form.headers : {}),
        ...extra.headers,
      },
      body: form ? form.body : extra.body === undefined ? null : JSON.stringify(extra.body),
      signal: AbortSignal.timeout(timeoutMs),
    });
    return {
      status: answer.statusCode,
      header: headerOf(answer),
      text: await readText(answer.body),
    };
  }

  /** Asks for a permit, sends once, settles; again with a fresh permit while no byte has left. */
  async function sendOnce(
    ticket: Ticket,
    schema: z.ZodType<Created>,
    { method, path, timeoutMs }: { method: WriteMethod; path: string; timeoutMs: number },
    content: () => Parameters<typeof call>[4],
  ): Promise<Sent> {
    for (let attempt = 1; ; attempt++) {
      let place: Place;
      try {
        // Before the permit: a permit does not wait for anything.
        place = await takePlace(options.pace);
      } catch (error) {
        if (error instanceof SyncError) return { kind: "failed", error };
        throw error;
      }
      const askedAt = performance.now();
      const permit = await ticket
        .request(method, path, PERMIT_FRESH_MS + timeoutMs)
        .catch((error: unknown) => {
          place.unused();
          throw error;
        });
      if ("refused" in permit) {
        place.unused();
        return { kind: "refused", because: permit.refused };
      }

      // From here on a crash leaves an open permit: whoever takes over knows that this write may have arrived.
      const beganAt = performance.now();
      const settle = (settlement: Omit<Settlement, "durationMs">) =>
        ticket.settle(permit.granted, {
          ...settlement,
          durationMs: Math.round(performance.now() - beganAt),
        });
      const what = `${method} ${path}`;
      const sending = content();
      try {
        const answer = await call(
          network.compose(refuseWhenOlderThan(askedAt + PERMIT_FRESH_MS)),
          method,
          path,
          timeoutMs,
          withPermit(sending, permit.granted),
        );
        place.answered(answer);
        return await answered(options, schema, what, answer, settle);
      } catch (cause) {
        place.broken(cause);
        if (cause instanceof TooOld) {
          await settle({ outcome: "unsent", status: null, answer: null, created: {} });
          // A file is read once: the next run begins it anew.
          if (attempt < PERMIT_TRIES && !sending.form) continue;
          return failed("instance_unreachable", `no connection for ${what} within 2 s`, cause);
        }
        if (cause instanceof SettleFailed) throw cause.cause;
        const neverSent = isBeforeSending(cause);
        await settle({
          outcome: neverSent ? "unsent" : "unknown",
          status: null,
          answer: { broken: String(cause) },
          created: {},
        });
        if (neverSent) return { kind: "failed", error: notReached(options.instance, what, cause) };
        return failed("write_unanswered", `no whole answer to ${what}: it may have arrived`, cause);
      }
    }
  }

  return {
    async read(schema, path, query) {
      const target = query ? `${path}?${new URLSearchParams(query)}` : path;
      const place = await takePlace(options.pace);
      let answer: Answer;
      try {
        answer = await call(network, "GET", target, READ_TIMEOUT_MS, {});
        place.answered(answer);
      } catch (cause) {
        place.broken(cause);
        throw notReached(options.instance, `GET ${path}`, cause);
      }
      const error = wrongAnswer(options, `GET ${path}`, answer);
      if (error) throw error;
      return answer.status === 404 ? null : parsed(schema, options.instance, `GET ${path}`, answer);
    },

    async peek(path) {
      try {
        return await call(network, "GET", path, PEEK_TIMEOUT_MS, {});
      } catch {
        return null;
      }
    },

    write: (ticket, schema, method, path, body) =>
      sendOnce(ticket, schema, { method, path, timeoutMs: options.writeTimeoutMs }, () => ({
        body,
      })),

    async stream(path) {
      const place = await takePlace(options.pace);
      const idle = new AbortController();
      const guard = setTimeout(() => idle.abort(new Error("no answer in time")), READ_TIMEOUT_MS);
      try {
        const answer = await request(`${base}${path}`, {
          dispatcher: network,
          headers: { accept: "*/*", authorization: options.authorization },
          signal: idle.signal,
          bodyTimeout: READ_TIMEOUT_MS,
        });
        clearTimeout(guard);
        // Destroying it early is an error to whoever listens, and a crash where nobody does.
        answer.body.on("error", () => undefined);
        const head = { status: answer.statusCode, header: headerOf(answer), text: "" };
        place.answered(head);
        const error = wrongAnswer(options, `GET ${path}`, head);
        if (error || head.status === 404) {
          answer.body.destroy();
          if (error) throw error;
          return null;
        }
        const size = Number(head.header("content-length") ?? Number.NaN);
        return {
          chunks: chunksOf(answer.body, (cause) =>
            notReached(options.instance, `GET ${path}`, cause),
          ),
          size: Number.isFinite(size) ? size : null,
          cancel: () => void answer.body.destroy(),
        };
      } catch (cause) {
        clearTimeout(guard);
        if (cause instanceof SyncError) throw cause;
        place.broken(cause);
        throw notReached(options.instance, `GET ${path}`, cause);
      }
    },

    async upload(ticket, schema, { method, path, headers, part }, file) {
      // Before the permit: a permit does not wait for another instance.
      let source: FileStream | undefined;
      try {
        source = await file.open();
        const form = part === null ? bodyOf(file, source) : formOf(part, file, source);
        const timeoutMs = options.writeTimeoutMs + Math.ceil(form.size / SLOWEST_BYTES_A_MS);
        return await sendOnce(ticket, schema, { method, path, timeoutMs }, () => ({
          form,
          headers,
        }));
      } catch (error) {
        if (error instanceof SyncError) return { kind: "failed", error };
        throw error;
      } finally {
        source?.cancel();
      }
    },
  };
}

function withPermit<T extends { headers?: Record<string, string> }>(content: T, permit: string) {
  return { ...content, headers: { ...content.headers, [PERMIT_HEADER]: permit } };
}

function headerOf({ headers }: Dispatcher.ResponseData): Answer["header"] {
  return (name) => {
    const value = headers[name.toLowerCase()];
    return Array.isArray(value) ? (value[0] ?? null) : (value ?? null);
  };
}

/** A call's place among those that its instance bears at once; given back once, by whichever comes first. */
type Place = { answered(answer: Answer): void; broken(cause: unknown): void; unused(): void };

async function takePlace(pace: Pace | undefined): Promise<Place> {
  let give: ((end: CallEnd) => void) | undefined = await pace?.begin();
  const began = performance.now();
  const end = (ended: CallEnd) => {
    give?.(ended);
    give = undefined;
  };
  return {
    answered: ({ status, header }) =>
      end({ kind: "answered", status, header, ms: performance.now() - began }),
    broken: (cause) =>
      end(
        chain(cause).some((error) => error instanceof TooOld || error instanceof AddressRefused)
          ? { kind: "unsent" }
          : { kind: "unanswered", ms: performance.now() - began },
      ),
    unused: () => end({ kind: "unsent" }),
  };
}

/** A database error while an answer was recorded must not be mistaken for a broken answer. */
class SettleFailed extends Error {}

async function answered(
  options: HttpOptions,
  schema: z.ZodType<Created>,
  what: string,
  answer: Answer,
  settle: (settlement: Omit<Settlement, "durationMs">) => Promise<void>,
): Promise<Sent> {
  const record = async (outcome: Settlement["outcome"], created: Created = {}) => {
    try {
      await settle({ outcome, status: answer.status, answer: excerpt(answer.text), created });
    } catch (cause) {
      throw new SettleFailed("could not record an answer", { cause });
    }
  };
  const error = wrongAnswer(options, what, answer);
  if (error || answer.status === 404) {
    // A server error may come after the deed; what refuses a request by its content comes before.
    const isDefinite = answer.status < 500;
    await record(isDefinite ? "rejected" : "unknown");
    return {
      kind: "failed",
      ...(isDefinite ? { refusal: { status: answer.status, said: excerpt(answer.text) } } : {}),
      error:
        error ?? new SyncError("issue_gone", `${what} was answered 404: not there, or not for us`),
    };
  }
  let created: Created;
  try {
    created = parsed(schema, options.instance, what, answer);
  } catch (cause) {
    await record("unknown");
    if (cause instanceof SyncError) return { kind: "failed", error: cause };
    throw cause;
  }
  await record("applied", created);
  return { kind: "applied", created };
}

/** A connection that breaks in the middle of a file is the instance's, not ours. */
async function* chunksOf(
  body: AsyncIterable<Uint8Array>,
  asError: (cause: unknown) => SyncError,
): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (cause) {
    throw asError(cause);
  }
}

async function readText(body: Dispatcher.ResponseData["body"]): Promise<string> {
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
function wrongAnswer(options: HttpOptions, what: string, answer: Answer): SyncError | null {
  const { status } = answer;
  const said = `${options.instance} answered ${status} to ${what}`;
  if (status === 429) {
    const seconds = Number(answer.header("retry-after"));
    const retryAfterMs = Number.isFinite(seconds) && seconds > 0 ? seconds * 1_000 : 30_000;
    return new SyncError("rate_limited", `${said}: too many requests`, { retryAfterMs });
  }
  const refused = options.refuses(status, answer.header);
  if (refused) return new SyncError(refused.code, `${options.instance}: ${refused.message}`);
  if ((status >= 200 && status < 300) || status === 404) return null;
  if (status >= 500) {
    const seconds = Number(answer.header("retry-after"));
    return new SyncError("instance_failing", said, {
      ...(seconds > 0 ? { retryAfterMs: seconds * 1_000 } : {}),
    });
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

function parsed<T>(schema: z.ZodType<T>, instance: string, what: string, answer: Answer): T {
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

function notReached(instance: string, what: string, cause: unknown): SyncError {
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
function isBeforeSending(cause: unknown): boolean {
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

function chain(error: unknown): unknown[] {
  return error instanceof Error ? [error, ...(error.cause ? chain(error.cause) : [])] : [error];
}

function codeOf(cause: unknown): string {
  if (cause instanceof Error && "code" in cause && typeof cause.code === "string")
    return cause.code;
  return cause instanceof Error ? cause.name : "unknown";
}

/** What is kept and shown of an answer: enough to understand, never much. */
function excerpt(text: string): string {
  return text.slice(0, 500);
}

function failed(
  code: "instance_unreachable" | "write_unanswered",
  message: string,
  cause: unknown,
): Sent {
  return { kind: "failed", error: new SyncError(code, message, { cause }) };
}
