import { queryOptions } from "@tanstack/react-query";
import { fetchJson } from "@/components/live/fetch-json";
import type { WebhooksPage } from "@/lib/connections/webhook-page";

/** Somebody watches for the first event, or for a wish to be carried out. */
const WATCHED_MS = 2_000;
const QUIET_MS = 15_000;

export function webhooksQuery(id: number) {
  return queryOptions({
    queryKey: ["webhooks", id],
    queryFn: ({ signal }) => fetchJson<WebhooksPage>(`/api/connections/${id}/webhooks`, signal),
    refetchInterval: ({ state }) =>
      state.data?.sides.every(({ wish, heardAt }) => !wish && heardAt) ? QUIET_MS : WATCHED_MS,
  });
}
