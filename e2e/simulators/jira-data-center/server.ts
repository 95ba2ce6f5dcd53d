import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { answerWith, type Jira } from "@/e2e/simulators/jira-data-center/call";
import { exchange, isRunning } from "@/e2e/simulators/jira-data-center/exchange";
import {
  type IncomingRequest,
  parsedBody,
  readRequest,
  send,
} from "@/e2e/simulators/jira-data-center/http-messages";
import { JiraError } from "@/e2e/simulators/jira-data-center/jira-error";
import { problemPage } from "@/e2e/simulators/jira-data-center/pages/layout";
import { controlRoutes } from "@/e2e/simulators/jira-data-center/routes/control";
import { pageRoutes } from "@/e2e/simulators/jira-data-center/routes/pages";
import {
  loadSnapshot,
  type Saver,
  snapshotSaver,
} from "@/e2e/simulators/jira-data-center/snapshot";
import { emptyState, type JiraState } from "@/e2e/simulators/jira-data-center/state";
import { type Postman, startPostman } from "@/e2e/simulators/jira-data-center/webhooks";
import {
  clearWriteLog,
  emptyWriteLog,
  type WriteLog,
} from "@/e2e/simulators/jira-data-center/write-log";

/** `file` keeps the issues over restarts; the write log and the faults live only as long as the process. */
export type SimulatorOptions = {
  name: string;
  /** 0 takes any free one. */
  port?: number;
  host?: string;
  /** E.g. "/jira". */
  contextPath?: string;
  serverTimeZone?: string;
  file?: string;
  /** What Jira says its own address is; by default the one it listens on. */
  baseUrl?: string;
  quiet?: boolean;
  now?: () => number;
};

/** `webhooksSettled` returns when no webhook is on its way any more. */
export type Simulator = {
  baseUrl: string;
  state: JiraState;
  writes: WriteLog;
  webhooksSettled(): Promise<void>;
  stop(): Promise<void>;
};

/** A Jira Data Center that exists only in this process. Rejects when the port is taken. */
export async function startJiraSimulator(options: SimulatorOptions): Promise<Simulator> {
  const { name, port = 0, host = "127.0.0.1", contextPath = "", file, quiet = true } = options;
  const zone = options.serverTimeZone ?? "UTC";
  const state = emptyState(name, zone, options.now);
  if (file) loadSnapshot(state, file);
  const saver = file ? snapshotSaver(state, file) : null;
  const jira = assemble(state, contextPath, saver, zone, options.now);
  const postman = startPostman(state, () => jira.faults);
  state.changed = () => saver?.later();
  state.happened = (happening) => postman.tell(happening);

  const stopping = new AbortController();
  const server = createServer((message, response) => {
    serve(jira, message, response, stopping.signal).catch((error: unknown) => {
      const hasCallerLeft = message.destroyed && !message.complete;
      if (!stopping.signal.aborted && !hasCallerLeft) console.error(error);
      response.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  const address = `http://${host}:${(server.address() as AddressInfo).port}${contextPath}`;
  state.baseUrl = options.baseUrl ?? address;
  if (!quiet) console.info(`listening on ${address}`);

  // Once only: a second save would put the old state over that of a successor on the same file.
  let stopped: Promise<void> | undefined;
  return {
    baseUrl: address,
    state,
    writes: jira.writes,
    webhooksSettled: () => postman.settled(),
    stop() {
      stopped ??= stop(server, stopping, postman, saver);
      return stopped;
    },
  };
}

function assemble(
  state: JiraState,
  contextPath: string,
  saver: Saver | null,
  zone: string,
  now?: () => number,
): Jira {
  const jira: Jira = {
    contextPath,
    state,
    faults: {},
    buckets: new Map(),
    writes: emptyWriteLog(),
    save: async () => saver?.now(),
    reset() {
      const { baseUrl, changed, happened } = state;
      Object.assign(state, emptyState(state.name, zone, now), { baseUrl, changed, happened });
      jira.faults = {};
      jira.buckets.clear();
      clearWriteLog(jira.writes);
      changed();
    },
  };
  return jira;
}

async function serve(
  jira: Jira,
  message: IncomingMessage,
  response: ServerResponse,
  stopping: AbortSignal,
): Promise<void> {
  try {
    const request = await readRequest(message, jira.contextPath);
    if (!request) return send(response, { status: 404, html: "<h1>Not found</h1>" });
    if (request.path.startsWith("/rest/")) return await exchange(jira, request, response, stopping);
    if (request.path === "/status") return sendStatus(jira, response);
    await serveOutside(jira, request, response);
  } catch (error) {
    if (!(error instanceof JiraError)) throw error;
    const { status, body, headers } = error;
    const isForPeople = message.headers.accept?.includes("text/html") ?? false;
    send(response, isForPeople ? problemPage(status, body) : { status, json: body, headers });
  }
}

/** For load balancers: without a login, and with an error status while Jira does not run. */
function sendStatus({ faults }: Jira, response: ServerResponse): void {
  if (faults.unavailable) {
    response.destroy();
    return;
  }
  const notRunning = faults.state === "ERROR" ? 500 : 503;
  send(response, {
    status: isRunning(faults) ? 200 : notRunning,
    json: { state: faults.state ?? "RUNNING" },
  });
}

/** The control API and the pages for people. Faults do not reach them. */
async function serveOutside(
  jira: Jira,
  request: IncomingRequest,
  response: ServerResponse,
): Promise<void> {
  const { method, path, query, headers, text } = request;
  const isForm = headers["content-type"]?.includes("form-urlencoded") ?? false;
  const { value, refusal } = isForm
    ? { value: new URLSearchParams(text), refusal: null }
    : parsedBody(request);
  if (refusal) throw refusal;
  const call = { jira, user: null, query, body: value };
  const isControl = path.startsWith("/__simulator/") && !isForm;
  const answer =
    (isControl
      ? await answerWith(controlRoutes, method, path.slice("/__simulator".length), call)
      : null) ?? (await answerWith(pageRoutes, method, path, call));
  send(response, answer ?? { status: 404, html: "<h1>Not found</h1>" });
}

async function stop(
  server: ReturnType<typeof createServer>,
  stopping: AbortController,
  postman: Postman,
  saver: Saver | null,
): Promise<void> {
  stopping.abort();
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await closed;
  await postman.stop();
  await saver?.now();
}
