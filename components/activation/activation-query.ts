import { queryOptions } from "@tanstack/react-query";
import { fetchJson } from "@/components/live/fetch-json";
import type { ActivationView } from "@/lib/identity/activation";

export function activationQuery() {
  return queryOptions({
    queryKey: ["activation"],
    queryFn: ({ signal }) => fetchJson<ActivationView>("/api/activation", signal),
  });
}
