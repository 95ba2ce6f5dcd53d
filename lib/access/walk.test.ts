import { encode } from "next-auth/jwt";
import { beforeEach, describe, expect, vi } from "vitest";
import { mayDo, ROLES, type Role } from "@/lib/access/permissions";
import { derivedSecret } from "@/lib/access/seal";
import { startSession } from "@/lib/access/session-store";
import { WALKED } from "@/lib/access/walked";
import type { Db } from "@/lib/db/database";
import { test } from "@/lib/testing/served";

// The framework around a request: its cookies, and where an answer sends the browser.
const browser = vi.hoisted(() => ({ cookies: new Map<string, string>() }));
vi.mock("server-only", () => ({}));
vi.mock("next/cache", () => ({ revalidatePath: () => undefined }));
vi.mock("next/navigation", () => ({
  redirect: (to: string) => {
    throw new Error(`redirected to ${to}`);
  },
}));
vi.mock("next/headers", () => ({
  cookies: async () => ({
    get: (name: string) =>
      browser.cookies.has(name) ? { name, value: browser.cookies.get(name) } : undefined,
    set: () => undefined,
  }),
  headers: async () => new Headers(),
}));

vi.stubEnv("SECRET_KEY", Buffer.alloc(32, 1).toString("base64"));
vi.stubEnv("CONSOLE_URL", "https://console.example.com");
vi.stubEnv("DATABASE_URL", "postgres://127.0.0.1:9/none");

beforeEach(() => browser.cookies.clear());

type Callable = (...args: unknown[]) => unknown;
type Modules = Record<string, Record<string, unknown>>;

/** Every function that a browser can call, and everything that pages read through. */
const FUNCTIONS: Modules = {
  ...import.meta.glob<Record<string, unknown>>("../../app/**/actions.ts", { eager: true }),
  ...import.meta.glob<Record<string, unknown>>(
    ["../data/*.ts", "!../data/*.test.ts", "!../data/auth-options.ts", "!../data/live-feed.ts"],
    { eager: true },
  ),
};
const PAGES: Modules = import.meta.glob<Record<string, unknown>>("../../app/**/page.tsx", {
  eager: true,
});
// The operations of /api/v1 have a table and a walk of their own.
const ROUTES: Modules = import.meta.glob<Record<string, unknown>>(
  ["../../app/api/**/route.ts", "!../../app/api/v1/**"],
  { eager: true },
);
const FOUND = [
  ...members(FUNCTIONS, (call) => () => call(undefined)),
  ...members(
    ROUTES,
    (call) => () => call(new Request("https://console.example.com/api/x"), paramsOfPath()),
  ),
  ...Object.entries(PAGES).map(([file, { default: page }]) => ({
    name: pathOf(file),
    // What it shows is not looked at: a page may say in words that a part of it needs another role.
    call: async () => {
      await (page as Callable)({ ...paramsOfPath(), searchParams: Promise.resolve({}) });
    },
  })),
];

function members(modules: Modules, calling: (call: Callable) => () => unknown) {
  return Object.entries(modules).flatMap(([file, module]) =>
    Object.entries(module)
      .filter(([, value]) => typeof value === "function" && !isClass(value))
      .map(([name, value]) => ({
        name: `${pathOf(file)} ${name}`,
        call: calling(value as Callable),
      })),
  );
}

function pathOf(file: string): string {
  return file.replace(/^(\.\.\/)+/, "").replace(/^data\//, "lib/data/");
}

function paramsOfPath() {
  return { params: Promise.resolve({ id: "1", code: "loop" }) };
}

function isClass(value: unknown): boolean {
  return /^class\s/.test(Function.prototype.toString.call(value));
}

/** What a call comes to, as far as permission goes: parsing and reading come after it. */
async function outcome(call: Callable): Promise<"signed out" | "not allowed" | "let in"> {
  const said = await Promise.resolve()
    .then(call)
    .then(async (result) => {
      if (!(result instanceof Response)) return JSON.stringify(result) ?? "";
      await result.body?.cancel();
      return { 401: "Your session has ended", 403: "This needs the role" }[result.status] ?? "";
    })
    .catch((error: Error) => `${error.name} ${error.message}`);
  if (/Your session has ended|redirected to \/sign-in/.test(said)) return "signed out";
  return /This needs the role|NotAllowed/.test(said) ? "not allowed" : "let in";
}

async function signIn(db: Db, role: Role, secret = derivedSecret("next-auth")): Promise<string> {
  const user = await db.user.create({
    data: { email: `${role}@example.com`, name: role, passwordHash: "", role },
  });
  const sessionId = await startSession(db, user.id, null);
  const { identity } = await db.node.findFirstOrThrow();
  const name = `__Secure-exalate-${identity.slice(0, 8)}.session`;
  browser.cookies.set(name, await encode({ token: { sessionId }, secret }));
  return sessionId;
}

test("every action, page, route and reading function stands in the table: name yours in lib/access/walked.ts", () => {
  expect(FOUND.map(({ name }) => name).toSorted()).toEqual(Object.keys(WALKED).toSorted());
});

describe("everything that wants a session", () => {
  const guarded = FOUND.filter(
    ({ name }) => !["anybody", "a secret of its own"].includes(WALKED[name] ?? ""),
  );

  test("lets nobody in without one", async () => {
    for (const { name, call } of guarded)
      expect([name, await outcome(call)]).toEqual([name, "signed out"]);
  });

  test("lets nobody in with one that has ended, or that another node signed", async ({ db }) => {
    await signIn(db, "administrator", "another node's secret");
    for (const { name, call } of guarded)
      expect([name, await outcome(call)]).toEqual([name, "signed out"]);
    browser.cookies.clear();
    await db.user.deleteMany();
    const sessionId = await signIn(db, "administrator");
    await db.session.update({ where: { id: sessionId }, data: { endedAt: new Date() } });
    for (const { name, call } of guarded)
      expect([name, await outcome(call)]).toEqual([name, "signed out"]);
  });

  test.for(ROLES)(
    "lets a %s in where the table says so, and nowhere else",
    async (role, { db }) => {
      await signIn(db, role);
      for (const { name, call } of guarded) {
        // What ends the session is walked by the suite of sessions.
        if (WALKED[name] === "signed in") continue;
        const expected = mayDo(role, WALKED[name] as never) ? "let in" : "not allowed";
        expect([name, await outcome(call)]).toEqual([name, expected]);
      }
    },
  );
});
