"use client";
import { useState } from "react";
import { auditSearch } from "@/components/audit/audit-address";
import { Mark } from "@/components/ui/mark";
import { ExactMoment, Moment } from "@/components/ui/moment";
import type { AuditLine } from "@/lib/audit/record";

/** One record to a row, on a phone to a card; what else was noted opens below it. */
export function AuditTable({ rows, isRefreshing }: { rows: AuditLine[]; isRefreshing: boolean }) {
  const [opened, setOpened] = useState<ReadonlySet<number>>(new Set());
  function toggle(id: number): void {
    const next = new Set(opened);
    if (!next.delete(id)) next.add(id);
    setOpened(next);
  }
  return (
    <table
      aria-label="Audit"
      aria-busy={isRefreshing}
      className={`block w-full md:table md:table-fixed ${isRefreshing ? "opacity-60" : ""}`}
    >
      <thead className="sr-only md:not-sr-only md:sticky md:top-0 md:z-20 md:table-header-group md:bg-surface">
        <tr className="text-left text-small text-soft md:[&>th]:h-9 md:[&>th]:border-b md:[&>th]:border-line md:[&>th]:px-2 md:[&>th]:font-medium">
          <th scope="col" className="w-10">
            <span className="sr-only">Details</span>
          </th>
          <th scope="col" className="w-20 lg:w-30">
            When
          </th>
          <th scope="col" className="w-[20%]">
            Who
          </th>
          <th scope="col" className="w-[34%] lg:w-[22%]">
            What
          </th>
          <th scope="col" className="lg:w-[20%]">
            Subject
          </th>
          <th scope="col" className="hidden !pr-4 lg:table-cell">
            Reason
          </th>
        </tr>
      </thead>
      <tbody className="block divide-y divide-line md:table-row-group md:divide-y-0">
        {rows.map((row) => (
          <RecordRows
            key={row.id}
            row={row}
            isOpen={opened.has(row.id)}
            onToggle={() => toggle(row.id)}
          />
        ))}
      </tbody>
    </table>
  );
}

const cell = "block md:table-cell md:h-9 md:border-b md:border-line md:px-2";

function RecordRows({
  row,
  isOpen,
  onToggle,
}: {
  row: AuditLine;
  isOpen: boolean;
  onToggle: () => void;
}) {
  return (
    <>
      <tr
        id={`record-${row.id}`}
        className="relative block px-4 py-2.5 pl-12 target:bg-selected hover:bg-hover md:table-row md:p-0"
      >
        <td className={`${cell} absolute top-1.5 left-2 md:static`}>
          <button
            type="button"
            aria-expanded={isOpen}
            aria-label={`Details of record ${row.seq ?? row.id}`}
            onClick={onToggle}
            className="row-link grid size-8 place-items-center rounded-control"
          >
            <Mark
              name="chevron"
              className={`size-3.5 transition-transform ${isOpen ? "rotate-90" : ""}`}
            />
          </button>
        </td>
        <td className={`${cell} absolute top-2.5 right-4 text-soft md:static`}>
          <Moment at={row.at} as="clock" />
        </td>
        <td className={`${cell} truncate`} title={row.actor}>
          {row.actor}
        </td>
        <td className={`${cell} truncate font-mono`} title={row.action}>
          {row.action}
        </td>
        <td className={`${cell} truncate`} title={row.subject ?? undefined}>
          {row.subject}
        </td>
        <td
          className="block truncate text-soft md:h-9 md:border-b md:border-line md:px-2 md:max-lg:hidden lg:table-cell"
          title={row.reason ?? undefined}
        >
          {row.reason}
        </td>
      </tr>
      {isOpen && (
        <tr className="block md:table-row">
          <td
            colSpan={6}
            className="block bg-canvas px-4 py-3 md:table-cell md:border-b md:border-line md:pl-12"
          >
            <Details row={row} />
          </td>
        </tr>
      )}
    </>
  );
}

function Details({ row }: { row: AuditLine }) {
  const isEmpty =
    typeof row.detail === "object" && row.detail !== null && Object.keys(row.detail).length === 0;
  return (
    <div className="flex flex-col gap-2">
      <p className="text-soft">
        <ExactMoment at={row.at} /> ·{" "}
        {row.seq === null ? "from before the chain" : `record ${row.seq} of the chain`} ·{" "}
        <a
          href={`/audit${auditSearch({ filter: {}, place: { before: row.id + 1 } })}#record-${row.id}`}
          className="text-link underline"
        >
          Link to this record
        </a>
      </p>
      {row.reason && <p className="max-w-prose break-words">{row.reason}</p>}
      {!isEmpty && (
        <pre className="max-h-80 overflow-auto font-mono text-small break-words whitespace-pre-wrap">
          {JSON.stringify(row.detail, null, 2)}
        </pre>
      )}
    </div>
  );
}
