"use client";
import { useQuery } from "@tanstack/react-query";
import { useSearchParams } from "next/navigation";
import { useState } from "react";
import { Help } from "@/components/help/term";
import { AnswerError } from "@/components/live/fetch-json";
import { useDoneIds } from "@/components/live/live-provider";
import { tell } from "@/components/shell/shell-events";
import type { EntryActions, EntryVerb, FilterActions } from "@/components/sync-queue/entry-actions";
import { FilterActs } from "@/components/sync-queue/filter-acts";
import {
  isFiltered,
  parseQueueAddress,
  type QueueAddress,
  queueSearch,
} from "@/components/sync-queue/queue-address";
import { QueueFilters } from "@/components/sync-queue/queue-filters";
import { QueuePager } from "@/components/sync-queue/queue-pager";
import { queueQuery } from "@/components/sync-queue/queue-query";
import { QueueTableRow } from "@/components/sync-queue/queue-row";
import { QueueSkeleton, QueueTable } from "@/components/sync-queue/queue-table";
import { unseenWords } from "@/components/sync-queue/shown-rows";
import { useEntryActions } from "@/components/sync-queue/use-entry-actions";
import { useQueueKeys } from "@/components/sync-queue/use-queue-keys";
import { useSteadyRows } from "@/components/sync-queue/use-steady-rows";
import { Button } from "@/components/ui/button";
import { later, laterDialog } from "@/components/ui/later";
import { Link } from "@/components/ui/link";
import { Failure, Nothing } from "@/components/ui/panel";
import { cappedCount } from "@/lib/gate/status";
import type { QueuePage, QueueRow } from "@/lib/sync-queue/row";

const SelectionBar = later(
  async () => (await import("@/components/sync-queue/selection-bar")).SelectionBar,
);
const DiscardDialog = laterDialog(
  async () => (await import("@/components/sync-queue/discard-dialog")).DiscardDialog,
);

/** The Sync Queue: what would be sent, in the order it waits, and what a person can do about it. */
export function QueueView({
  initial,
  connections,
  actions,
  filterActions,
  isCopy,
}: {
  initial: { search: string; page: QueuePage; readAt: string };
  connections: { id: number; name: string }[];
  /** Null for people who may only look. */
  actions: EntryActions | null;
  filterActions: FilterActions | null;
  /** Whether this node was declared a copy of another. */
  isCopy: boolean;
}) {
  const params = useSearchParams();
  const address = parseQueueAddress(new URLSearchParams(params));
  const search = queueSearch(address);
  const query = useQuery({
    ...queueQuery(address),
    ...(search === initial.search && {
      initialData: initial.page,
      initialDataUpdatedAt: Date.parse(initial.readAt),
    }),
  });
  const steady = useSteadyRows(search, query.data?.rows ?? NO_ROWS, query.isPlaceholderData);
  const [selected, setSelected] = useState<{ search: string; ids: ReadonlySet<number> }>({
    search,
    ids: new Set(),
  });
  const [toDiscard, setToDiscard] = useState<{
    rows: QueueRow[];
    reason: string | undefined;
  } | null>(null);
  const act = useEntryActions(actions);
  const doneIds = useDoneIds();

  // A selection belongs to the page it was made on: nobody acts on rows they no longer see.
  const selectedIds = selected.search === search ? selected.ids : NONE;
  const present = steady.rows.filter(({ isGone }) => !isGone).map(({ row }) => row);
  const selectedRows = present.filter((row) => selectedIds.has(row.id));

  function go(next: QueueAddress): void {
    window.history.pushState(null, "", `/sync-queue${queueSearch(next)}`);
  }
  function toggle(id: number): void {
    const ids = new Set(selectedIds);
    if (!ids.delete(id)) ids.add(id);
    setSelected({ search, ids });
  }
  function clearSelection(): void {
    setSelected({ search, ids: NONE });
  }
  async function request(verb: EntryVerb, rows: QueueRow[], reason?: string): Promise<void> {
    if (verb === "discard") {
      setToDiscard({ rows, reason });
      return;
    }
    if (await act(verb, rows, reason)) clearSelection();
  }

  useQueueKeys({
    select: (id) => actions && toggle(id),
    clear: clearSelection,
  });

  const unseen = unseenWords(steady);
  const isEmpty = query.data && steady.rows.length === 0;
  const areAllSelected = present.length > 0 && selectedRows.length === present.length;
  return (
    <>
      <header className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
        <div className="flex items-center gap-2">
          <h1 className="text-title font-semibold">Sync Queue</h1>
          <Help word="Sync Queue, entry" />
        </div>
        <div className="flex flex-wrap items-center gap-x-3 gap-y-2 text-soft">
          <span role="status">
            {query.data &&
              `${cappedCount(query.data.total)} ${query.data.total === 1 ? "entry" : "entries"}`}
          </span>
          {filterActions && isFiltered(address.filter) && query.data && (
            <FilterActs
              filter={address.filter}
              total={query.data.total}
              isCounting={query.isPlaceholderData}
              actions={filterActions}
            />
          )}
          {isFiltered(address.filter) && (
            <Button
              size="small"
              onClick={() => go({ filter: { sort: address.filter.sort }, cursor: null })}
            >
              Clear filter
            </Button>
          )}
          <Button look="quiet" size="small" className="max-sm:hidden" onClick={() => tell("keys")}>
            Keys <kbd className="font-mono text-small text-soft">?</kbd>
          </Button>
        </div>
      </header>
      <QueueFilters address={address} connections={connections} isCopy={isCopy} go={go} />
      <div
        className="relative -mx-4 border-y border-line bg-surface md:mx-0 md:overflow-clip md:rounded-panel md:border"
        {...steady.watch}
      >
        {unseen && (
          <div className="pointer-events-none sticky top-2 z-30 flex h-0 justify-center md:top-11">
            <Button
              look="primary"
              size="small"
              className="pointer-events-auto shadow-raised"
              onClick={steady.showAll}
            >
              {unseen}
            </Button>
          </div>
        )}
        {query.isPending ? (
          <QueueSkeleton />
        ) : !query.data ? (
          <Failure title="The Sync Queue could not be read.">
            <p>{failureWords(query.error)}</p>
            <Button className="mt-3" onClick={() => void query.refetch()}>
              Read again
            </Button>
          </Failure>
        ) : isEmpty && isFiltered(address.filter) ? (
          <Nothing title="No entry matches this filter.">
            <Button
              className="mt-3"
              onClick={() => go({ filter: { sort: address.filter.sort }, cursor: null })}
            >
              Clear filter
            </Button>
          </Nothing>
        ) : isEmpty ? (
          <Nothing title="Nothing waits.">
            An issue appears here when it changes on one side, until its twin has the change.
            {connections.length === 0 && (
              <>
                {" "}
                <Link href="/connections" className="text-link underline">
                  Connect two instances
                </Link>{" "}
                first.
              </>
            )}
          </Nothing>
        ) : (
          <QueueTable
            sort={address.filter.sort}
            onSort={(sort) => go({ filter: { ...address.filter, sort }, cursor: null })}
            isRefreshing={query.isPlaceholderData}
            selectAll={
              actions && (
                <label className="-m-2 grid size-9 place-items-center">
                  <span className="sr-only">Select every row of this page</span>
                  <input
                    type="checkbox"
                    className="size-4"
                    checked={areAllSelected}
                    onChange={() =>
                      setSelected({
                        search,
                        ids: areAllSelected ? NONE : new Set(present.map((row) => row.id)),
                      })
                    }
                  />
                </label>
              )
            }
          >
            {steady.rows.map(({ row, isGone }) => (
              <QueueTableRow
                key={row.id}
                row={row}
                goneAs={isGone ? (doneIds.has(row.id) ? "done" : "gone") : null}
                isSelected={selectedIds.has(row.id) && !isGone}
                onSelect={actions && (() => toggle(row.id))}
                onAct={(verb) => void request(verb, [row])}
              />
            ))}
          </QueueTable>
        )}
        {selectedRows.length > 0 && (
          <SelectionBar rows={selectedRows} onAct={request} onClear={clearSelection} />
        )}
      </div>
      {query.data && <QueuePager address={address} page={query.data} go={go} />}
      {toDiscard && (
        <DiscardDialog
          targets={toDiscard.rows}
          initialReason={toDiscard.reason}
          discard={async (reason) => {
            const isDone = await act("discard", toDiscard.rows, reason);
            if (isDone) clearSelection();
            return isDone;
          }}
          onClose={() => setToDiscard(null)}
        />
      )}
    </>
  );
}

const NO_ROWS: QueueRow[] = [];
const NONE: ReadonlySet<number> = new Set();

function failureWords(error: Error | null): string {
  if (error instanceof AnswerError) {
    return (
      error.detail ??
      `The console answered ${error.status}. Its log says why; it is asked again when you press the button.`
    );
  }
  return "The console did not answer. It is asked again every few seconds; the entries themselves are safe.";
}
