import { z } from "zod";
import { id } from "@/lib/api/answers/common";
import { pairAnswer } from "@/lib/api/answers/connections";
import { operation } from "@/lib/api/operation";
import { pairBody, pairsQuery } from "@/lib/api/schemas";
import { linkPair } from "@/lib/connections/connection-store";
import { sharedNetwork } from "@/lib/connections/network";

const MOST_PAIRS = 100;

export const findPairs = operation({
  id: "findPairs",
  method: "GET",
  path: "/pairs",
  group: "Issues",
  summary: "The pairs of an issue, by the key on either side",
  permission: "queue:read",
  query: pairsQuery,
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
