import { json } from "@/lib/api/problem";
import { forViewer } from "@/lib/api/viewer-route";
import { viewerFor } from "@/lib/data/viewer";
import { database } from "@/lib/db/database";
import { readCurrentErrors } from "@/lib/error-log/browse-store";

export const GET = forViewer(viewerFor, "queue:read", async () =>
  json(await readCurrentErrors(database())),
);
