import { z } from "zod";
import { json, malformed } from "@/lib/api/problem";
import { forViewer } from "@/lib/api/viewer-route";
import { viewerFor } from "@/lib/data/viewer";
import { database } from "@/lib/db/database";
import { listEpisodes } from "@/lib/error-log/browse-store";

const rowId = z.coerce.number().int().positive().max(2_147_483_647);
const query = z.strictObject({
  connection: rowId.optional(),
  code: z.string().max(60).optional(),
  pair: rowId.optional(),
  before: rowId.optional(),
});

export const GET = forViewer(viewerFor, "queue:read", async (request) => {
  const parsed = query.safeParse(Object.fromEntries(new URL(request.url).searchParams));
  if (!parsed.success) return malformed(parsed.error);
  const { before, ...filter } = parsed.data;
  return json(await listEpisodes(database(), filter, before));
});
