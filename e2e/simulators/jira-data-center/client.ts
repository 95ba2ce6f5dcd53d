import type { z } from "zod";
import type { Faults, FaultsInput } from "@/e2e/simulators/jira-data-center/faults";
import type { Version } from "@/e2e/simulators/jira-data-center/personality";
import type { projectBody, seedBody, userBody } from "@/e2e/simulators/jira-data-center/seeding";
import type { Snapshot } from "@/e2e/simulators/jira-data-center/snapshot";
import type { ReceivedWrite } from "@/e2e/simulators/jira-data-center/write-log";

export type NewUser = z.input<typeof userBody>;
export type NewProject = z.input<typeof projectBody>;
export type Seed = z.input<typeof seedBody>;
export type IssueRef = { id: string; key: string };

/** A comment as Jira answers it; only what tests look at. */
export type SeenComment = {
  id: string;
  body: string;
  author: { name: string; key: string; displayName: string };
  created: string;
  updated: string;
  visibility?: { type: string; value: string };
  properties?: { key: string; value: unknown }[];
};

export type SeenAttachment = {
  id: string;
  filename: string;
  size: number;
  mimeType: string;
  content: string;
  author: { name: string };
  created: string;
};

export type SeenIssue = IssueRef & {
  fields: {
    summary: string;
    description: string | null;
    labels: string[];
    status: { id: string; name: string };
    priority: { id: string; name: string };
    created: string;
    updated: string;
    comment?: { comments: SeenComment[]; total: number };
  } & Record<string, unknown>;
  properties?: Record<string, unknown>;
  changelog?: { histories: { id: string; items: Record<string, unknown>[] }[] };
};

export type SearchAnswer = {
  startAt: number;
  maxResults: number;
  total: number;
  issues: SeenIssue[];
};

/** What a test or the demo does to a simulator from outside, by its address. */
export type SimulatorClient = {
  createUser(user: NewUser): Promise<{ key: string; name: string }>;
  createProject(project: NewProject): Promise<{ id: string; key: string; name: string }>;
  seed(seed: Seed): Promise<IssueRef[]>;
  move(issue: string, project: string): Promise<IssueRef>;
  writes(since?: number): Promise<ReceivedWrite[]>;
  clearWrites(): Promise<void>;
  /** Replaces all faults; `{}` ends them. */
  setFaults(faults: FaultsInput): Promise<void>;
  /** Changes the ones named, leaves the others. */
  changeFaults(faults: FaultsInput): Promise<void>;
  settings(settings: {
    baseUrl?: string;
    serverTimeZone?: string;
    attachmentLimit?: number;
    serverId?: string;
    version?: Version;
  }): Promise<void>;
  /** Kept in the simulator; `restoreBackup` goes back to it. */
  takeBackup(): Promise<{ id: number; takenAt: string; issues: number }>;
  restoreBackup(id: number): Promise<void>;
  /** Another Jira from what is here now, on a port of its own. It ends with this one. */
  startClone(): Promise<{ name: string; baseUrl: string }>;
  /** As a person does who logs in on a page. */
  solveCaptcha(user: string): Promise<void>;
  /** While it is not RUNNING every REST call is answered 503. */
  setStatus(state: NonNullable<Faults["state"]>): Promise<void>;
  /** Cuts every connection; the same process goes on behind it until `comeBack`. */
  goDown(): Promise<void>;
  comeBack(): Promise<void>;
  /** A new process: unreachable for `downMs`, STARTING for `startingMs`. Resolves when it runs. */
  restart(pauses?: { downMs?: number; startingMs?: number }): Promise<void>;
  /** Everything there is, for `restoreFrom` or for a clone: `startJiraSimulator({ from })`. */
  snapshot(): Promise<Snapshot>;
  /** Back to what was then. The write log and the faults stay. */
  restoreFrom(snapshot: Snapshot): Promise<void>;
  reset(): Promise<void>;
  save(): Promise<void>;
  /** A person with this token, or nobody without one. */
  as(token: string | null): Person;
};

/** Ordinary REST calls. Each throws `UnexpectedStatus` when Jira refuses. */
export type Person = {
  createIssue(
    fields: { project: string; summary: string } & Record<string, unknown>,
  ): Promise<IssueRef>;
  /** `labels`, `summary` and so on as Jira's `fields` takes them. */
  editIssue(issue: string, fields: Record<string, unknown>): Promise<void>;
  deleteIssue(issue: string): Promise<void>;
  comment(issue: string, body: string): Promise<SeenComment>;
  editComment(issue: string, comment: string, body: string): Promise<SeenComment>;
  deleteComment(issue: string, comment: string): Promise<void>;
  /** By the name of the transition, or of the status it leads to. */
  transition(issue: string, name: string): Promise<void>;
  getIssue(issue: string, query?: Record<string, string>): Promise<SeenIssue>;
  comments(issue: string): Promise<SeenComment[]>;
  /** A file of that name. Throws when Jira refuses it, as it does one that is too large. */
  attach(issue: string, filename: string, content: Uint8Array): Promise<SeenAttachment[]>;
  /** The bytes behind an attachment's `content`. */
  download(content: string): Promise<Buffer>;
  /** `started` in Jira's own form; by default now. */
  logWork(
    issue: string,
    work: { timeSpent: string; comment?: string; started?: string },
  ): Promise<{ id: string }>;
  /** "source blocks destination". */
  link(source: string, type: string, destination: string): Promise<void>;
  search(jql: string, query?: Record<string, string>): Promise<SearchAnswer>;
  createWebhook(hook: {
    url: string;
    events: string[];
    secret?: string;
    name?: string;
  }): Promise<{ id: number }>;
  /** Any call below /rest, whatever its answer. */
  call(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<RestAnswer>;
};

export type RestAnswer = { status: number; headers: Headers; body: unknown };

class UnexpectedStatus extends Error {
  constructor(
    call: string,
    readonly status: number,
    readonly body: unknown,
  ) {
    super(`${call} answered ${status}: ${JSON.stringify(body)}`);
  }
}

export function simulatorClient(baseUrl: string): SimulatorClient {
  const control = async <T>(method: string, path: string, body?: unknown): Promise<T> =>
    expectOk<T>(
      `${method} ${path}`,
      await request(`${baseUrl}/__simulator${path}`, method, null, body),
    );
  return {
    createUser: (user) => control("POST", "/users", user),
    createProject: (project) => control("POST", "/projects", project),
    seed: (seed) => control("POST", "/seed", seed),
    move: (issue, project) => control("POST", "/move", { issue, project }),
    writes: (since = 0) => control("GET", `/writes?since=${since}`),
    clearWrites: () => control("DELETE", "/writes"),
    setFaults: (faults) => control("PUT", "/faults", faults),
    changeFaults: (faults) => control("PATCH", "/faults", faults),
    settings: (settings) => control("PUT", "/settings", settings),
    takeBackup: () => control("POST", "/backups"),
    restoreBackup: (id) => control("POST", `/backups/${id}/restore`),
    startClone: () => control("POST", "/clones"),
    solveCaptcha: (user) => control("DELETE", `/captchas/${user}`),
    setStatus: (state) => control("PATCH", "/faults", { state }),
    goDown: () => control("PATCH", "/faults", { unavailable: true }),
    comeBack: () => control("PATCH", "/faults", { unavailable: false }),
    restart: (pauses = {}) => control("POST", "/restart", pauses),
    snapshot: () => control("GET", "/snapshot"),
    restoreFrom: (snapshot) => control("PUT", "/snapshot", snapshot),
    reset: () => control("POST", "/reset"),
    save: () => control("POST", "/save"),
    as: (token) => person(baseUrl, token),
  };
}

function person(baseUrl: string, token: string | null): Person {
  const call: Person["call"] = (method, path, body, headers) =>
    request(`${baseUrl}/rest${path}`, method, token, body, headers);
  const api = async <T>(method: string, path: string, body?: unknown): Promise<T> =>
    expectOk<T>(`${method} ${path}`, await call(method, `/api/2${path}`, body));
  return {
    call,
    createIssue: ({ project, ...fields }) =>
      api("POST", "/issue", {
        fields: { issuetype: { name: "Task" }, ...fields, project: { key: project } },
      }),
    editIssue: (issue, fields) => api("PUT", `/issue/${issue}`, { fields }),
    deleteIssue: (issue) => api("DELETE", `/issue/${issue}`),
    comment: (issue, body) => api("POST", `/issue/${issue}/comment`, { body }),
    editComment: (issue, comment, body) =>
      api("PUT", `/issue/${issue}/comment/${comment}`, { body }),
    deleteComment: (issue, comment) => api("DELETE", `/issue/${issue}/comment/${comment}`),
    async transition(issue, name) {
      const { transitions } = await api<{
        transitions: { id: string; name: string; to: { name: string } }[];
      }>("GET", `/issue/${issue}/transitions`);
      const found = transitions.find((each) => each.name === name || each.to.name === name);
      if (!found) throw new Error(`${issue} has no transition ${name} now`);
      await api("POST", `/issue/${issue}/transitions`, { transition: { id: found.id } });
    },
    getIssue: (issue, query = {}) => api("GET", `/issue/${issue}?${new URLSearchParams(query)}`),
    async comments(issue) {
      const { comments } = await api<{ comments: SeenComment[] }>(
        "GET",
        `/issue/${issue}/comment?expand=properties`,
      );
      return comments;
    },
    async attach(issue, filename, content) {
      const form = new FormData();
      form.append("file", new File([new Uint8Array(content)], filename));
      const answer = await fetch(`${baseUrl}/rest/api/2/issue/${issue}/attachments`, {
        method: "POST",
        headers: { Authorization: `Bearer ${token}`, "X-Atlassian-Token": "no-check" },
        body: form,
      });
      const body = await answer.json();
      return expectOk("POST attachments", { status: answer.status, headers: answer.headers, body });
    },
    async download(content) {
      const answer = await fetch(content, {
        headers: { Authorization: `Bearer ${token}` },
        redirect: "manual",
      });
      const bytes = Buffer.from(await answer.arrayBuffer());
      return expectOk("GET content", {
        status: answer.status,
        headers: answer.headers,
        body: bytes,
      });
    },
    logWork: (issue, work) => api("POST", `/issue/${issue}/worklog`, work),
    link: (source, type, destination) =>
      api("POST", "/issueLink", {
        type: { name: type },
        inwardIssue: { key: source },
        outwardIssue: { key: destination },
      }),
    search: (jql, query = {}) => api("GET", `/search?${new URLSearchParams({ jql, ...query })}`),
    async createWebhook({ secret, name = "a webhook", ...hook }) {
      const configuration = secret ? { SECRET: secret } : {};
      const body = { name, ...hook, configuration };
      return expectOk("POST webhooks", await call("POST", "/jira-webhook/1.0/webhooks", body));
    },
  };
}

async function request(
  url: string,
  method: string,
  token: string | null,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<RestAnswer> {
  const answer = await fetch(url, {
    method,
    redirect: "manual",
    headers: {
      ...(token ? { Authorization: `Bearer ${token}` } : {}),
      ...(body === undefined ? {} : { "Content-Type": "application/json" }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  const isJson = answer.headers.get("content-type")?.includes("json") ?? false;
  return {
    status: answer.status,
    headers: answer.headers,
    body: text && isJson ? JSON.parse(text) : text,
  };
}

function expectOk<T>(call: string, { status, body }: RestAnswer): T {
  if (status >= 200 && status < 300) return body as T;
  throw new UnexpectedStatus(call, status, body);
}
