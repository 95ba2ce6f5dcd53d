import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { fetchJson } from "@/components/live/fetch-json";
import type { CurrentErrors, EpisodeFilter, EpisodePage } from "@/lib/error-log/error-groups";

/** A connection can stop or go on without any entry changing: asked besides the stream. */
const ASK_MS = 10_000;

/** Everything that stands in the way now. */
export function errorsQuery() {
  return queryOptions({
    queryKey: ["errors"],
    queryFn: ({ signal }) => fetchJson<CurrentErrors>("/api/errors", signal),
    refetchInterval: ASK_MS,
  });
}

/** Reads an address; what it does not understand is as if it were not there. */
export function parseEpisodeFilter(params: URLSearchParams): EpisodeFilter {
  const id = (name: string) => {
    const value = Number(params.get(name));
    return Number.isInteger(value) && value > 0 ? value : undefined;
  };
  return {
    connection: id("connection"),
    pair: id("pair"),
    code: params.get("code")?.slice(0, 60) || undefined,
  };
}

/** The shortest address that means the same; "" when everything is shown. */
export function episodeSearch({ connection, code, pair }: EpisodeFilter): string {
  const params = new URLSearchParams();
  if (connection) params.set("connection", String(connection));
  if (code) params.set("code", code);
  if (pair) params.set("pair", String(pair));
  const search = params.toString();
  return search ? `?${search}` : "";
}

/** Errors that stood, page by page, newest first. */
export function episodesQuery(filter: EpisodeFilter) {
  const search = episodeSearch(filter);
  return infiniteQueryOptions({
    queryKey: ["episodes", search],
    queryFn: ({ signal, pageParam }) =>
      fetchJson<EpisodePage>(
        `/api/errors/history${pageParam ? `${search || "?"}${search ? "&" : ""}before=${pageParam}` : search}`,
        signal,
      ),
    initialPageParam: null as number | null,
    getNextPageParam: ({ next }) => next,
  });
}
