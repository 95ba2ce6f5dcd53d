import { json, problem } from "@/lib/api/problem";
import { pathId } from "@/lib/api/schemas";
import { forViewer } from "@/lib/api/viewer-route";
import { viewerFor } from "@/lib/data/viewer";
import { database } from "@/lib/db/database";
import { readEntry } from "@/lib/sync-queue/browse-store";

export const GET = forViewer(viewerFor, "queue:read", async (_request, { id }) => {
  const number = pathId(id);
  const entry = number === null ? null : await readEntry(database(), number);
  return entry ? json(entry) : problem(404, "This entry is not in the queue any more.");
});
