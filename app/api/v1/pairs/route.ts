import { json } from "@/lib/api/problem";
import { pairBody, pairsQuery } from "@/lib/api/schemas";
import { withToken } from "@/lib/api/token-route";
import { linkPair } from "@/lib/connections/connection-store";
import { sharedNetwork } from "@/lib/connections/network";
import { database } from "@/lib/db/database";

export const GET = withToken({
  permission: "queue:read",
  query: pairsQuery,
  answer: async ({ query: { key } }) =>
    json({
      pairs: await database().pair.findMany({
        where: { OR: [{ localKey: key }, { remoteKey: key }] },
        select: {
          id: true,
          connectionId: true,
          localKey: true,
          remoteKey: true,
          summary: true,
          createdAt: true,
          inStepAt: true,
        },
        orderBy: { id: "asc" },
        take: 100,
      }),
    }),
});

/** Brings two existing issues under sync. */
export const POST = withToken({
  permission: "connections:write",
  body: pairBody,
  answer: async ({ body, by }) =>
    json(await linkPair(database(), body, by.name, sharedNetwork()), 201),
});
