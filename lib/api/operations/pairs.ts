import { z } from "zod";
import type { Permission } from "@/lib/access/permissions";
import { done, id } from "@/lib/api/answers/common";
import { pairAnswer } from "@/lib/api/answers/connections";
import {
  historyAnswers,
  next,
  pairDetailAnswer,
  pairPageAnswer,
  sidesNowAnswer,
} from "@/lib/api/answers/pairs";
import { lookedUpAnswer } from "@/lib/api/answers/set-up";
import { operation } from "@/lib/api/operation";
import { Refusal } from "@/lib/api/refusal";
import {
  choicesBody,
  idParams,
  lookUpQuery,
  nothing,
  pairBody,
  pairKeyQuery,
  pairsQuery,
  placeQuery,
  reasonBody,
} from "@/lib/api/schemas";
import { linkPair } from "@/lib/connections/connection-store";
import { lookUpIssue } from "@/lib/connections/look-up-store";
import { sharedNetwork } from "@/lib/connections/network";
import { askForSync, startPair, stopPair } from "@/lib/pairs/act-store";
import { listPairs, readPairDetail } from "@/lib/pairs/browse-store";
import { decideConflicts, undoDecision } from "@/lib/pairs/choice-store";
import type { History } from "@/lib/pairs/history";
import { readHistory } from "@/lib/pairs/history-store";
import type { PairDetail } from "@/lib/pairs/pair";
import { readSidesNow } from "@/lib/pairs/side-store";
import { choiceDigest } from "@/lib/sync/choice";

const UNKNOWN = "There is no such pair.";

export const listAllPairs = operation({
  id: "listPairs",
  method: "GET",
  path: "/pairs",
  group: "Issues",
  summary: "The pairs under sync, newest first, page by page",
  description:
    "`q` is the beginning of a key, or of words of the summary. Read on with `cursor` as the answer's `nextCursor`, under the same filter.",
  permission: "queue:read",
  query: pairsQuery,
  answer: pairPageAnswer,
  carryOut: ({ db, query: { cursor, limit, ...filter } }) => listPairs(db, filter, cursor, limit),
});

const MOST_PAIRS = 100;

export const findPairs = operation({
  id: "findPairs",
  method: "GET",
  path: "/pairs/lookup",
  group: "Issues",
  summary: "The pairs of one issue, by its whole key on either side",
  permission: "queue:read",
  query: pairKeyQuery,
  answer: z.object({ pairs: z.array(pairAnswer) }),
  async carryOut({ db, query: { key } }) {
    const pairs = await db.pair.findMany({
      where: { OR: [{ localKey: key }, { remoteKey: key }] },
      orderBy: { id: "asc" },
      take: MOST_PAIRS,
    });
    return {
      pairs: pairs.map((pair) => ({
        id: pair.id,
        connectionId: pair.connectionId,
        localKey: pair.localKey,
        remoteKey: pair.remoteKey,
        summary: pair.summary,
        createdAt: pair.createdAt.toISOString(),
        inStepAt: pair.inStepAt?.toISOString() ?? null,
      })),
    };
  },
});

export const lookUpOneIssue = operation({
  id: "lookUpIssue",
  method: "GET",
  path: "/connections/{id}/issues",
  group: "Issues",
  summary: "One issue of a side by its key, and the pair that it is in",
  description: "Reads only: for knowing what is linked before it is.",
  permission: "connections:write",
  params: idParams,
  query: lookUpQuery,
  answer: lookedUpAnswer,
  refuses: {
    404: "There is no such connection.",
    409: "It is held.",
    422: "There is no such issue for our account, or the instance could not be asked.",
  },
  carryOut: ({ db, params, query }) =>
    lookUpIssue(db, sharedNetwork(), { ...query, id: params.id }),
});

export const linkIssues = operation({
  id: "linkPair",
  method: "POST",
  path: "/pairs",
  group: "Issues",
  summary: "Bring two issues that exist already under sync",
  description:
    "Both are read at their instances first. Linking the same two again changes nothing.",
  permission: "connections:write",
  body: pairBody,
  creation: "repeatable",
  answer: z.object({ pairId: id }),
  refuses: {
    409: "One of them is under sync with another issue.",
    422: "There is no such connection or issue, or an instance could not be asked: `code` says what it did.",
  },
  carryOut: ({ db, body, by }) => linkPair(db, body, by.name, sharedNetwork()),
});

export const readPair = operation({
  id: "readPair",
  method: "GET",
  path: "/pairs/{id}",
  group: "Issues",
  summary: "One pair: both sides as they were last in step, how it stands, and why",
  permission: "queue:read",
  params: idParams,
  answer: pairDetailAnswer,
  refuses: { 404: UNKNOWN },
  async carryOut({ db, params }) {
    const pair = await readPairDetail(db, params.id);
    if (!pair) throw new Refusal(404, UNKNOWN);
    return { ...pair, conflicts: openConflicts(pair) };
  },
});

/** What waits for a choice, with the digest that a choice names. */
function openConflicts({ entry }: PairDetail) {
  return (entry?.plan?.conflicts ?? [])
    .filter(({ resolution }) => resolution === "hold")
    .map((conflict) => ({
      field: conflict.field,
      local: conflict.local,
      remote: conflict.remote,
      digest: choiceDigest(conflict),
    }));
}

export const readPairNow = operation({
  id: "readPairNow",
  method: "GET",
  path: "/pairs/{id}/now",
  group: "Issues",
  summary: "Both issues as their instances show them at this moment",
  description:
    "Two reads; nothing is kept. A side that is held, or asked for a pause, is not asked.",
  permission: "queue:read",
  params: idParams,
  answer: sidesNowAnswer,
  refuses: { 404: UNKNOWN },
  async carryOut({ db, params }) {
    const sides = await readSidesNow(db, params.id, sharedNetwork());
    if (!sides) throw new Refusal(404, UNKNOWN);
    return sides;
  },
});

export const readPairPermits = history("permits", "Every write that was ever made to a pair");
export const readPairChanges = history("changes", "What was detected on either side of a pair");
export const readPairRuns = history("runs", "What came of each look at a pair");
export const readPairErrors = history("errors", "The errors of a pair, also those that have ended");

/** One page of one kind of a pair's past, newest first. */
function history(kind: History, summary: string) {
  return operation({
    id: `readPair${kind.charAt(0).toUpperCase()}${kind.slice(1)}`,
    method: "GET",
    path: `/pairs/{id}/${kind}`,
    group: "Issues",
    summary,
    description: "Newest first. Read on with `before` as the answer's `next`.",
    permission: "queue:read",
    params: idParams,
    query: placeQuery,
    answer: z.object({ lines: z.array(historyAnswers[kind]), next }),
    refuses: { 404: UNKNOWN },
    async carryOut({ db, params, query: { before } }) {
      const isThere = await db.pair.findUnique({ where: { id: params.id }, select: { id: true } });
      if (!isThere) throw new Refusal(404, UNKNOWN);
      return readHistory(db, params.id, kind, before ?? null);
    },
  });
}

export const askPair = actOnPair("askForSync", "requests", askForSync, {
  permission: "queue:act",
  summary: "Look at a pair now, and send what differs as usual",
  refused: "Its sync is stopped.",
});
export const stopOnePair = actOnPair("stopPair", "stops", stopPair, {
  permission: "connections:write",
  summary: "End the sync of a pair: both issues stay as they are",
  refused: "It is stopped already, or being sent at this moment.",
});
export const startOnePair = actOnPair("startPair", "starts", startPair, {
  permission: "connections:write",
  summary: "Start the sync of a stopped pair again, where it left off",
  refused: "It is not stopped.",
});

function actOnPair(
  operationId: string,
  resource: string,
  act: typeof stopPair,
  { permission, summary, refused }: { permission: Permission; summary: string; refused: string },
) {
  return operation({
    id: operationId,
    method: "POST",
    path: `/pairs/{id}/${resource}`,
    group: "Issues",
    summary,
    permission,
    params: idParams,
    body: reasonBody,
    status: 201,
    answer: done,
    refuses: { 404: UNKNOWN, 409: refused },
    async carryOut({ db, params, body, by }) {
      await act(db, { id: params.id, ...body, by: by.name });
      return { id: params.id };
    },
  });
}

export const chooseInConflict = operation({
  id: "decideConflicts",
  method: "POST",
  path: "/pairs/{id}/choices",
  group: "Issues",
  summary: "Choose whose value stands in conflicts of a pair",
  description:
    "A choice holds for the two values that were shown, by their digest: if either changes before it is sent, it is asked again.",
  permission: "queue:act",
  params: idParams,
  body: choicesBody,
  status: 201,
  answer: z.object({ left: z.int().min(0).describe("How many are left to choose.") }),
  refuses: { 409: "A value is not what was shown any more, nothing waits, or it is being sent." },
  carryOut: ({ db, params, body, by }) =>
    decideConflicts(db, { pairId: params.id, ...body, by: by.name }),
});

export const takeChoicesBack = operation({
  id: "undoDecision",
  method: "POST",
  path: "/pairs/{id}/choices/undoings",
  group: "Issues",
  summary: "Take choices back that have not been sent",
  permission: "queue:act",
  params: idParams,
  body: nothing,
  status: 201,
  answer: done,
  refuses: { 409: "Nothing is chosen, or it is being sent." },
  async carryOut({ db, params, by }) {
    await undoDecision(db, { pairId: params.id, by: by.name });
    return { id: params.id };
  },
});
