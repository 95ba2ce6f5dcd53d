import { z } from "zod";
import { malformed, problem } from "@/lib/api/problem";
import { forViewer } from "@/lib/api/viewer-route";
import { EXPORT_FORMATS } from "@/lib/audit/export";
import { exportAudit } from "@/lib/audit/export-store";
import { auditFilterSchema } from "@/lib/audit/filter-schema";
import { viewerFor } from "@/lib/data/viewer";
import { database } from "@/lib/db/database";

const query = z.object({ ...auditFilterSchema.shape, format: z.enum(EXPORT_FORMATS) });

/** A file to keep, record after record. That it was taken is recorded, so only the console's own pages may ask. */
export const GET = forViewer(viewerFor, "audit:read", async (request, _params, viewer) => {
  const from = request.headers.get("sec-fetch-site");
  if (from !== null && from !== "same-origin" && from !== "none")
    return problem(403, "An export is asked for on the Audit page.");
  const parsed = query.safeParse(Object.fromEntries(new URL(request.url).searchParams));
  if (!parsed.success) return malformed(parsed.error);
  const { format, ...filter } = parsed.data;
  return exportAudit(database(), { format, filter, by: viewer.email });
});
