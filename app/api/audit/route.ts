import { z } from "zod";
import { json, malformed } from "@/lib/api/problem";
import { forViewer } from "@/lib/api/viewer-route";
import { listAuditLines } from "@/lib/audit/browse-store";
import { auditFilterSchema, auditPlaceSchema } from "@/lib/audit/filter-schema";
import { viewerFor } from "@/lib/data/viewer";
import { database } from "@/lib/db/database";

const query = z.object({ ...auditFilterSchema.shape, ...auditPlaceSchema.shape });

export const GET = forViewer(viewerFor, "audit:read", async (request) => {
  const parsed = query.safeParse(Object.fromEntries(new URL(request.url).searchParams));
  if (!parsed.success) return malformed(parsed.error);
  const { before, after, ...filter } = parsed.data;
  return json(await listAuditLines(database(), filter, { before, after }));
});
