import { json, malformed } from "@/lib/api/problem";
import { queueQuery } from "@/lib/api/schemas";
import { forViewer } from "@/lib/api/viewer-route";
import { viewerFor } from "@/lib/data/viewer";
import { database } from "@/lib/db/database";
import { listQueue } from "@/lib/sync-queue/browse-store";

export const GET = forViewer(viewerFor, "queue:read", async (request) => {
  const parsed = queueQuery.safeParse(Object.fromEntries(new URL(request.url).searchParams));
  if (!parsed.success) return malformed(parsed.error);
  const { cursor, limit, ...filter } = parsed.data;
  return json(await listQueue(database(), filter, cursor, limit));
});
