import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { fetchJson } from "@/components/live/fetch-json";
import { type QueueAddress, queueSearch } from "@/components/sync-queue/queue-address";
import type { QueuePage } from "@/lib/sync-queue/row";

/** One page of the queue. The page before stays in view until this one has come. */
export function queueQuery(address: QueueAddress) {
  const search = queueSearch(address);
  return queryOptions({
    queryKey: ["queue", search],
    queryFn: ({ signal }) => fetchJson<QueuePage>(`/api/queue${search}`, signal),
    placeholderData: keepPreviousData,
  });
}
