import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { type IssuesAddress, issuesSearch } from "@/components/issues/issues-address";
import { AnswerError, fetchJson } from "@/components/live/fetch-json";
import { FOLLOWS_NOT } from "@/components/live/live-provider";
import type { History, HistoryLines, HistoryPage } from "@/lib/pairs/history";
import type { PairDetail, PairPage, SidesNow } from "@/lib/pairs/pair";

/** One page of pairs. The page before stays in view until this one has come. */
export function issuesQuery(address: IssuesAddress) {
  const search = issuesSearch(address);
  return queryOptions({
    queryKey: ["pairs", search],
    queryFn: ({ signal }) => fetchJson<PairPage>(`/api/pairs${search}`, signal),
    placeholderData: keepPreviousData,
  });
}

/** One pair, or null once it has ended. */
export function pairQuery(id: number) {
  return queryOptions({
    queryKey: ["pair", id],
    queryFn: async ({ signal }): Promise<PairDetail | null> => {
      try {
        return await fetchJson<PairDetail>(`/api/pairs/${id}`, signal);
      } catch (error) {
        if (error instanceof AnswerError && error.status === 404) return null;
        throw error;
      }
    },
  });
}

/**
 * Both issues as they are. Asks the instances, so it is asked once, again when the pair has come in step,
 * and at a person's word.
 */
export function sidesQuery(id: number, inStepAt: string | null) {
  return queryOptions({
    queryKey: ["sides", id, inStepAt],
    placeholderData: keepPreviousData,
    meta: FOLLOWS_NOT,
    queryFn: ({ signal }) => fetchJson<SidesNow>(`/api/pairs/${id}/now`, signal),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
}

/** One kind of a pair's history, page by page, newest first. */
export function historyQuery<Kind extends History>(id: number, kind: Kind) {
  return infiniteQueryOptions({
    queryKey: ["history", id, kind],
    queryFn: ({ signal, pageParam }) =>
      fetchJson<HistoryPage<HistoryLines[Kind]>>(
        `/api/pairs/${id}/history?kind=${kind}${pageParam ? `&before=${encodeURIComponent(pageParam)}` : ""}`,
        signal,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
  });
}
