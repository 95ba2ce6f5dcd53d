import { readdirSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";
import { unstable_doesMiddlewareMatch as doesProxyMatch } from "next/experimental/testing/server";
import { NextRequest } from "next/server";
import { describe, expect, test, vi } from "vitest";
import { crossSiteRefusal } from "@/lib/access/cross-site";
import { WALKED } from "@/lib/access/walked";
import { config, proxy } from "@/proxy";

const CONSOLE = "https://console.example.com";
vi.stubEnv("CONSOLE_URL", CONSOLE);

const JSON_BODY = { "content-type": "application/json" };
const OWN = { origin: CONSOLE, "sec-fetch-site": "same-origin", ...JSON_BODY };

function statusOf(headers: Record<string, string>, method = "POST", path = "/api/x") {
  const sent = { method, path, header: (name: string) => headers[name] ?? null };
  return crossSiteRefusal(sent, CONSOLE)?.status ?? "goes on";
}

describe("a request that a cookie would authorise", () => {
  test("goes on when the console's own page sent it", () => {
    expect(statusOf(OWN)).toBe("goes on");
    expect(statusOf({ ...JSON_BODY, "sec-fetch-site": "same-origin" })).toBe("goes on");
    expect(statusOf({ ...JSON_BODY, origin: CONSOLE })).toBe("goes on");
  });

  test("goes on under the address that people entered, also behind a proxy that renames the host", () => {
    const origin = "http://10.0.0.7:3000";
    expect(statusOf({ ...OWN, origin, host: "10.0.0.7:3000" })).toBe("goes on");
    expect(statusOf({ ...OWN, origin, "x-forwarded-host": "10.0.0.7:3000" })).toBe("goes on");
    expect(statusOf({ ...OWN, origin, host: "10.0.0.7:3001" })).toBe(403);
  });

  test.for<[string, Record<string, string>]>([
    ["another site", { ...JSON_BODY, origin: "https://evil.example", host: "console.example.com" }],
    ["another site, as the browser puts it", { ...OWN, "sec-fetch-site": "cross-site" }],
    ["a neighbour under the same domain", { ...OWN, "sec-fetch-site": "same-site" }],
    ["a name that only begins like ours", { ...JSON_BODY, origin: `${CONSOLE}.evil.example` }],
    ["a sandboxed frame", { ...JSON_BODY, origin: "null" }],
    ["nobody says who", JSON_BODY],
  ])("is refused when it comes from elsewhere: %s", ([, headers]) => {
    for (const method of ["POST", "PUT", "PATCH", "DELETE"])
      expect(statusOf(headers, method)).toBe(403);
  });

  test("is refused when a form could have sent its body, but for the sign-in, which has a token of its own", () => {
    for (const type of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
      expect(statusOf({ ...OWN, "content-type": type })).toBe(415);
    const form = { ...OWN, "content-type": "application/x-www-form-urlencoded" };
    expect(statusOf(form, "POST", "/api/auth/callback/credentials")).toBe("goes on");
    expect(statusOf({ ...OWN, "content-type": "Application/JSON; charset=utf-8" })).toBe("goes on");
  });

  test("is let through when it only reads", () => {
    for (const method of ["GET", "HEAD", "OPTIONS"])
      expect(statusOf({ origin: "https://evil.example" }, method)).toBe("goes on");
  });
});

const API = join(import.meta.dirname, "../../app/api");
const ALTERING =
  /export (?:async )?(?:function|const) (POST|PUT|PATCH|DELETE)\b|\bas (POST|PUT|PATCH|DELETE)\b/g;

/** Every route of the source tree that may alter something, but those of /api/v1, which read no cookie. */
const ROUTES = readdirSync(API, { recursive: true, encoding: "utf8" })
  .map((name) => name.split(sep).join("/"))
  .filter((name) => name.endsWith("route.ts") && !name.startsWith("v1/"))
  .flatMap((name) =>
    [...readFileSync(join(API, name), "utf8").matchAll(ALTERING)].map((found) => ({
      path: `/api/${name.replace("/route.ts", "").replace(/\[[^\]]+\]/g, "1")}`,
      method: found[1] ?? found[2] ?? "",
      asks: WALKED[`app/api/${name} ${found[1] ?? found[2]}`],
    })),
  );

describe("every route that alters something", () => {
  test("is found in the source", () => {
    expect(ROUTES).toContainEqual({ path: "/api/auth/1", method: "POST", asks: "anybody" });
    expect(ROUTES.length).toBeGreaterThan(2);
  });

  test("is behind the guard, or asks for a secret that no browser has", async () => {
    for (const { path, method, asks } of ROUTES) {
      const isGuarded = doesProxyMatch({ config, nextConfig: {}, url: path });
      expect([path, isGuarded]).toEqual([path, asks !== "a secret of its own"]);
      if (!isGuarded) continue;
      const foreign = { origin: "https://evil.example", ...JSON_BODY };
      const refused = proxy(new NextRequest(`${CONSOLE}${path}`, { method, headers: foreign }));
      expect([path, refused.status]).toEqual([path, 403]);
      expect(await refused.json()).toMatchObject({
        detail: expect.stringContaining("Another site"),
      });
      const own = proxy(new NextRequest(`${CONSOLE}${path}`, { method, headers: OWN }));
      expect([path, own.headers.get("x-middleware-next")]).toEqual([path, "1"]);
    }
  });

  test("of a path that is served to programs is not stopped on its way", () => {
    for (const url of ["/api/v1/queue/1/holds", "/api/webhooks/1", "/api/worker"])
      expect(doesProxyMatch({ config, nextConfig: {}, url })).toBe(false);
    for (const url of ["/api/workers", "/api/live", "/"])
      expect(doesProxyMatch({ config, nextConfig: {}, url })).toBe(true);
  });
});
