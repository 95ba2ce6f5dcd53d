import { json } from "@/lib/api/problem";
import { withToken } from "@/lib/api/token-route";
import { createInstance } from "@/lib/connections/connection-store";
import { instanceInput } from "@/lib/connections/schema";
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
  body: instanceInput,
  answer: async ({ body, by }) => json(await createInstance(database(), body, by.name), 201),
});
