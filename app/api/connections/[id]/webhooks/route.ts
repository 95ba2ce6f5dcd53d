import { json, problem } from "@/lib/api/problem";
import { pathId } from "@/lib/api/schemas";
import { forViewer } from "@/lib/api/viewer-route";
import { readWebhooks } from "@/lib/connections/webhook-store";
import { viewerFor } from "@/lib/data/viewer";
import { database } from "@/lib/db/database";
import { env } from "@/lib/env";

/** The webhooks of a connection at both instances, as last seen, and the last event from each. */
export const GET = forViewer(viewerFor, "connections:read", async (_request, { id }) => {
  const number = pathId(id);
  const page = number === null ? null : await readWebhooks(database(), number, env().CONSOLE_URL);
  return page ? json(page) : problem(404, "There is no such connection any more.");
});
