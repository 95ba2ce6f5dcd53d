import { type NextRequest, NextResponse } from "next/server";
import { crossSiteRefusal } from "@/lib/access/cross-site";
import { problem } from "@/lib/api/problem";
import { env } from "@/lib/env";

/**
 * Before every page and every route that a cookie authorises. Who may see what is decided in each of them;
 * here another site's request is refused, and a page gets its policy.
 */
export function proxy(request: NextRequest): Response {
  return request.nextUrl.pathname.startsWith("/api/") ? ownRequest(request) : page(request);
}

function ownRequest(request: NextRequest): Response {
  const sent = {
    method: request.method,
    path: request.nextUrl.pathname,
    header: (name: string) => request.headers.get(name),
  };
  const refusal = crossSiteRefusal(sent, env().CONSOLE_URL);
  return refusal ? problem(refusal.status, refusal.detail) : NextResponse.next();
}

/** The nonce is made for each page, and Next puts it on its own scripts. */
function page(request: NextRequest): Response {
  const nonce = btoa(crypto.randomUUID());
  const isDevelopment = process.env.NODE_ENV === "development";
  const policy = [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${isDevelopment ? " 'unsafe-eval'" : ""}`,
    // A nonce does not cover style attributes in served HTML, and progress bars have them. Styles cannot run
    // code, and nothing may be loaded from elsewhere.
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
  const headers = new Headers(request.headers);
  headers.set("x-nonce", nonce);
  headers.set("content-security-policy", policy);
  // Where to come back to after signing in.
  headers.set("x-asked-path", request.nextUrl.pathname + request.nextUrl.search);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set("content-security-policy", policy);
  return response;
}

export const config = {
  matcher: [
    { source: "/((?!api/|_next/static|_next/image|icon).*)" },
    // No cookie authorises these: they have tokens and secrets of their own.
    { source: "/api/((?!v1/|webhooks/|worker$).*)" },
  ],
};
