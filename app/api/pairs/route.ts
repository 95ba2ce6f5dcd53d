import { z } from "zod";
import { json, malformed } from "@/lib/api/problem";
import { forViewer } from "@/lib/api/viewer-route";
import { viewerFor } from "@/lib/data/viewer";
import { database } from "@/lib/db/database";
import { listPairs } from "@/lib/pairs/browse-store";
import { STANDINGS } from "@/lib/pairs/pair";

const query = z.strictObject({
  connection: z.coerce.number().int().positive().max(2_147_483_647).optional(),
  standing: z.enum(STANDINGS).optional(),
  q: z.string().trim().max(200).optional(),
  cursor: z.string().max(500).optional(),
});

export const GET = forViewer(viewerFor, "queue:read", async (request) => {
  const parsed = query.safeParse(Object.fromEntries(new URL(request.url).searchParams));
  if (!parsed.success) return malformed(parsed.error);
  const { cursor, ...filter } = parsed.data;
  return json(await listPairs(database(), filter, cursor));
});
