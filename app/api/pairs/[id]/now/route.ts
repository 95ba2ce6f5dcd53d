import { json, problem } from "@/lib/api/problem";
import { pathId } from "@/lib/api/schemas";
import { forViewer } from "@/lib/api/viewer-route";
import { sharedNetwork } from "@/lib/connections/network";
import { viewerFor } from "@/lib/data/viewer";
import { database } from "@/lib/db/database";
import { readSidesNow } from "@/lib/pairs/side-store";

/** Both issues as their instances show them at this moment: two reads there. */
export const GET = forViewer(viewerFor, "queue:read", async (_request, { id }) => {
  const number = pathId(id);
  const sides = number === null ? null : await readSidesNow(database(), number, sharedNetwork());
  return sides ? json(sides) : problem(404, "There is no such pair any more.");
});
