import { queryOptions } from "@tanstack/react-query";
import { AnswerError, fetchJson } from "@/components/live/fetch-json";
import type { EntryDetail } from "@/lib/sync-queue/detail";

/** One entry, or null once it has left the queue. */
export function entryQuery(id: number) {
  return queryOptions({
    queryKey: ["entry", id],
    queryFn: async ({ signal }): Promise<EntryDetail | null> => {
      try {
        return await fetchJson<EntryDetail>(`/api/queue/${id}`, signal);
      } catch (error) {
        if (error instanceof AnswerError && error.status === 404) return null;
        throw error;
      }
    },
  });
}
