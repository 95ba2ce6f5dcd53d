import { json } from "@/lib/api/problem";
import { forViewer } from "@/lib/api/viewer-route";
import { viewerFor } from "@/lib/data/viewer";
import { database } from "@/lib/db/database";
import { readFirstSteps } from "@/lib/gate/first-steps-store";

export const GET = forViewer(viewerFor, "gate:read", async () =>
  json(await readFirstSteps(database())),
);
