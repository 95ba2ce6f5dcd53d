import { json } from "@/lib/api/problem";
import { forViewer } from "@/lib/api/viewer-route";
import { verifyNow } from "@/lib/audit/verification-store";
import { viewerFor } from "@/lib/data/viewer";
import { database } from "@/lib/db/database";

export const GET = forViewer(viewerFor, "audit:read", async () =>
  json(await verifyNow(database())),
);
