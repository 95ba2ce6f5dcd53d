import type { z } from "zod";
import type { Permission } from "@/lib/access/permissions";
import type { TokenHolder } from "@/lib/access/token-store";
import type { Db } from "@/lib/db/database";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** In the order people read them. */
export const GROUPS = {
  Gate: "May this node write at all: read it, open it, close it.",
  Activation: "What stands before an opening: which node this is, and whether another one lives.",
  "Sync Queue": "What waits to be sent, and what people do to it.",
  Connections: "Agreements between two instances.",
  Instances: "The trackers that we talk to.",
  Issues: "Pairs of issues under sync.",
  Errors: "What stands in the way of being in step, by cause.",
  History: "What was done: by people, and at the instances.",
  Settings: "People, tokens, and what the node keeps.",
  Node: "Whether the node can work, and this description.",
} as const;
export type Group = keyof typeof GROUPS;

/**
 * How a creation that is sent again with its Idempotency-Key is kept from being done again.
 * `in_transaction`: the key is stored in the transaction of the effect, so both exist or neither.
 * `repeatable`: the effect asks instances first and changes nothing when it is there already; the answer
 * is stored after it.
 */
export type Creation = "in_transaction" | "repeatable";

export type Call<Params, Query, Body> = {
  /** For everything the call changes: in a creation it is the transaction of its key. */
  db: Db;
  by: TokenHolder;
  params: Params;
  query: Query;
  body: Body;
};

/** What an operation says of itself, whatever it takes and gives. The routes, the document and its page are made from it. */
export type Operation = {
  /** A verb and what it is about: the document's operationId. */
  id: string;
  method: Method;
  /** Below /api/v1, with `{id}` for what varies. */
  path: `/${string}`;
  group: Group;
  /** A sentence without its full stop. */
  summary: string;
  /** What a caller has to know beyond the summary. */
  description?: string | undefined;
  permission: Permission | "open";
  params?: z.ZodObject | undefined;
  query?: z.ZodObject | undefined;
  body?: z.ZodType | undefined;
  answer: z.ZodType;
  /** Of an answer that is not JSON: one of these. */
  contentTypes?: string[] | undefined;
  status: 200 | 201;
  /** Problems beyond those that each call may meet, by status: when. */
  refuses: Record<number, string>;
  creation?: Creation | undefined;
  carryOut: (call: Call<unknown, unknown, unknown>) => Promise<unknown>;
};

type Given<Params extends z.ZodObject, Query extends z.ZodObject, Body extends z.ZodType, Told> = {
  params?: Params;
  query?: Query;
  body?: Body;
  carryOut: (call: Call<z.output<Params>, z.output<Query>, z.output<Body>>) => Promise<Told>;
} & Omit<Operation, "params" | "query" | "body" | "answer" | "carryOut" | "status" | "refuses"> & {
    status?: 200 | 201;
    refuses?: Record<number, string>;
  };

/**
 * An operation. `carryOut` gets what its schemas made of the request and gives what the answer's schema
 * takes; it throws `Refusal` or an error that `failure.ts` knows, and then nothing may have changed.
 * A `Response` is sent as it is: for what is streamed.
 */
export function operation<
  Answer extends z.ZodType,
  Params extends z.ZodObject,
  Query extends z.ZodObject,
  Body extends z.ZodType,
>(given: { answer: Answer } & Given<Params, Query, Body, z.input<Answer> | Response>): Operation {
  const { carryOut, status = given.creation ? 201 : 200, refuses = {}, ...said } = given;
  return {
    ...said,
    status,
    refuses,
    // Called only with what these very schemas made.
    carryOut: (call) => carryOut(call as Parameters<typeof carryOut>[0]),
  };
}
