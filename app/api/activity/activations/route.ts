import { z } from "zod";
import { listActivations } from "@/lib/activity/activity-store";
import { json, malformed } from "@/lib/api/problem";
import { forViewer } from "@/lib/api/viewer-route";
import { viewerFor } from "@/lib/data/viewer";
import { database } from "@/lib/db/database";

const query = z.object({
  before: z.coerce.number().int().positive().max(2_147_483_647).optional(),
});

export const GET = forViewer(viewerFor, "gate:read", async (request) => {
  const parsed = query.safeParse(Object.fromEntries(new URL(request.url).searchParams));
  if (!parsed.success) return malformed(parsed.error);
  return json(await listActivations(database(), parsed.data.before));
});
