import { json } from "@/lib/api/problem";
import { connectionBody } from "@/lib/api/schemas";
import { withToken } from "@/lib/api/token-route";
import { createConnection } from "@/lib/connections/connection-store";
import { database } from "@/lib/db/database";

export const GET = withToken({
  permission: "connections:read",
  answer: async () =>
    json({
      // Never the webhook secret.
      connections: await database().connection.findMany({
        omit: { webhookSecret: true },
        orderBy: { id: "asc" },
      }),
    }),
});

/** The answer holds the webhook secret, once. */
export const POST = withToken({
  permission: "connections:write",
  body: connectionBody,
  answer: async ({ body, by }) => json(await createConnection(database(), body, by.name), 201),
});
