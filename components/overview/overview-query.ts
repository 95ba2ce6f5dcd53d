import { queryOptions } from "@tanstack/react-query";
import { fetchJson } from "@/components/live/fetch-json";
import type { Overview } from "@/lib/gate/overview";

export function overviewQuery() {
  return queryOptions({
    queryKey: ["overview"],
    queryFn: ({ signal }) => fetchJson<Overview>("/api/overview", signal),
  });
}
