import type { z } from "zod";
import { leastRoleFor, mayDo, type Permission } from "@/lib/access/permissions";
import { readToken, type TokenHolder } from "@/lib/access/token-store";
import { failed } from "@/lib/api/failure";
import { malformed, problem } from "@/lib/api/problem";
import { readBody } from "@/lib/api/read-body";
import { database } from "@/lib/db/database";

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
      if (!by) return unknownHolder();
      if (!mayDo(by.role, route.permission))
        return problem(
          403,
          `This needs the role ${leastRoleFor(route.permission)}; "${by.name}" is ${by.role}.`,
        );

      const raw = Object.fromEntries(new URL(request.url).searchParams);
      const query = route.query?.safeParse(raw);
      if (query && !query.success) return malformed(query.error);
      const read = route.body ? await readBody(request, route.body) : undefined;
      if (read instanceof Response) return read;
      return await route.answer({
        by,
        query: query?.data as Query,
        body: read?.body as Body,
        params: await context.params,
      });
    } catch (error) {
      return failed(error, request);
    }
  };
}

async function holderOf(request: Request): Promise<TokenHolder | null> {
  const token = /^Bearer\s+(\S+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
  return token ? readToken(database(), token) : null;
}

function unknownHolder(): Response {
  return problem(
    401,
    "Send a living token of this console: Authorization: Bearer <token>",
    {},
    { "WWW-Authenticate": 'Bearer realm="exalate"' },
  );
}
