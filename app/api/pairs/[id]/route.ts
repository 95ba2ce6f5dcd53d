import { json, problem } from "@/lib/api/problem";
import { pathId } from "@/lib/api/schemas";
import { forViewer } from "@/lib/api/viewer-route";
import { viewerFor } from "@/lib/data/viewer";
import { database } from "@/lib/db/database";
import { readPairDetail } from "@/lib/pairs/browse-store";

export const GET = forViewer(viewerFor, "queue:read", async (_request, { id }) => {
  const number = pathId(id);
  const pair = number === null ? null : await readPairDetail(database(), number);
  return pair ? json(pair) : problem(404, "There is no such pair any more.");
});
