"use client";
import { useQuery } from "@tanstack/react-query";
import { useSearchParams } from "next/navigation";
import type { MouseEvent } from "react";
import { Help } from "@/components/help/term";
import { IssueRow } from "@/components/issues/issue-row";
import {
  type IssuesAddress,
  isNarrowed,
  issuesSearch,
  parseIssuesAddress,
} from "@/components/issues/issues-address";
import { issuesQuery } from "@/components/issues/issues-query";
import { IssuesSkeleton, IssuesTable } from "@/components/issues/issues-table";
import type { LinkActions, LinkConnection } from "@/components/issues/link-dialog";
import { STANDING_WORDS, standingMark } from "@/components/issues/standing-mark";
import { AnswerError } from "@/components/live/fetch-json";
import { useQueueKeys } from "@/components/sync-queue/use-queue-keys";
import { Button, buttonClass } from "@/components/ui/button";
import { laterDialog } from "@/components/ui/later";
import { Link } from "@/components/ui/link";
import { Mark } from "@/components/ui/mark";
import { Failure, Nothing } from "@/components/ui/panel";
import { SearchField } from "@/components/ui/search-field";
import { cappedCount } from "@/lib/gate/status";
import { type PairFilter, type PairPage, STANDINGS } from "@/lib/pairs/pair";

const LinkDialog = laterDialog(
  async () => (await import("@/components/issues/link-dialog")).LinkDialog,
);

type Go = (next: IssuesAddress) => void;

/** The Issues page: every pair under sync, how it stands, found by key or summary. */
export function IssuesView({
  initial,
  connections,
  linking,
}: {
  initial: { search: string; page: PairPage; readAt: string };
  connections: LinkConnection[];
  /** Null for people who may not link issues. */
  linking: LinkActions | null;
}) {
  const params = useSearchParams();
  const address = parseIssuesAddress(new URLSearchParams(params));
  const search = issuesSearch(address);
  const query = useQuery({
    ...issuesQuery(address),
    ...(search === initial.search && {
      initialData: initial.page,
      initialDataUpdatedAt: Date.parse(initial.readAt),
    }),
  });
  const go: Go = (next) => window.history.pushState(null, "", `/issues${issuesSearch(next)}`);
  const clear = () => go({ filter: {}, cursor: null });
  useQueueKeys({
    select: () => undefined,
    clear: () => undefined,
  });
  const page = query.data;
  return (
    <>
      <header className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
        <div className="flex items-center gap-2">
          <h1 className="text-title font-semibold">Issues</h1>
          <Help word="pair, twin" />
        </div>
        <div className="flex flex-wrap items-center gap-x-3 gap-y-2 text-soft">
          <span role="status">
            {page && `${cappedCount(page.total)} ${page.total === 1 ? "pair" : "pairs"}`}
          </span>
          {isNarrowed(address.filter) && (
            <Button size="small" onClick={clear}>
              Clear filter
            </Button>
          )}
          {linking && connections.length > 0 && (
            <Button
              size="small"
              onClick={() => window.history.pushState(null, "", `/issues?link=`)}
            >
              Link two issues
            </Button>
          )}
        </div>
      </header>
      <Filters address={address} connections={connections} go={go} />
      <div className="relative -mx-4 border-y border-line bg-surface md:mx-0 md:overflow-clip md:rounded-panel md:border">
        {query.isPending ? (
          <IssuesSkeleton />
        ) : !page ? (
          <Failure title="The issues could not be read.">
            <p>{failureWords(query.error)}</p>
            <Button className="mt-3" onClick={() => void query.refetch()}>
              Read again
            </Button>
          </Failure>
        ) : page.rows.length > 0 ? (
          <IssuesTable isRefreshing={query.isPlaceholderData}>
            {page.rows.map((row) => (
              <IssueRow key={row.id} row={row} />
            ))}
          </IssuesTable>
        ) : isNarrowed(address.filter) ? (
          <Nothing title="No pair matches this filter.">
            <p>Keys are found by their beginning, summaries by the beginnings of their words.</p>
            <Button className="mt-3" onClick={clear}>
              Clear filter
            </Button>
          </Nothing>
        ) : connections.length === 0 ? (
          <Nothing title="No issue is under sync yet.">
            <Link href="/connections" className="text-link underline">
              Connect two instances
            </Link>{" "}
            first, and say which of their issues belong together.
          </Nothing>
        ) : (
          <Nothing title="No issue is under sync yet.">
            <p>
              An issue that a connection’s trigger names comes in when it changes. You can also{" "}
              <Link
                href={
                  connections.length === 1
                    ? `/connections/${connections[0]?.id}?bring-in`
                    : "/connections"
                }
                className="text-link underline"
              >
                bring in what exists already
              </Link>
              .
            </p>
          </Nothing>
        )}
      </div>
      {page && <Pager address={address} page={page} go={go} />}
      {linking && params.has("link") && connections.length > 0 && (
        <LinkDialog
          connections={connections}
          proposed={{
            connection: Number(params.get("link")),
            local: params.get("local") ?? "",
            remote: params.get("remote") ?? "",
          }}
          actions={linking}
          onClose={() => go(address)}
        />
      )}
    </>
  );
}

function Filters({
  address,
  connections,
  go,
}: {
  address: IssuesAddress;
  connections: { id: number; name: string }[];
  go: Go;
}) {
  const { filter } = address;
  const to = (change: Partial<PairFilter>) => ({ filter: { ...filter, ...change }, cursor: null });
  return (
    <search className="flex flex-wrap items-center gap-2">
      <SearchField
        label="Search keys and summaries"
        placeholder="Key or summary"
        current={filter.q ?? ""}
        onSearch={(q) => go(to({ q }))}
      />
      <select
        aria-label="Connection"
        className="h-9 max-w-44 rounded-control border border-line bg-surface px-2 text-ink hover:bg-hover"
        value={filter.connection ?? ""}
        onChange={(event) => go(to({ connection: Number(event.target.value) || undefined }))}
      >
        <option value="">All connections</option>
        {connections.map((connection) => (
          <option key={connection.id} value={connection.id}>
            {connection.name}
          </option>
        ))}
      </select>
      <nav aria-label="Standing" className="max-w-full overflow-x-auto">
        <ul className="flex rounded-control border border-line bg-surface p-0.5">
          {[undefined, ...STANDINGS].map((standing) => {
            const isHere = filter.standing === standing;
            const next = to({ standing });
            return (
              <li key={standing ?? "all"}>
                <a
                  href={`/issues${issuesSearch(next)}`}
                  aria-current={isHere ? "true" : undefined}
                  className={`flex h-7.5 items-center gap-1.5 rounded-[4px] px-2 whitespace-nowrap ${isHere ? "bg-selected font-medium text-ink" : "text-soft hover:bg-hover hover:text-ink"}`}
                  onClick={(event) => follow(event, () => go(next))}
                >
                  {standing && <Mark name={standingMark(standing)} className="size-3" />}
                  {standing ? STANDING_WORDS[standing] : "all"}
                </a>
              </li>
            );
          })}
        </ul>
      </nav>
    </search>
  );
}

function Pager({ address, page, go }: { address: IssuesAddress; page: PairPage; go: Go }) {
  if (!page.previousCursor && !page.nextCursor && !address.cursor) return null;
  const links: [string, string | null][] = [
    ["Previous page", page.previousCursor],
    ["Next page", page.nextCursor],
  ];
  return (
    <nav aria-label="Pages" className="flex justify-end gap-2">
      {links.map(([words, cursor]) => {
        if (!cursor)
          return (
            <span key={words} className="inline-flex h-9 items-center px-3 text-soft">
              {words}
            </span>
          );
        const next = { ...address, cursor };
        return (
          <a
            key={words}
            href={`/issues${issuesSearch(next)}`}
            className={buttonClass()}
            onClick={(event) => follow(event, () => go(next))}
          >
            {words}
          </a>
        );
      })}
    </nav>
  );
}

/** A plain click stays on the page; one that asks for a new tab gets it. */
function follow(event: MouseEvent, go: () => void): void {
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
  event.preventDefault();
  go();
}

function failureWords(error: Error | null): string {
  if (error instanceof AnswerError)
    return error.detail ?? `The console answered ${error.status}. Its log says why.`;
  return "The console did not answer. It is asked again every few seconds.";
}
