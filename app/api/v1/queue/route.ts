import { json } from "@/lib/api/problem";
import { queueQuery } from "@/lib/api/schemas";
import { withToken } from "@/lib/api/token-route";
import { database } from "@/lib/db/database";
import { listQueue } from "@/lib/sync-queue/browse-store";

export const GET = withToken({
  permission: "queue:read",
  query: queueQuery,
  answer: async ({ query: { cursor, limit, ...filter } }) =>
    json(await listQueue(database(), filter, cursor, limit)),
});
