import type { IncomingHttpHeaders } from "node:http";
import type { Faults } from "@/e2e/simulators/jira-data-center/faults";
import {
  issueGone,
  JiraError,
  loginRequired,
  refusal,
} from "@/e2e/simulators/jira-data-center/jira-error";
import type { UploadedFile } from "@/e2e/simulators/jira-data-center/multipart";
import type { Buckets } from "@/e2e/simulators/jira-data-center/rate-limit";
import type { Issue, Project, User } from "@/e2e/simulators/jira-data-center/records";
import type { ServerNode } from "@/e2e/simulators/jira-data-center/server-node";
import type { Snapshot } from "@/e2e/simulators/jira-data-center/snapshot";
import {
  canSee,
  canSeeIssue,
  findIssue,
  findProject,
  type JiraState,
} from "@/e2e/simulators/jira-data-center/state";
import type { WriteLog } from "@/e2e/simulators/jira-data-center/write-log";

/** Kept as long as the process lives. */
export type Backup = { id: number; takenAt: string; issues: number; snapshot: Snapshot };
export type RunningClone = { name: string; baseUrl: string };

/** A running simulator, as its routes see it. */
export type Jira = {
  contextPath: string;
  state: JiraState;
  faults: Faults;
  buckets: Buckets;
  writes: WriteLog;
  node: ServerNode;
  /** Counts requests, so that nodes have their turns. */
  turn: number;
  backups: Backup[];
  clones: RunningClone[];
  /** Another Jira on a port of its own, from what is here now; it ends with this one. */
  startClone: () => Promise<RunningClone>;
  save: () => Promise<void>;
  reset: () => void;
  restart: (pauses: { downMs: number; startingMs: number }) => Promise<void>;
};

/** One request. `user` is null for anonymous callers, whom Jira lets in and shows nothing. */
export type Call = {
  jira: Jira;
  user: User | null;
  params: Record<string, string>;
  query: URLSearchParams;
  accept: string;
  body: unknown;
  headers?: IncomingHttpHeaders;
  /** The files of a multipart body, on disk by now; `isTooLarge` when reading stopped before its end. */
  upload?: Upload | undefined;
  /** How late the search index of the node is that answers. */
  indexLagMs?: number;
};

/** `trouble`: why the body could not be read as files; said once it is clear who asks. */
export type Upload = {
  files: UploadedFile[];
  size: number;
  isTooLarge: boolean;
  trouble: JiraError | null;
};

/** At most one content: `json`, `html`, `xml`, a file by its path, or JSON that breaks off in the middle. */
export type Answer = {
  status: number;
  json?: unknown;
  html?: string;
  xml?: string;
  file?: string;
  truncatedJson?: string;
  headers?: Record<string, string>;
};

/** Routes answer at once, so that no two requests ever mix. Only saving takes time. */
export type Route = {
  method: string;
  template: string;
  path: RegExp;
  answer: (call: Call) => Answer | Promise<Answer>;
};

/** `/issue/:key` with a name for each part. */
export function route(method: string, path: string, answer: Route["answer"]): Route {
  const source = path.replace(/:(\w+)/g, "(?<$1>[^/]+)");
  return { method, template: path, path: new RegExp(`^${source}/?$`), answer };
}

export const ok = (json: unknown): Answer => ({ status: 200, json });
export const created = (json: unknown): Answer => ({ status: 201, json });
export const noContent = (): Answer => ({ status: 204 });

/** The answer of the first route that fits, or `null` when there is no such endpoint. */
export function answerWith(
  routes: Route[],
  method: string,
  path: string,
  rest: Omit<Call, "params">,
): Answer | Promise<Answer> | null {
  let isKnownPath = false;
  for (const candidate of routes) {
    const match = candidate.path.exec(path);
    if (!match) continue;
    isKnownPath = true;
    if (candidate.method !== method) continue;
    return candidate.answer({ ...rest, params: decoded(match.groups ?? {}) });
  }
  if (isKnownPath)
    throw new JiraError(405, { message: "HTTP 405 Method Not Allowed", "sub-code": -1 });
  return null;
}

function decoded(groups: Record<string, string>): Record<string, string> {
  try {
    const entries = Object.entries(groups);
    return Object.fromEntries(entries.map(([name, value]) => [name, decodeURIComponent(value)]));
  } catch {
    throw refusal(400, "The path is not encoded correctly.");
  }
}

export function signedIn({ user }: Call): User {
  if (!user) throw loginRequired();
  return user;
}

export function administrator(call: Call): User {
  const user = signedIn(call);
  if (!user.admin)
    throw refusal(
      403,
      "You are not authorized to perform this operation. Administrator privileges are required.",
    );
  return user;
}

/** The issue of the path. Without permission it does not exist; without a login Jira says so. */
export function issueOf(call: Call): Issue {
  const { state } = call.jira;
  const issue = findIssue(state, param(call, "issue"));
  if (!issue) throw issueGone();
  if (!call.user) {
    throw refusal(
      401,
      "You do not have the permission to see the specified issue.",
      "Login Required",
    );
  }
  if (!canSeeIssue(state, call.user, issue)) throw issueGone();
  return issue;
}

export function visibleProject({ jira, user }: Call, idOrKey: string): Project | undefined {
  const project = findProject(jira.state, idOrKey);
  return project && canSee(user, project) ? project : undefined;
}

export function param({ params }: Call, name: string): string {
  return params[name] ?? "";
}

/** The body as an object; anything else is a 400. */
export function objectBody({ body }: Call): Record<string, unknown> {
  if (typeof body === "object" && body !== null && !Array.isArray(body))
    return body as Record<string, unknown>;
  throw refusal(400, "Can not deserialize instance out of START_ARRAY token or an empty body");
}

/** A list given as `a,b`, as a repeated parameter, or as an array in a body. */
export function listOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(listOf);
  if (typeof value !== "string") return [];
  return value
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

export function queryList({ query }: Call, name: string): string[] {
  return listOf(query.getAll(name));
}

export function expandOf(call: Call): Set<string> {
  return new Set(queryList(call, "expand"));
}

export type Page = { startAt: number; maxResults: number };

/** Jira cuts `maxResults` silently; the answer says to what. */
export function pageOf(startAt: unknown, maxResults: unknown, usual: number, cap: number): Page {
  const number = (value: unknown, otherwise: number) => {
    const read = value === null || value === undefined || value === "" ? Number.NaN : Number(value);
    return Number.isInteger(read) && read >= 0 ? read : otherwise;
  };
  return { startAt: number(startAt, 0), maxResults: Math.min(number(maxResults, usual), cap) };
}

export function slice<T>(list: T[], { startAt, maxResults }: Page): T[] {
  return list.slice(startAt, startAt + maxResults);
}
