import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { answerWith, type Jira } from "@/e2e/simulators/jira-data-center/call";
import { exchange, isRunning } from "@/e2e/simulators/jira-data-center/exchange";
import type { Faults } from "@/e2e/simulators/jira-data-center/faults";
import {
  type IncomingRequest,
  parsedBody,
  readRequest,
  send,
} from "@/e2e/simulators/jira-data-center/http-messages";
import { JiraError } from "@/e2e/simulators/jira-data-center/jira-error";
import { problemPage } from "@/e2e/simulators/jira-data-center/pages/layout";
import { PERSONALITIES, type Version } from "@/e2e/simulators/jira-data-center/personality";
import { controlRoutes } from "@/e2e/simulators/jira-data-center/routes/control";
import { pageRoutes } from "@/e2e/simulators/jira-data-center/routes/pages";
import { startNode } from "@/e2e/simulators/jira-data-center/server-node";
import {
  readSnapshot,
  restore,
  type Saver,
  type Snapshot,
  snapshotSaver,
  takeSnapshot,
} from "@/e2e/simulators/jira-data-center/snapshot";
import { emptyState, type JiraState } from "@/e2e/simulators/jira-data-center/state";
import { type Postman, startPostman } from "@/e2e/simulators/jira-data-center/webhooks";
import {
  clearWriteLog,
  emptyWriteLog,
  type WriteLog,
} from "@/e2e/simulators/jira-data-center/write-log";

/** `file` keeps everything over restarts; the write log and the faults live only as long as the process. */
export type SimulatorOptions = {
  name: string;
  /** 0 takes any free one. */
  port?: number;
  host?: string;
  /** E.g. "/jira". */
  contextPath?: string;
  serverTimeZone?: string;
  file?: string;
  /** Begins as a clone: another Jira's snapshot, its identity and its base URL included. `file` has precedence. */
  from?: Snapshot;
  /** What Jira says its own address is; by default the one it listens on, or that of `from`. */
  baseUrl?: string;
  /** By default made from the name. */
  serverId?: string;
  /** Which line of Jira it is; by default 10.3, or that of `from`. */
  version?: Version;
  /** Not part of a snapshot: Jira has it in a file beside the database. By default made from the name. */
  nodeId?: string;
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
  const { port = 0, host = "127.0.0.1", contextPath = "", file, quiet = true } = options;
  const saved = file ? readSnapshot(file) : null;
  const state = firstState(options, saved ?? options.from);
  const saver = file ? snapshotSaver(state, file) : null;
  const stopping = new AbortController();
  const jira = assemble(state, options, saver, stopping.signal);
  const postman = startPostman(state, () => jira.faults);
  state.changed = () => saver?.later();
  state.happened = (happening) => postman.tell(happening);

  const server = createServer((message, response) => {
    serve(jira, message, response, stopping.signal).catch((error: unknown) => {
      const hasCallerLeft = message.destroyed && !message.complete;
      if (!stopping.signal.aborted && !hasCallerLeft) console.error(error);
      response.destroy();
    });
  });
  await new Promise<void>((listening, reject) => {
    server.once("error", reject);
    server.listen(port, host, listening);
  });
  const address = `http://${host}:${(server.address() as AddressInfo).port}${contextPath}`;
  state.address = address;
  // One that said the truth goes on saying it, wherever it listens now.
  const isElsewhere = saved ? saved.baseUrl !== saved.address : options.from !== undefined;
  state.baseUrl = options.baseUrl ?? (isElsewhere ? state.baseUrl : address);
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

function firstState(options: SimulatorOptions, snapshot: Snapshot | undefined): JiraState {
  const state = emptyState(options.name, options.serverTimeZone ?? "UTC", options.now);
  if (options.file) state.filesFolder = `${resolve(options.file)}.files`;
  if (snapshot) restore(state, snapshot);
  state.serverId = options.serverId ?? state.serverId;
  state.serverTimeZone = options.serverTimeZone ?? state.serverTimeZone;
  if (options.version) state.personality = PERSONALITIES[options.version];
  return state;
}

function assemble(
  state: JiraState,
  { name, contextPath = "", nodeId = `${name}-node1`, now, ...options }: SimulatorOptions,
  saver: Saver | null,
  stopping: AbortSignal,
): Jira {
  const zone = options.serverTimeZone ?? "UTC";
  const jira: Jira = {
    contextPath,
    state,
    faults: {},
    buckets: new Map(),
    writes: emptyWriteLog(),
    node: startNode(nodeId),
    turn: -1,
    backups: [],
    clones: [],
    async startClone() {
      const number = jira.clones.length + 1;
      const clone = await startJiraSimulator({
        name: `${name} (clone ${number})`,
        contextPath,
        from: takeSnapshot(state),
        ...(now ? { now } : {}),
      });
      stopping.addEventListener("abort", () => void clone.stop());
      const running = { name: clone.state.name, baseUrl: clone.baseUrl };
      jira.clones.push(running);
      return running;
    },
    save: async () => saver?.now(),
    reset() {
      const { serverId, personality, address, baseUrl, filesFolder, changed, happened } = state;
      const kept = { serverId, personality, address, baseUrl, filesFolder, changed, happened };
      Object.assign(state, emptyState(name, zone, now), kept);
      jira.faults = {};
      jira.buckets.clear();
      clearWriteLog(jira.writes);
      changed();
    },
    async restart({ downMs, startingMs }) {
      const node = startNode(nodeId);
      jira.node = node;
      jira.buckets.clear();
      const become = async (faults: Faults, forMs: number) => {
        // Another restart came in between; it goes its own way.
        if (jira.node !== node) return;
        jira.faults = { ...jira.faults, ...faults };
        await pause(forMs, undefined, { signal: stopping });
      };
      await become({ unavailable: true }, downMs);
      await become({ unavailable: false, state: "STARTING" }, startingMs);
      await become({ state: "RUNNING" }, 0);
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
    const request = await readRequest(message, jira.contextPath, jira.state);
    if (!request) return send(response, { status: 404, html: "<h1>Not found</h1>" });
    if (/^\/(rest|secure\/attachment)\//.test(request.path))
      return await exchange(jira, request, response, stopping);
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
  const call = { jira, user: null, query, accept: headers.accept ?? "*/*", body: value };
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
  const closed = new Promise((done) => server.close(done));
  server.closeAllConnections();
  await closed;
  await postman.stop();
  await saver?.now();
}
