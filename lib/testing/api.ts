import { vi } from "vitest";
import type { Role } from "@/lib/access/permissions";
import { keepToken } from "@/lib/access/token-store";
import { test as base } from "@/lib/testing/database";

vi.stubEnv("SECRET_KEY", Buffer.alloc(32, 1).toString("base64"));
vi.stubEnv("PORT", "9"); // nobody listens there: waking the workers over HTTP fails

type Route = (
  request: Request,
  context: { params: Promise<Record<string, string>> },
) => Promise<Response>;
type Sent = {
  /** Null sends no token. */
  role?: Role | null;
  body?: unknown;
  query?: string;
  params?: Record<string, string | number>;
  headers?: Record<string, string>;
};
export type Answer = {
  status: number;
  type: string | null;
  headers: Headers;
  answer: Record<string, unknown>;
  text: string;
};
export type Call = (route: Route, sent?: Sent) => Promise<Answer>;

const shared = globalThis as unknown as { exalateDb?: unknown; exalatePool?: unknown };

/** Routes as a program calls them, on the test's own database: an administrator's unless another role is named. */
export const test = base.extend<{ call: Call }>({
  call: async ({ db, pool }, use) => {
    shared.exalateDb = db;
    shared.exalatePool = pool;
    await use(
      async (
        route,
        { role = "administrator", body, query = "", params = {}, headers: more } = {},
      ) => {
        const headers = new Headers({ "content-type": "application/json", ...more });
        if (role) {
          const token = `token-of-the-${role}-${"x".repeat(24)}`;
          await keepToken(db, role, token, role);
          headers.set("authorization", `Bearer ${token}`);
        }
        const request = new Request(`https://console.example.com/api/v1${query}`, {
          method: body === undefined ? "GET" : "POST",
          headers,
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        });
        const texts = Object.entries(params).map(([name, value]) => [name, String(value)]);
        const response = await route(request, {
          params: Promise.resolve(Object.fromEntries(texts)),
        });
        const text = await response.text();
        return {
          status: response.status,
          type: response.headers.get("content-type"),
          headers: response.headers,
          answer: JSON.parse(text) as Record<string, unknown>,
          text,
        };
      },
    );
    delete shared.exalateDb;
    delete shared.exalatePool;
  },
});
