"use client";
import { useQuery } from "@tanstack/react-query";
import { useSearchParams } from "next/navigation";
import {
  type AuditAddress,
  auditSearch,
  isFiltered,
  parseAuditAddress,
} from "@/components/audit/audit-address";
import { AuditFilters } from "@/components/audit/audit-filters";
import { auditQuery, newerQuery } from "@/components/audit/audit-query";
import { AuditTable } from "@/components/audit/audit-table";
import { VerificationPanel } from "@/components/audit/verification-panel";
import { Button, buttonClass } from "@/components/ui/button";
import { Link } from "@/components/ui/link";
import { Failure, Nothing } from "@/components/ui/panel";
import { count } from "@/components/ui/words";
import type { AuditChoices, AuditPage } from "@/lib/audit/record";
import { cappedCount } from "@/lib/gate/status";

const PAGE = 50;

/** Who did what, when and why; narrowed by the address, verified on request, taken away as a file. */
export function AuditView({
  initial,
  choices,
}: {
  initial: { search: string; page: AuditPage };
  choices: AuditChoices;
}) {
  const address = parseAuditAddress(new URLSearchParams(useSearchParams()));
  const search = auditSearch(address);
  const query = useQuery({
    ...auditQuery(address),
    ...(search === initial.search && {
      initialData: initial.page,
      initialDataUpdatedAt: Date.parse(initial.page.now),
    }),
  });
  const page = query.data;
  const isNewest = address.place.before === undefined && address.place.after === undefined;
  const newer = useQuery({
    ...newerQuery(address, page?.rows[0]?.id ?? 1),
    enabled: isNewest && !query.isPlaceholderData && (page?.rows.length ?? 0) > 0,
  });
  const unseen = isNewest && !query.isPlaceholderData ? (newer.data?.rows.length ?? 0) : 0;

  function go(next: AuditAddress): void {
    window.history.pushState(null, "", `/audit${auditSearch(next)}`);
  }
  const fileOf = (format: string) => {
    const params = new URLSearchParams(auditSearch({ filter: address.filter, place: {} }));
    params.set("format", format);
    return `/api/audit/export?${params}`;
  };

  return (
    <>
      <header className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <h1 className="text-title font-semibold">Audit</h1>
        <div className="flex flex-wrap items-center gap-2">
          <span role="status" className="mr-1 text-soft">
            {page && `${cappedCount(page.total)} ${page.total === 1 ? "record" : "records"}`}
          </span>
          {isFiltered(address.filter) && (
            <Button size="small" onClick={() => go({ filter: {}, place: {} })}>
              Clear filter
            </Button>
          )}
          <a href={fileOf("csv")} download className={buttonClass({ size: "small" })}>
            Export CSV
          </a>
          <a href={fileOf("jsonl")} download className={buttonClass({ size: "small" })}>
            Export JSON lines
          </a>
        </div>
      </header>
      <VerificationPanel />
      <AuditFilters address={address} choices={choices} go={go} />
      <div className="relative -mx-4 border-y border-line bg-surface md:mx-0 md:overflow-clip md:rounded-panel md:border">
        {unseen > 0 && (
          <div className="pointer-events-none sticky top-2 z-30 flex h-0 justify-center md:top-11">
            <Button
              look="primary"
              size="small"
              className="pointer-events-auto shadow-raised"
              onClick={() => void query.refetch()}
            >
              {unseen >= PAGE ? `${PAGE}+ new records` : count(unseen, "new record")} – show
            </Button>
          </div>
        )}
        {query.isPending ? (
          <p className="skeleton h-96" role="status" aria-label="Reading…" />
        ) : !page ? (
          <Failure title="The audit could not be read.">
            <p>The console or its database did not answer. The records themselves are safe.</p>
            <Button className="mt-3" onClick={() => void query.refetch()}>
              Read again
            </Button>
          </Failure>
        ) : page.rows.length === 0 ? (
          isFiltered(address.filter) ? (
            <Nothing title="No record matches this filter." />
          ) : (
            <Nothing title="Nothing is recorded yet.">
              Each act of a person or of the node appears here, and stays.
            </Nothing>
          )
        ) : (
          <AuditTable rows={page.rows} isRefreshing={query.isPlaceholderData} />
        )}
      </div>
      {page && (page.newer !== null || page.older !== null || !isNewest) && (
        <nav aria-label="Pages" className="flex justify-end gap-2">
          {!isNewest && <PageLink words="Newest" to={{ ...address, place: {} }} />}
          {page.newer !== null && (
            <PageLink words="Newer" to={{ ...address, place: { after: page.newer } }} />
          )}
          {page.older !== null && (
            <PageLink words="Older" to={{ ...address, place: { before: page.older } }} />
          )}
        </nav>
      )}
    </>
  );
}

function PageLink({ words, to }: { words: string; to: AuditAddress }) {
  return (
    <Link href={`/audit${auditSearch(to)}`} className={buttonClass()}>
      {words}
    </Link>
  );
}
