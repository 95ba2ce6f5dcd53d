import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { type ActivityAddress, activitySearch } from "@/components/activity/activity-address";
import { fetchJson } from "@/components/live/fetch-json";
import { FOLLOWS_NOT } from "@/components/live/live-provider";
import type { ActivationPage, ActivityCharts } from "@/lib/activity/activity";

/** Minutes are added up once a minute. */
const CHARTS_EVERY_MS = 30_000;

export function chartsQuery({ span, connection }: ActivityAddress) {
  const search = activitySearch({ span, connection, before: undefined });
  return queryOptions({
    queryKey: ["activity-charts", search],
    queryFn: ({ signal }) => fetchJson<ActivityCharts>(`/api/activity/charts${search}`, signal),
    placeholderData: keepPreviousData,
    refetchInterval: CHARTS_EVERY_MS,
    meta: FOLLOWS_NOT,
  });
}

export function activationsQuery({ before }: ActivityAddress) {
  const search = before ? `?before=${before}` : "";
  return queryOptions({
    queryKey: ["activations", before ?? null],
    queryFn: ({ signal }) =>
      fetchJson<ActivationPage>(`/api/activity/activations${search}`, signal),
    placeholderData: keepPreviousData,
  });
}
