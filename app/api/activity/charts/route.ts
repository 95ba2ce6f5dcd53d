import { z } from "zod";
import { SPAN_NAMES } from "@/lib/activity/activity";
import { readCharts } from "@/lib/activity/activity-store";
import { json, malformed } from "@/lib/api/problem";
import { forViewer } from "@/lib/api/viewer-route";
import { viewerFor } from "@/lib/data/viewer";
import { database } from "@/lib/db/database";

const query = z.object({
  span: z.enum(SPAN_NAMES).default("24h"),
  connection: z.coerce.number().int().positive().max(2_147_483_647).optional(),
});

export const GET = forViewer(viewerFor, "gate:read", async (request) => {
  const parsed = query.safeParse(Object.fromEntries(new URL(request.url).searchParams));
  if (!parsed.success) return malformed(parsed.error);
  return json(await readCharts(database(), parsed.data.span, parsed.data.connection));
});
