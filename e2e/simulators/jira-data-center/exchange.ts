import { randomUUID } from "node:crypto";
import type { ServerResponse } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import type { Answer, Jira } from "@/e2e/simulators/jira-data-center/call";
import { callerOf } from "@/e2e/simulators/jira-data-center/callers";
import { type Faults, lengthOf, meet } from "@/e2e/simulators/jira-data-center/faults";
import {
  type IncomingRequest,
  parsedBody,
  send,
} from "@/e2e/simulators/jira-data-center/http-messages";
import { nodeInTurn, nodesOf } from "@/e2e/simulators/jira-data-center/nodes";
import { takeToken } from "@/e2e/simulators/jira-data-center/rate-limit";
import { answerRest } from "@/e2e/simulators/jira-data-center/rest";
import { numberRequest } from "@/e2e/simulators/jira-data-center/server-node";
import {
  logWrite,
  type ReceivedWrite,
  type WriteOutcome,
} from "@/e2e/simulators/jira-data-center/write-log";

/** One REST request from arrival to answer, with everything that is set to go wrong on the way. */
export async function exchange(
  jira: Jira,
  request: IncomingRequest,
  response: ServerResponse,
  stopping: AbortSignal,
): Promise<void> {
  const { node } = jira;
  node.underway += 1;
  try {
    await handle(jira, request, response, stopping);
  } finally {
    node.underway -= 1;
  }
}

async function handle(
  jira: Jira,
  request: IncomingRequest,
  response: ServerResponse,
  stopping: AbortSignal,
): Promise<void> {
  const { method, path, query, headers } = request;
  const { state, faults, node } = jira;
  // A restart takes with it what was on its way.
  const hasRestarted = () => jira.node !== node;
  const { user, loginReason, refused } = callerOf(state, headers);
  jira.turn += 1;
  const served = nodeInTurn(nodesOf(faults, node.id), jira.turn);
  const userName = user?.name ?? "anonymous";
  const isWrite = !["GET", "HEAD", "OPTIONS"].includes(method) && path !== "/rest/api/2/search";
  const body = request.upload ? { value: undefined } : parsedBody(request);
  const shownBody = request.upload ? `${request.upload.size} bytes of files` : body.value;
  const write = isWrite
    ? logWrite(
        jira.writes,
        { method, path: request.fullPath, headers, body: shownBody, user: userName },
        state.now(),
      )
    : null;
  const trouble = chooseTrouble(faults, { method, path, isWrite, user: userName });

  const land = async (): Promise<Answer> => {
    if (refused) return { status: refused.status, json: refused.body, headers: refused.headers };
    if (body.refusal) return { status: body.refusal.status, json: body.refusal.body };
    const answer = await answerRest(method, path, {
      jira,
      user,
      query,
      accept: headers.accept ?? "*/*",
      headers,
      body: body.value,
      upload: request.upload,
      indexLagMs: served.indexLagMs,
    });
    if (write && answer.status < 400) write.landedAt = new Date(state.now()).toISOString();
    return answer;
  };
  const cut = (outcome: WriteOutcome) => {
    finish(write, outcome, null, state.now());
    response.destroy();
  };
  const answer = (given: Answer) => {
    const isGone = response.destroyed;
    finish(write, isGone ? "broken" : "answered", isGone ? null : given.status, state.now());
    send(response, given);
  };

  if (trouble.kind === "unavailable") return cut("dropped");
  await wait(
    lengthOf(faults.latencyMs) + (isWrite ? lengthOf(faults.writeLatencyMs) : 0),
    stopping,
  );
  if (trouble.kind === "breakBeforeLanding" || hasRestarted()) return cut("dropped");
  if (trouble.kind === "landAfterBreak") {
    cut("broken");
    await wait(trouble.afterMs, stopping);
    await land();
    return;
  }

  const limited = user
    ? takeToken(jira.buckets, faults.rateLimit, `${served.id} ${user.name}`, state.now())
    : null;
  const common = {
    ...limited?.headers,
    "X-AREQUESTID": numberRequest(node, state.now(), state.serverTimeZone),
    "X-ANODEID": served.id,
    "X-AUSERNAME": encodeURIComponent(userName),
    "X-Seraph-LoginReason": loginReason,
    "Set-Cookie": `JSESSIONID=${randomUUID().replaceAll("-", "").toUpperCase()}; Path=/; HttpOnly`,
    "Cache-Control": "no-cache, no-store, no-transform",
  };
  const given = async (): Promise<Answer> => {
    if (trouble.kind === "status") return errorPage(trouble.code, trouble.retryAfter);
    if (limited && !limited.isAllowed)
      return { status: 429, json: { message: "Rate limit exceeded." } };
    if (!isRunning(faults)) return errorPage(503, 30);
    return land();
  };
  const result = await given();
  if (trouble.kind === "landThenBreak") return cut("broken");
  if (isWrite) await wait(lengthOf(faults.answerLatencyMs), stopping);
  if (hasRestarted() || jira.faults.unavailable) return cut("broken");
  const shown = trouble.kind === "malformed" ? garbled(result, trouble.html) : result;
  answer({ ...shown, headers: { ...common, ...shown.headers } });
}

type Trouble =
  | { kind: "none" | "unavailable" | "breakBeforeLanding" | "landThenBreak" }
  | { kind: "landAfterBreak"; afterMs: number }
  | { kind: "status"; code: number; retryAfter?: number }
  | { kind: "malformed"; html: boolean };

/** Decided on arrival, so that "the next one" means the next one to arrive. One trouble to a request. */
function chooseTrouble(faults: Faults, request: Parameters<typeof meet>[2]): Trouble {
  if (faults.unavailable) return { kind: "unavailable" };
  if (meet(faults, "breakBeforeLanding", request)) return { kind: "breakBeforeLanding" };
  const later = meet(faults, "landAfterBreak", request);
  if (later) return { kind: "landAfterBreak", afterMs: later.afterMs };
  const status = meet(faults, "status", request);
  if (status) return { kind: "status", code: status.code, retryAfter: status.retryAfter };
  if (meet(faults, "landThenBreak", request)) return { kind: "landThenBreak" };
  const malformed = meet(faults, "malformed", request);
  if (malformed) return { kind: "malformed", html: malformed.kind === "html" };
  return { kind: "none" };
}

/** In these two states Jira answers; in every other one only /status does. */
export function isRunning({ state }: Faults): boolean {
  return state === undefined || state === "RUNNING" || state === "FIRST_RUN";
}

function finish(
  write: ReceivedWrite | null,
  outcome: WriteOutcome,
  status: number | null,
  at: number,
): void {
  if (!write) return;
  write.outcome = outcome;
  write.status = status;
  if (outcome === "answered") write.answeredAt = new Date(at).toISOString();
}

/** What a proxy in front of Jira shows: HTML, whatever was asked for. */
function errorPage(status: number, retryAfter?: number): Answer {
  const headers: Record<string, string> =
    retryAfter === undefined ? {} : { "retry-after": String(retryAfter) };
  return { status, html: `<html><body><h1>${status}</h1></body></html>`, headers };
}

function garbled(answer: Answer, asHtml: boolean): Answer {
  if (asHtml)
    return { status: 200, html: "<html><body>Please log in to the company network.</body></html>" };
  const text = JSON.stringify(answer.json ?? {});
  return { status: 200, truncatedJson: text.slice(0, Math.max(1, Math.floor(text.length / 2))) };
}

async function wait(ms: number, stopping: AbortSignal): Promise<void> {
  if (ms > 0) await pause(ms, undefined, { signal: stopping });
}
