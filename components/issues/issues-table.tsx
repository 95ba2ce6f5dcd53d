import type { ReactNode } from "react";

/** Rows of the final shape, while the first reading is on its way. */
const SKELETON_ROWS = Array.from({ length: 12 }, (_, row) => row);

/** One table on a desk, the same table laid out as cards on a phone. */
export function IssuesTable({
  isRefreshing = false,
  children,
}: {
  isRefreshing?: boolean;
  children: ReactNode;
}) {
  return (
    <table
      aria-label="Issues under sync"
      aria-busy={isRefreshing}
      className="block w-full md:table md:table-fixed"
    >
      <thead className="sr-only md:not-sr-only md:sticky md:top-0 md:z-20 md:table-header-group md:bg-surface">
        <tr className="text-left text-small text-soft md:[&>th]:h-9 md:[&>th]:border-b md:[&>th]:border-line md:[&>th]:px-2 md:[&>th]:font-medium">
          <th scope="col" className="w-26 !pl-4 xl:w-28">
            Local
          </th>
          <th scope="col" className="w-26 xl:w-28">
            Remote
          </th>
          <th scope="col">Summary</th>
          <th scope="col" className="hidden w-28 xl:table-cell">
            Connection
          </th>
          <th scope="col" className="w-[22%] xl:w-[17%]">
            What waits
          </th>
          <th scope="col" className="hidden w-28 text-right lg:table-cell">
            Last in step
          </th>
          <th scope="col" className="w-30 !pr-4">
            Standing
          </th>
        </tr>
      </thead>
      <tbody className="block divide-y divide-line md:table-row-group md:divide-y-0">
        {children}
      </tbody>
    </table>
  );
}

/** What stands there before the first rows: the same heights, so that nothing jumps. */
export function IssuesSkeleton() {
  return (
    <IssuesTable isRefreshing>
      {SKELETON_ROWS.map((row) => (
        <tr key={row} className="block h-24 p-4 md:table-row md:h-9 md:p-0">
          <td colSpan={7} className="block md:table-cell md:border-b md:border-line md:px-4">
            <div className="skeleton h-4" />
          </td>
        </tr>
      ))}
    </IssuesTable>
  );
}
