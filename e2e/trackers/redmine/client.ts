import { KEYS } from "@/e2e/trackers/redmine/server";

// Independent of the product: a bare client of Redmine's REST interface, for what people do in tests.

type Named = { id: number; name: string };
export type SeenIssue = {
  id: number;
  subject: string;
  description: string | null;
  updated_on: string;
  tracker: Named;
  status: Named;
  priority: Named;
  author: Named;
  assigned_to?: Named;
  category?: Named;
  fixed_version?: Named;
  due_date: string | null;
  custom_fields: { id: number; name: string; value: string | string[] | null }[];
  journals: {
    id: number;
    notes: string | null;
    private_notes: boolean;
    user: Named;
    details: unknown[];
  }[];
};

export type Answer<T> = { status: number; body: T | null };

/** Somebody with an API key, or with none. */
export function redmineClient(baseUrl: string, key: string | null = KEYS.ada) {
  async function call<T>(method: string, path: string, body?: unknown): Promise<Answer<T>> {
    const answer = await fetch(`${baseUrl}${path}`, {
      method,
      headers: {
        "content-type": "application/json",
        ...(key ? { "x-redmine-api-key": key } : {}),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, body: text.startsWith("{") ? JSON.parse(text) : null };
  }
  /** For what must succeed. */
  async function expected<T>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await call<T>(method, path, body);
    if (answer.status >= 300)
      throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body as T;
  }
  return {
    call,
    async create(subject: string, more: Record<string, unknown> = {}): Promise<SeenIssue> {
      const issue = { project_id: "sync", tracker_id: 1, subject, ...more };
      return (await expected<{ issue: SeenIssue }>("POST", "/issues.json", { issue })).issue;
    },
    async get(id: number | string): Promise<SeenIssue> {
      const path = `/issues/${id}.json?include=journals`;
      return (await expected<{ issue: SeenIssue }>("GET", path)).issue;
    },
    edit: (id: number | string, issue: Record<string, unknown>) =>
      expected("PUT", `/issues/${id}.json`, { issue }),
    note: (id: number | string, notes: string, isPrivate = false) =>
      expected("PUT", `/issues/${id}.json`, {
        issue: { notes, ...(isPrivate ? { private_notes: true } : {}) },
      }),
    editNote: (id: number | string, notes: string) =>
      expected("PUT", `/journals/${id}.json`, { journal: { notes } }),
    remove: (id: number | string) => expected("DELETE", `/issues/${id}.json`),
    async list(query: Record<string, string>) {
      const path = `/issues.json?${new URLSearchParams(query)}`;
      return expected<{ issues: SeenIssue[]; total_count: number; limit: number }>("GET", path);
    },
  };
}
export type RedmineClient = ReturnType<typeof redmineClient>;
