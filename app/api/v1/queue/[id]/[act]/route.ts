import { json, problem } from "@/lib/api/problem";
import { pathId, reasonBody } from "@/lib/api/schemas";
import { withToken } from "@/lib/api/token-route";
import { database } from "@/lib/db/database";
import { discard, hold, release, retry } from "@/lib/sync-queue/queue-store";

const ACTS = new Map([
  ["holds", hold],
  ["releases", release],
  ["retries", retry],
  ["discards", discard],
]);

/** What a person may do to one entry. 409 when its state does not allow it now. */
export const POST = withToken({
  permission: "queue:act",
  body: reasonBody,
  async answer({ params, body, by }) {
    const act = ACTS.get(params.act ?? "");
    const id = pathId(params.id);
    if (!act || id === null)
      return problem(404, "There are holds, releases, retries and discards of entries.");
    const db = database();
    if ((await act(db, [id], { ...body, by: by.name })) === 1) return json({ id }, 201);
    const entry = await db.queueEntry.findUnique({ where: { id } });
    return entry
      ? problem(409, `The entry is ${entry.state}, which does not allow this.`)
      : problem(404, "No such entry: it is done, was discarded, or never was.");
  },
});
