import { z } from "zod";
import { count, done } from "@/lib/api/answers/common";
import { entryAnswer, queuePageAnswer } from "@/lib/api/answers/queue";
import { operation } from "@/lib/api/operation";
import { Refusal } from "@/lib/api/refusal";
import { bulkBody, idParams, nothing, queueQuery, reasonBody, undoParams } from "@/lib/api/schemas";
import { listQueue, readEntry } from "@/lib/sync-queue/browse-store";
import { actOnFilter, undoAct } from "@/lib/sync-queue/bulk-store";
import { discard, hold, release, retry } from "@/lib/sync-queue/queue-store";

const GONE = "No such entry: it is done, was discarded, or never was.";

export const listEntries = operation({
  id: "listQueue",
  method: "GET",
  path: "/queue",
  group: "Sync Queue",
  summary: "What waits to be sent, page by page",
  description:
    "Read on with `cursor` as the answer's `nextCursor`, under the same filter and sort. `q` finds part of a key or of the summary.",
  permission: "queue:read",
  query: queueQuery,
  answer: queuePageAnswer,
  carryOut: ({ db, query: { cursor, limit, ...filter } }) => listQueue(db, filter, cursor, limit),
});

export const readOneEntry = operation({
  id: "readEntry",
  method: "GET",
  path: "/queue/{id}",
  group: "Sync Queue",
  summary: "One entry: what changed, what would be sent, what was written before",
  permission: "queue:read",
  params: idParams,
  answer: entryAnswer,
  refuses: { 404: GONE },
  async carryOut({ db, params }) {
    const entry = await readEntry(db, params.id);
    if (!entry) throw new Refusal(404, GONE);
    return entry;
  },
});

export const holdEntry = actOnEntry("hold", {
  summary: "Keep an entry back until somebody releases it",
  verb: hold,
});
export const releaseEntry = actOnEntry("release", {
  summary: "Let a held entry go",
  verb: release,
});
export const retryEntry = actOnEntry("retry", {
  summary: "Try a failed entry again now",
  verb: retry,
});
export const discardEntry = actOnEntry("discard", {
  summary: "Take an entry off the queue without sending it",
  verb: discard,
});

/** What a person may do to one entry. */
function actOnEntry(
  act: "hold" | "release" | "retry" | "discard",
  { summary, verb }: { summary: string; verb: typeof hold },
) {
  const resource = { hold: "holds", release: "releases", retry: "retries", discard: "discards" };
  return operation({
    id: `${act}Entry`,
    method: "POST",
    path: `/queue/{id}/${resource[act]}`,
    group: "Sync Queue",
    summary,
    permission: "queue:act",
    params: idParams,
    body: reasonBody,
    status: 201,
    answer: done,
    refuses: { 404: GONE, 409: "The entry's state does not allow this now." },
    async carryOut({ db, params, body, by }) {
      const { id } = params;
      if ((await verb(db, [id], { ...body, by: by.name })) === 1) return { id };
      const entry = await db.queueEntry.findUnique({ where: { id } });
      throw entry
        ? new Refusal(409, `The entry is ${entry.state}, which does not allow this.`)
        : new Refusal(404, GONE);
    },
  });
}

export const actOnEntries = operation({
  id: "actOnEntries",
  method: "POST",
  path: "/queue/acts",
  group: "Sync Queue",
  summary: "Release or discard everything that a filter finds",
  description:
    "`count` is how many were found before: when about as many are not found now, nothing is done. It can be undone for ten minutes.",
  permission: "queue:act",
  body: bulkBody,
  creation: "in_transaction",
  answer: z.object({ id: z.uuid().describe("What undoes it."), changed: count }),
  refuses: { 409: "More or fewer are found now, or none." },
  async carryOut({ db, body, by }) {
    const { changed, undoId } = await actOnFilter(db, { ...body, by: by.name });
    if (changed === 0) throw new Refusal(409, "Nothing matches any more.");
    return { id: undoId, changed };
  },
});

export const undoActOnEntries = operation({
  id: "undoAct",
  method: "POST",
  path: "/queue/acts/{id}/undoings",
  group: "Sync Queue",
  summary: "Undo an act on many entries, within ten minutes",
  permission: "queue:act",
  params: undoParams,
  body: nothing,
  status: 201,
  answer: z.object({ changed: count.describe("How many entries came back.") }),
  refuses: { 404: "There is nothing to undo any more." },
  carryOut: async ({ db, params, by }) => ({
    changed: await undoAct(db, { undoId: params.id, by: by.name }),
  }),
});
