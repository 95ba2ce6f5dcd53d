"use client";
import { DIRECTION_WORDS } from "@/components/sync-queue/direction-mark";
import { type QueueAddress, queueSearch } from "@/components/sync-queue/queue-address";
import { Mark } from "@/components/ui/mark";
import { SearchField } from "@/components/ui/search-field";
import { DIRECTIONS, ENTRY_STATES, type QueueFilter } from "@/lib/sync-queue/row";

/** The filters are the address: they can be shared, bookmarked and gone back from. */
export function QueueFilters({
  address,
  connections,
  isCopy,
  go,
}: {
  address: QueueAddress;
  connections: { id: number; name: string }[];
  isCopy: boolean;
  go: (next: QueueAddress) => void;
}) {
  const { filter } = address;
  const to = (change: Partial<QueueFilter>) => ({ filter: { ...filter, ...change }, cursor: null });
  // Only a copy has entries that it inherited.
  const hasOrigins = isCopy || filter.inherited === true;
  return (
    <search className="flex flex-wrap items-center gap-2">
      <SearchField
        label="Search keys and summaries"
        placeholder="Key or summary"
        className={`w-full ${hasOrigins ? "sm:w-44 2xl:w-64" : "sm:w-64"}`}
        current={filter.q ?? ""}
        onSearch={(q) => go(to({ q }))}
      />
      <select
        aria-label="Connection"
        className={selectClass}
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
      <select
        aria-label="Direction"
        className={selectClass}
        value={filter.direction ?? ""}
        onChange={(event) =>
          go(to({ direction: DIRECTIONS.find((direction) => direction === event.target.value) }))
        }
      >
        <option value="">All directions</option>
        {DIRECTIONS.map((direction) => (
          <option key={direction} value={direction}>
            {DIRECTION_WORDS[direction]}
          </option>
        ))}
      </select>
      {hasOrigins && (
        <label
          className={`flex h-9 items-center gap-2 rounded-control border border-line px-2.5 hover:bg-hover ${filter.inherited ? "bg-selected font-medium" : "bg-surface"}`}
        >
          <input
            type="checkbox"
            className="size-4"
            checked={filter.inherited === true}
            onChange={(event) => go(to({ inherited: event.target.checked || undefined }))}
          />
          Inherited
        </label>
      )}
      <nav aria-label="State" className="max-w-full overflow-x-auto">
        <ul className="flex rounded-control border border-line bg-surface p-0.5">
          {[undefined, ...ENTRY_STATES].map((state) => {
            const next = to({ state });
            const isHere = filter.state === state;
            return (
              <li key={state ?? "all"}>
                <a
                  href={`/sync-queue${queueSearch(next)}`}
                  aria-current={isHere ? "true" : undefined}
                  className={`flex h-7.5 items-center gap-1.5 rounded-[4px] px-2 ${isHere ? "bg-selected font-medium text-ink" : "text-soft hover:bg-hover hover:text-ink"}`}
                  onClick={(event) => {
                    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0)
                      return;
                    event.preventDefault();
                    go(next);
                  }}
                >
                  {state && <Mark name={state} className="size-3" />}
                  {state ?? "all"}
                </a>
              </li>
            );
          })}
        </ul>
      </nav>
    </search>
  );
}

const selectClass =
  "h-9 max-w-44 rounded-control border border-line bg-surface px-2 text-ink hover:bg-hover";
