import { json, problem } from "@/lib/api/problem";
import { pathId } from "@/lib/api/schemas";
import { withToken } from "@/lib/api/token-route";
import { database } from "@/lib/db/database";
import { readEntry } from "@/lib/sync-queue/browse-store";

export const GET = withToken({
  permission: "queue:read",
  async answer({ params }) {
    const id = pathId(params.id);
    const entry = id === null ? null : await readEntry(database(), id);
    return entry
      ? json(entry)
      : problem(404, "No such entry: it is done, was discarded, or never was.");
  },
});
