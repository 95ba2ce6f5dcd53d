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
  parent?: { id: number };
  /** Left out when there are none; so are `attachments`. */
  relations?: { id: number; issue_id: number; issue_to_id: number; relation_type: string }[];
  attachments?: {
    id: number;
    filename: string;
    filesize: number;
    content_url: string;
    author: Named;
  }[];
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

export type SeenTimeEntry = {
  id: number;
  issue: { id: number };
  user: Named;
  hours: number;
  comments: string;
  spent_on: string;
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
    baseUrl,
    call,
    made: expected,
    async create(subject: string, more: Record<string, unknown> = {}): Promise<SeenIssue> {
      const issue = { project_id: "sync", tracker_id: 1, subject, ...more };
      return (await expected<{ issue: SeenIssue }>("POST", "/issues.json", { issue })).issue;
    },
    async get(id: number | string): Promise<SeenIssue> {
      const path = `/issues/${id}.json?include=journals,relations,attachments`;
      return (await expected<{ issue: SeenIssue }>("GET", path)).issue;
    },
    async download(id: number, name: string): Promise<Buffer> {
      const path = `/attachments/download/${id}/${encodeURIComponent(name)}`;
      const answer = await fetch(`${baseUrl}${path}`, {
        headers: key ? { "x-redmine-api-key": key } : {},
      });
      if (answer.status !== 200) throw new Error(`GET ${path}: ${answer.status}`);
      return Buffer.from(await answer.arrayBuffer());
    },
    async attach(id: number | string, filename: string, content: Uint8Array) {
      const answer = await fetch(
        `${baseUrl}/uploads.json?filename=${encodeURIComponent(filename)}`,
        {
          method: "POST",
          headers: {
            "content-type": "application/octet-stream",
            ...(key ? { "x-redmine-api-key": key } : {}),
          },
          body: new Uint8Array(content),
        },
      );
      const { upload } = (await answer.json()) as { upload: { token: string } };
      const uploads = [{ token: upload.token, filename }];
      await expected("PUT", `/issues/${id}.json`, { issue: { uploads } });
    },
    logTime: (id: number | string, hours: number, spentOn: string, comments: string) =>
      expected("POST", "/time_entries.json", {
        time_entry: { issue_id: id, hours, spent_on: spentOn, comments, activity_id: 9 },
      }),
    relate: (id: number | string, to: number | string, type = "blocks") =>
      expected("POST", `/issues/${id}/relations.json`, {
        relation: { issue_to_id: to, relation_type: type },
      }),
    async timeEntries(id: number | string) {
      const path = `/time_entries.json?issue_id=${id}&limit=100`;
      return (await expected<{ time_entries: SeenTimeEntry[] }>("GET", path)).time_entries;
    },
    /** Of a whole project, page by page. */
    async timeEntriesOf(project: string): Promise<SeenTimeEntry[]> {
      const found: SeenTimeEntry[] = [];
      for (;;) {
        const page = await expected<{ time_entries: SeenTimeEntry[]; total_count: number }>(
          "GET",
          `/time_entries.json?project_id=${project}&limit=100&offset=${found.length}`,
        );
        found.push(...page.time_entries);
        if (page.time_entries.length === 0 || found.length >= page.total_count) return found;
      }
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
    /** For administrators only. */
    async customFields(): Promise<Named[]> {
      const path = "/custom_fields.json";
      return (await expected<{ custom_fields: Named[] }>("GET", path)).custom_fields;
    },
    async list(query: Record<string, string>) {
      const path = `/issues.json?${new URLSearchParams(query)}`;
      return expected<{ issues: SeenIssue[]; total_count: number; limit: number }>("GET", path);
    },
  };
}
export type RedmineClient = ReturnType<typeof redmineClient>;
