import type { z } from "zod";
import { leastRoleFor, mayDo, type Permission } from "@/lib/access/permissions";
import { readToken, type TokenHolder } from "@/lib/access/token-store";
import { malformed, problem } from "@/lib/api/problem";
import { Unfit } from "@/lib/connections/connection-store";
import { database } from "@/lib/db/database";
import { SyncError } from "@/lib/errors";
import { log } from "@/lib/log";
import { BadCursor } from "@/lib/sync-queue/cursor";

const LARGEST_BODY_BYTES = 1_000_000;

type Params = Record<string, string>;
export type Call<Query, Body> = { by: TokenHolder; query: Query; body: Body; params: Params };

type Route<Query, Body> = {
  permission: Permission;
  query?: z.ZodType<Query>;
  body?: z.ZodType<Body>;
  answer: (call: Call<Query, Body>) => Promise<Response>;
};

/**
 * One operation of the API: bearer token, role, query and body by their schemas, then the answer. What
 * goes wrong is said as `application/problem+json`; what surprises us is logged and never shown.
 */
export function withToken<Query = undefined, Body = undefined>(route: Route<Query, Body>) {
  return async (request: Request, context: { params: Promise<Params> }): Promise<Response> => {
    try {
      const by = await holderOf(request);
      if (!by)
        return problem(
          401,
          "Send a token of this console: Authorization: Bearer <token>",
          {},
          {
            "WWW-Authenticate": 'Bearer realm="exalate"',
          },
        );
      if (!mayDo(by.role, route.permission))
        return problem(
          403,
          `This needs the role ${leastRoleFor(route.permission)}; "${by.name}" is ${by.role}.`,
        );

      const raw = Object.fromEntries(new URL(request.url).searchParams);
      const query = route.query?.safeParse(raw);
      if (query && !query.success) return malformed(query.error);
      const body = route.body ? await readBody(request, route.body) : undefined;
      if (body instanceof Response) return body;
      return await route.answer({
        by,
        query: query?.data as Query,
        body: body as Body,
        params: await context.params,
      });
    } catch (error) {
      return unexpected(error, request);
    }
  };
}

async function holderOf(request: Request): Promise<TokenHolder | null> {
  const token = /^Bearer\s+(\S+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
  return token ? readToken(database(), token) : null;
}

async function readBody<Body>(request: Request, schema: z.ZodType<Body>): Promise<Body | Response> {
  if (Number(request.headers.get("content-length") ?? 0) > LARGEST_BODY_BYTES)
    return problem(413, "At most 1 MB is read.");
  const text = await request.text();
  if (text.length > LARGEST_BODY_BYTES) return problem(413, "At most 1 MB is read.");
  if (text !== "" && !request.headers.get("content-type")?.includes("json"))
    return problem(415, "Send Content-Type: application/json.");
  let raw: unknown;
  try {
    raw = text === "" ? {} : JSON.parse(text);
  } catch {
    return problem(400, "The body is not valid JSON.");
  }
  const parsed = schema.safeParse(raw);
  return parsed.success ? parsed.data : malformed(parsed.error);
}

function unexpected(error: unknown, request: Request): Response {
  if (error instanceof BadCursor) return problem(400, error.message);
  if (error instanceof Unfit) return problem(409, error.message);
  if (error instanceof SyncError) return problem(422, error.message, { code: error.code });
  log.error("an API call failed", {
    call: `${request.method} ${new URL(request.url).pathname}`,
    error: String(error),
  });
  return problem(500, "Nothing is known of what went wrong but what the console's log says.");
}
