import type { ReactNode } from "react";
import { Mark } from "@/components/ui/mark";
import type { QueueSort } from "@/lib/sync-queue/row";

/** Rows of the final shape, while the first reading is on its way. */
const SKELETON_ROWS = Array.from({ length: 12 }, (_, row) => row);

/** The queue's frame: one table on a desk, the same table laid out as cards on a phone. */
export function QueueTable({
  sort,
  onSort,
  selectAll,
  children,
  isRefreshing = false,
}: {
  sort: QueueSort;
  onSort?: (sort: QueueSort) => void;
  selectAll?: ReactNode;
  children: ReactNode;
  isRefreshing?: boolean;
}) {
  return (
    <table
      aria-label="Sync Queue"
      aria-busy={isRefreshing}
      className="block w-full md:table md:table-fixed"
    >
      <thead className="sr-only md:not-sr-only md:sticky md:top-0 md:z-20 md:table-header-group md:bg-surface">
        <tr className="text-left text-small text-soft md:[&>th]:h-9 md:[&>th]:border-b md:[&>th]:border-line md:[&>th]:px-2 md:[&>th]:font-medium">
          <th scope="col" className="w-10 !pl-4">
            {selectAll ?? <span className="sr-only">Selected</span>}
          </th>
          <th scope="col" className="w-26">
            Key
          </th>
          <th scope="col">Summary</th>
          <th scope="col" className="hidden w-28 xl:table-cell">
            Connection
          </th>
          <th scope="col" className="w-9">
            <span className="sr-only">Direction</span>
          </th>
          <th scope="col" className="w-[22%] xl:w-[18%]">
            What changed
          </th>
          <SortHeader
            name="Changes"
            className="hidden w-20 xl:table-cell"
            direction={sort === "changes" ? "descending" : undefined}
            onSort={onSort && (() => onSort(sort === "changes" ? "oldest" : "changes"))}
          />
          <SortHeader
            name="Age"
            className="w-18"
            direction={
              sort === "oldest" ? "descending" : sort === "newest" ? "ascending" : undefined
            }
            onSort={onSort && (() => onSort(sort === "oldest" ? "newest" : "oldest"))}
          />
          <th scope="col" className="w-26">
            State
          </th>
          <th scope="col" className="hidden w-20 !pr-4 text-right 2xl:table-cell">
            Attempts
          </th>
        </tr>
      </thead>
      <tbody className="block divide-y divide-line md:table-row-group md:divide-y-0">
        {children}
      </tbody>
    </table>
  );
}

function SortHeader({
  name,
  className,
  direction,
  onSort,
}: {
  name: string;
  className: string;
  direction: "ascending" | "descending" | undefined;
  onSort: (() => void) | undefined;
}) {
  return (
    <th scope="col" aria-sort={direction} className={`${className} text-right`}>
      <button
        type="button"
        onClick={onSort}
        className={`inline-flex items-center gap-1 rounded-[4px] font-medium hover:text-ink ${direction ? "text-ink" : ""}`}
      >
        {name}
        <Mark
          name={direction ?? "descending"}
          className={`size-3 ${direction ? "" : "invisible"}`}
        />
      </button>
    </th>
  );
}

/** What stands there before the first rows: the same heights, so that nothing jumps. */
export function QueueSkeleton() {
  return (
    <QueueTable sort="oldest" isRefreshing>
      {SKELETON_ROWS.map((row) => (
        <tr key={row} className="block h-24 p-4 md:table-row md:h-9 md:p-0">
          <td colSpan={10} className="block md:table-cell md:border-b md:border-line md:px-4">
            <div className="skeleton h-4" />
          </td>
        </tr>
      ))}
    </QueueTable>
  );
}
