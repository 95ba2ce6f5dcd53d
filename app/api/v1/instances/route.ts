import { json } from "@/lib/api/problem";
import { instanceBody } from "@/lib/api/schemas";
import { withToken } from "@/lib/api/token-route";
import { createInstance } from "@/lib/connections/connection-store";
import { database } from "@/lib/db/database";

export const GET = withToken({
  permission: "connections:read",
  answer: async () =>
    json({
      instances: await database().instance.findMany({
        // Never the secret.
        select: {
          id: true,
          kind: true,
          name: true,
          baseUrl: true,
          createdAt: true,
          pausedUntil: true,
        },
        orderBy: { id: "asc" },
      }),
    }),
});

export const POST = withToken({
  permission: "connections:write",
  body: instanceBody,
  answer: async ({ body, by }) => json(await createInstance(database(), body, by.name), 201),
});
