import { z } from "zod";
import { count } from "@/lib/api/answers/common";
import { currentErrorsAnswer, episodePageAnswer } from "@/lib/api/answers/errors";
import { operation } from "@/lib/api/operation";
import { Refusal } from "@/lib/api/refusal";
import { episodesQuery, reasonBody, retryGroupBody } from "@/lib/api/schemas";
import { retryEverything, retryGroup } from "@/lib/error-log/act-store";
import { listEpisodes, readCurrentErrors } from "@/lib/error-log/browse-store";

export const readErrors = operation({
  id: "readErrors",
  method: "GET",
  path: "/errors",
  group: "Errors",
  summary: "What stands in the way of being in step, grouped by what it has in common",
  permission: "queue:read",
  answer: currentErrorsAnswer,
  carryOut: ({ db }) => readCurrentErrors(db),
});

export const listErrorHistory = operation({
  id: "listErrorHistory",
  method: "GET",
  path: "/errors/history",
  group: "Errors",
  summary: "Errors that stood, newest first, also those that have ended",
  description: "Read on with `before` as the answer's `next`.",
  permission: "queue:read",
  query: episodesQuery,
  answer: episodePageAnswer,
  carryOut: ({ db, query: { before, ...filter } }) => listEpisodes(db, filter, before),
});

const NOTHING = "Nothing has this error any more.";
const retried = z.object({ retried: count });

export const retryErrorGroup = operation({
  id: "retryErrors",
  method: "POST",
  path: "/errors/retries",
  group: "Errors",
  summary: "Try everything of one cause again now",
  description: "`code` and `cause` as `GET /errors` groups them.",
  permission: "queue:act",
  body: retryGroupBody,
  status: 201,
  answer: retried,
  refuses: { 409: NOTHING },
  carryOut: async ({ db, body, by }) => some(await retryGroup(db, { ...body, by: by.name })),
});

export const retryAllErrors = operation({
  id: "retryAllErrors",
  method: "POST",
  path: "/errors/all/retries",
  group: "Errors",
  summary: "Try everything again now, stopped connections as well",
  permission: "queue:act",
  body: reasonBody,
  status: 201,
  answer: retried,
  refuses: { 409: "There are no errors." },
  carryOut: async ({ db, body, by }) => some(await retryEverything(db, { ...body, by: by.name })),
});

function some(number: number): { retried: number } {
  if (number === 0) throw new Refusal(409, NOTHING);
  return { retried: number };
}
