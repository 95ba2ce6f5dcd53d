import type { z } from "zod";
import { namedCaller } from "@/lib/access/caller-address";
import { leastRoleFor, mayDo, type Permission } from "@/lib/access/permissions";
import { readToken, type TokenHolder } from "@/lib/access/token-store";
import { create } from "@/lib/api/create";
import { failed } from "@/lib/api/failure";
import type { Call, Operation } from "@/lib/api/operation";
import { json, malformed, unstorable } from "@/lib/api/problem";
import { limitHeaders, overLimit } from "@/lib/api/rate-limit";
import { countCall } from "@/lib/api/rate-limit-store";
import { readBody } from "@/lib/api/read-body";
import { Refusal } from "@/lib/api/refusal";
import { unstorableAt } from "@/lib/api/storable";
import { database } from "@/lib/db/database";
import { log } from "@/lib/log";

type Params = Record<string, string>;
export type Handler = (request: Request, context: { params: Promise<Params> }) => Promise<Response>;

/**
 * A route of one operation: token, rate limits, role, then path, query and body by their schemas, then
 * the answer. What goes wrong is said as `application/problem+json`; what surprises us is logged and
 * never shown. The operation can be read off the route, so that nothing is served that is not described.
 */
export function serve(operation: Operation): Handler & { operation: Operation } {
  const route: Handler = async (request, { params }) => {
    let limits: Record<string, string> = {};
    const answered = async () => {
      if (operation.permission === "open")
        return answerOf(operation, await operation.carryOut(openCall()));
      const holder = await holderOf(request);
      const counted = await countCall(database(), subjectsOf(request, holder));
      limits = limitHeaders(counted);
      const over = overLimit(counted);
      if (over) throw tooMany(over.resetS);
      if (!holder) throw unknownHolder();
      if (!mayDo(holder.role, operation.permission)) throw notAllowed(holder, operation.permission);
      const call = await parse(operation, request, await params, holder);
      if (call instanceof Response) return call;
      if (operation.creation) return create(operation, call, request);
      return answerOf(operation, await operation.carryOut(call));
    };
    const response = await answered().catch((error) => failed(error, request));
    for (const [name, value] of Object.entries(limits)) response.headers.set(name, value);
    return response;
  };
  return Object.assign(route, { operation });
}

function answerOf({ status }: Operation, told: unknown): Response {
  return told instanceof Response ? told : json(told, status);
}

type Parsed = Call<unknown, unknown, unknown>;

/** What the request says, or the answer to give instead. A path that names nothing that could be there is not found. */
async function parse(
  operation: Operation,
  request: Request,
  rawParams: Params,
  by: TokenHolder,
): Promise<Parsed | Response> {
  const params = operation.params?.safeParse(rawParams);
  if (params && !params.success)
    throw new Refusal(404, operation.refuses[404] ?? "There is nothing here.");
  const bad = unstorableAt(queryOf(request));
  if (bad !== null) return unstorable(bad);
  const query = operation.query?.safeParse(queryOf(request));
  if (query && !query.success) return malformed(query.error);
  const read = await bodyOf(request, operation.body);
  if (read instanceof Response) return read;
  return { db: database(), by, params: params?.data, query: query?.data, body: read.body };
}

async function bodyOf(
  request: Request,
  schema: z.ZodType | undefined,
): Promise<{ body: unknown } | Response> {
  return schema ? readBody(request, schema) : { body: undefined };
}

function queryOf(request: Request): Params {
  return Object.fromEntries(new URL(request.url).searchParams);
}

/** Nobody asks: an open operation reads what everybody may know. */
function openCall(): Parsed {
  const nobody: TokenHolder = { id: 0, name: "nobody", role: "viewer" };
  return { db: database(), by: nobody, params: undefined, query: undefined, body: undefined };
}

async function holderOf(request: Request): Promise<TokenHolder | null> {
  const token = /^Bearer\s+(\S+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
  return token ? readToken(database(), token) : null;
}

/** The token is counted once it is known, so that guesses leave nothing behind but their address. */
function subjectsOf(request: Request, holder: TokenHolder | null) {
  const address = namedCaller(request.headers.get("x-forwarded-for"));
  return [
    ...(address ? [{ kind: "address", name: address } as const] : []),
    ...(holder ? [{ kind: "token", name: String(holder.id) } as const] : []),
  ];
}

function notAllowed({ name, role }: TokenHolder, permission: Permission): Refusal {
  log.warn("a call was refused", { token: name, role, permission });
  return new Refusal(403, `This needs the role ${leastRoleFor(permission)}; "${name}" is ${role}.`);
}

function tooMany(resetS: number): Refusal {
  return new Refusal(
    429,
    `Too many calls in this minute: the next begins in ${resetS} seconds.`,
    {},
    { "Retry-After": String(resetS) },
  );
}

function unknownHolder(): Refusal {
  return new Refusal(
    401,
    "Send a living token of this console: Authorization: Bearer <token>",
    {},
    { "WWW-Authenticate": 'Bearer realm="exalate"' },
  );
}
