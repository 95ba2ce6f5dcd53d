import { type Dispatcher, request } from "undici";
import type { z } from "zod";
import {
  type Answer,
  type Answering,
  chain,
  excerpt,
  headerOf,
  isBeforeSending,
  notReached,
  parsed,
  readText,
  wrongAnswer,
} from "@/lib/connectors/answer";
import type {
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
/** How often one write may come too late for its permit before it is left for the next run. */
const PERMIT_TRIES = 3;

export type HttpOptions = Answering & {
  baseUrl: string;
  authorization: string;
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

function failed(
  code: "instance_unreachable" | "write_unanswered",
  message: string,
  cause: unknown,
): Sent {
  return { kind: "failed", error: new SyncError(code, message, { cause }) };
}
