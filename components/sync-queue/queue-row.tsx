import { DirectionMark } from "@/components/sync-queue/direction-mark";
import {
  ENTRY_VERBS,
  type EntryVerb,
  isOffered,
  VERB_LABELS,
} from "@/components/sync-queue/entry-actions";
import { InheritedMark } from "@/components/sync-queue/inherited-mark";
import { StateMark } from "@/components/sync-queue/state-mark";
import { Button } from "@/components/ui/button";
import { Link } from "@/components/ui/link";
import { Moment } from "@/components/ui/moment";
import { count, formatNumber } from "@/components/ui/words";
import type { QueueRow } from "@/lib/sync-queue/row";

/**
 * One entry. The whole row is its link, so that a middle click opens it in a new tab; what a person
 * can do with it shows on hover and on focus, above the columns at the right.
 */
export function QueueTableRow({
  row,
  goneAs,
  isSelected,
  onSelect,
  onAct,
}: {
  row: QueueRow;
  /** Set once it is not part of the newest reading any more. */
  goneAs: "done" | "gone" | null;
  isSelected: boolean;
  /** Null for people who may only look. */
  onSelect: (() => void) | null;
  onAct: (verb: EntryVerb) => void;
}) {
  const isGone = goneAs !== null;
  const verbs = isGone || !onSelect ? [] : ENTRY_VERBS.filter((verb) => isOffered(verb, row.state));
  const summary = row.summary || "No summary yet";
  return (
    <tr
      data-entry={row.id}
      aria-selected={onSelect ? isSelected : undefined}
      className={`group relative grid scroll-my-14 grid-cols-[auto_1fr_auto] items-center gap-x-2 gap-y-0.5 px-4 py-3 md:table-row md:h-9 md:py-0 md:[&>td]:border-b md:[&>td]:border-line md:[&>td]:px-2 ${isSelected ? "bg-selected" : "hover:bg-hover focus-within:bg-hover"} ${isGone ? "text-soft" : ""}`}
    >
      <td className="row-span-1 md:!pl-4">
        {onSelect && (
          <label className="relative z-10 -m-2 grid size-9 place-items-center md:-m-2">
            <span className="sr-only">Select {row.issueKey}</span>
            <input
              type="checkbox"
              checked={isSelected}
              onChange={onSelect}
              className="size-4"
              disabled={isGone}
            />
          </label>
        )}
      </td>
      <th scope="row" className="text-left font-normal md:border-b md:border-line md:px-2">
        <Link
          href={`/sync-queue/${row.id}`}
          prefetch={false}
          className="row-link font-mono whitespace-nowrap"
          title={row.twinKey ? `Twin: ${row.twinKey}` : "No twin yet"}
        >
          {row.issueKey}
        </Link>
      </th>
      <td className="order-2 col-span-3 md:relative md:col-span-1">
        <span
          title={summary}
          className="block md:truncate md:group-has-[a:focus-visible]:absolute md:group-has-[a:focus-visible]:inset-x-0 md:group-has-[a:focus-visible]:top-0 md:group-has-[a:focus-visible]:z-20 md:group-has-[a:focus-visible]:rounded-control md:group-has-[a:focus-visible]:bg-raised md:group-has-[a:focus-visible]:p-2 md:group-has-[a:focus-visible]:whitespace-normal md:group-has-[a:focus-visible]:shadow-raised"
        >
          {row.isInherited && (
            <>
              <InheritedMark withWord={false} />{" "}
            </>
          )}
          {summary}
        </span>
      </td>
      <td className="hidden text-soft xl:table-cell">
        <span title={row.connection.name} className="block truncate">
          {row.connection.name}
        </span>
      </td>
      <td className="order-3 hidden md:table-cell">
        {row.direction && <DirectionMark direction={row.direction} withWords={false} />}
      </td>
      <td className="order-4 col-span-3 text-soft md:col-span-1">
        <span className="flex items-center gap-1.5 md:hidden">
          {row.direction && <DirectionMark direction={row.direction} withWords={false} />}
          <span>
            {row.words ?? "not planned yet"} · {row.connection.name} ·{" "}
            {count(row.changes, "change")}
            {row.failures > 0 && ` · ${count(row.failures, "failed attempt")}`}
          </span>
        </span>
        <span
          title={row.error?.message ?? row.words ?? undefined}
          className="hidden truncate md:block"
        >
          {row.error ? (
            <span className="text-error-text">{row.error.message}</span>
          ) : (
            (row.words ?? <span className="italic">not planned yet</span>)
          )}
        </span>
      </td>
      <td className="hidden text-right xl:table-cell">{formatNumber(row.changes)}</td>
      <td className="order-5 col-span-2 text-soft max-md:pt-2 md:col-span-1 md:text-right">
        <Moment at={row.createdAt} as="age" />
      </td>
      <td className="order-1 md:order-none">
        <StateMark state={goneAs ?? row.state} />
        {row.heldBy && <span className="sr-only"> by {row.heldBy}</span>}
        {verbs.length > 0 && (
          <span className="absolute right-4 bottom-2.5 z-10 flex gap-1 bg-inherit md:top-0 md:right-0 md:bottom-auto md:h-full md:items-center md:border-b md:border-line md:bg-hover md:pr-4 md:pl-2 md:opacity-0 md:group-focus-within:opacity-100 md:group-hover:opacity-100 md:group-has-[input:checked]:opacity-0 md:pointer-events-none md:group-hover:pointer-events-auto md:group-focus-within:pointer-events-auto">
            {verbs.map((verb) => (
              <Button
                key={verb}
                size="small"
                aria-label={`${VERB_LABELS[verb]} ${row.issueKey}`}
                onClick={() => onAct(verb)}
              >
                {VERB_LABELS[verb]}
              </Button>
            ))}
          </span>
        )}
      </td>
      <td
        className={`hidden text-right 2xl:table-cell 2xl:!pr-4 ${row.failures > 0 ? "" : "text-soft"}`}
      >
        {formatNumber(row.failures)}
      </td>
    </tr>
  );
}
