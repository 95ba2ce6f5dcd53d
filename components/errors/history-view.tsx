"use client";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useSearchParams } from "next/navigation";
import { endWords, lastedWords } from "@/components/errors/error-words";
import { episodeSearch, episodesQuery, parseEpisodeFilter } from "@/components/errors/errors-query";
import { ErrorsTabs } from "@/components/errors/errors-tabs";
import { Button } from "@/components/ui/button";
import { Link } from "@/components/ui/link";
import { Mark } from "@/components/ui/mark";
import { ExactMoment } from "@/components/ui/moment";
import { Failure, Nothing } from "@/components/ui/panel";
import { count } from "@/components/ui/words";
import { ADVICE, adviceFor, ERROR_CODES, helpPath } from "@/lib/error-log/advice";
import type { EpisodeFilter, EpisodePage, EpisodeRow } from "@/lib/error-log/error-groups";

/** Every error that stood, from when to when, and how it ended. */
export function ErrorHistoryView({
  initial,
  connections,
}: {
  initial: { search: string; page: EpisodePage };
  connections: { id: number; name: string }[];
}) {
  const filter = parseEpisodeFilter(new URLSearchParams(useSearchParams()));
  const search = episodeSearch(filter);
  const query = useInfiniteQuery({
    ...episodesQuery(filter),
    ...(search === initial.search && {
      initialData: { pages: [initial.page], pageParams: [null] },
    }),
  });
  const go = (next: EpisodeFilter) =>
    window.history.pushState(null, "", `/errors/history${episodeSearch(next)}`);
  const rows = query.data?.pages.flatMap((page) => page.rows) ?? [];
  return (
    <>
      <header className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <h1 className="text-title font-semibold">Errors</h1>
        <ErrorsTabs here="/errors/history" />
      </header>
      <Filters filter={filter} connections={connections} go={go} />
      <div className="-mx-4 border-y border-line bg-surface md:mx-0 md:overflow-clip md:rounded-panel md:border">
        {query.isPending ? (
          <div className="flex flex-col gap-5 p-4">
            <div className="skeleton h-4" />
            <div className="skeleton h-4" />
            <div className="skeleton h-4" />
          </div>
        ) : !query.data ? (
          <Failure title="The history could not be read.">
            <Button className="mt-3" onClick={() => void query.refetch()}>
              Read again
            </Button>
          </Failure>
        ) : rows.length === 0 ? (
          <Nothing title={search ? "No error matches this filter." : "No error has stood yet."}>
            Each error is kept here, also after it has ended.
          </Nothing>
        ) : (
          <ol className="divide-y divide-line">
            {rows.map((row) => (
              <Episode key={row.id} row={row} />
            ))}
          </ol>
        )}
      </div>
      {query.hasNextPage && (
        <Button
          className="self-center"
          disabled={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          Show earlier
        </Button>
      )}
    </>
  );
}

const selectClass =
  "h-9 max-w-56 rounded-control border border-line bg-surface px-2 text-ink hover:bg-hover";

function Filters({
  filter,
  connections,
  go,
}: {
  filter: EpisodeFilter;
  connections: { id: number; name: string }[];
  go: (next: EpisodeFilter) => void;
}) {
  return (
    <search className="flex flex-wrap items-center gap-2">
      <select
        aria-label="Connection"
        className={selectClass}
        value={filter.connection ?? ""}
        onChange={(event) => go({ ...filter, connection: Number(event.target.value) || undefined })}
      >
        <option value="">All connections</option>
        {connections.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
      <select
        aria-label="Kind of error"
        className={selectClass}
        value={filter.code ?? ""}
        onChange={(event) => go({ ...filter, code: event.target.value || undefined })}
      >
        <option value="">All kinds</option>
        {ERROR_CODES.map((code) => (
          <option key={code} value={code}>
            {ADVICE[code].title}
          </option>
        ))}
      </select>
      {filter.pair && (
        <span className="inline-flex items-center gap-2 text-soft">
          one pair
          <Button size="small" onClick={() => go({ ...filter, pair: undefined })}>
            Show all pairs
          </Button>
        </span>
      )}
    </search>
  );
}

function Episode({ row }: { row: EpisodeRow }) {
  const { title } = adviceFor(row.code);
  const help = helpPath(row.code);
  return (
    <li className="flex flex-col gap-1 px-4 py-3">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4">
        <span className="font-medium">
          <Mark
            name={row.clearedAt ? "done" : "failed"}
            className={`mr-2 inline size-3.5 align-[-2px] ${row.clearedAt ? "text-soft" : "text-error-text"}`}
          />
          {help ? (
            <Link href={help} prefetch={false} className="hover:underline">
              {title}
            </Link>
          ) : (
            title
          )}
        </span>
        <span className={row.clearedAt ? "text-soft" : "text-error-text"}>{endWords(row)}</span>
      </div>
      <p className="flex flex-wrap gap-x-4 text-soft">
        {row.pair ? (
          row.pair.key ? (
            <Link
              href={`/issues/${row.pair.id}`}
              prefetch={false}
              className="font-mono text-link hover:underline"
            >
              {row.pair.key}
            </Link>
          ) : (
            <span>a pair that has ended</span>
          )
        ) : (
          <span>the whole connection</span>
        )}
        <span>{row.connection.name}</span>
        <ExactMoment at={row.openedAt} />
        {row.clearedAt && <span>for {lastedWords(row.openedAt, row.clearedAt)}</span>}
        {row.count > 1 && <span>{count(row.count, "time")}</span>}
      </p>
      <p className="break-words text-soft">{row.message}</p>
    </li>
  );
}
