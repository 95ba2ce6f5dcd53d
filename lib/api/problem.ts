import { z } from "zod";

const TITLES: Record<number, string> = {
  400: "The request is malformed",
  401: "A bearer token is needed",
  403: "The token's role does not allow this",
  404: "There is nothing here",
  409: "This conflicts with what is there",
  413: "The body is too large",
  415: "The body is not JSON",
  422: "The request cannot be carried out",
  429: "Too many calls",
  500: "The console could not do this",
  503: "A part of the node is missing",
  504: "It took too long",
};

/** An answer of RFC 9457. `detail` is for people: what was tried, what to do. */
export function problem(
  status: number,
  detail: string,
  more: Record<string, unknown> = {},
  headers: Record<string, string> = {},
): Response {
  const body = { type: "about:blank", title: TITLES[status] ?? "Problem", status, detail, ...more };
  return new Response(JSON.stringify(body), {
    status,
    headers: {
      "Content-Type": "application/problem+json",
      "Cache-Control": "no-store",
      ...headers,
    },
  });
}

/** Which members of a request are wrong, and how. An unknown member is named at its place. */
export function malformed(error: z.ZodError, status: 400 | 422 = 400): Response {
  const errors = error.issues.map((issue) => ({
    path: issue.path.join("."),
    message: issue.message,
  }));
  return problem(status, z.prettifyError(error), { errors });
}

/** A text that no database keeps. */
export function unstorable(path: string): Response {
  const message = "must not hold U+0000, nor half of a pair of surrogates";
  return problem(400, `${path || "the body"}: ${message}`, { errors: [{ path, message }] });
}

/** An answer that nobody in between may keep. */
export function json(body: unknown, status = 200): Response {
  return Response.json(body, { status, headers: { "Cache-Control": "no-store" } });
}
