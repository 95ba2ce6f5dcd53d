import { json } from "@/lib/api/problem";
import { forViewer } from "@/lib/api/viewer-route";
import { viewerFor } from "@/lib/data/viewer";
import { database } from "@/lib/db/database";
import { env } from "@/lib/env";
import { readActivation } from "@/lib/identity/activation-store";

export const GET = forViewer(viewerFor, "gate:read", async () =>
  json(await readActivation(database(), env().CLAIM_PERIOD_MS)),
);
