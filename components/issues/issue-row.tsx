import { StandingMark } from "@/components/issues/standing-mark";
import { Link } from "@/components/ui/link";
import { Moment } from "@/components/ui/moment";
import { adviceFor } from "@/lib/error-log/advice";
import type { PairRow } from "@/lib/pairs/pair";

/** One pair. The whole row is its link, so that a middle click opens it in a new tab. */
export function IssueRow({ row }: { row: PairRow }) {
  const summary = row.summary || "No summary yet";
  const why = row.errorCode ? adviceFor(row.errorCode).title : row.words;
  return (
    <tr
      data-entry={row.id}
      className="group relative grid scroll-my-14 grid-cols-[1fr_auto] items-center gap-x-3 gap-y-0.5 px-4 py-3 hover:bg-hover focus-within:bg-hover md:table-row md:h-9 md:py-0 md:[&>*]:border-b md:[&>*]:border-line md:[&>*]:px-2"
    >
      <th scope="row" className="text-left font-normal md:!pl-4">
        <Link
          href={`/issues/${row.id}`}
          prefetch={false}
          className="row-link font-mono whitespace-nowrap"
        >
          {row.localKey ?? row.remoteKey}
          <span className="md:hidden">
            {row.localKey && row.remoteKey ? ` ↔ ${row.remoteKey}` : ""}
          </span>
        </Link>
      </th>
      <td className="hidden font-mono whitespace-nowrap md:table-cell">
        {row.localKey ? (row.remoteKey ?? <NoTwin />) : <NoTwin />}
      </td>
      <td className="order-2 col-span-2">
        <span title={summary} className="block md:truncate">
          {summary}
        </span>
      </td>
      <td className="hidden text-soft xl:table-cell">
        <span title={row.connection.name} className="block truncate">
          {row.connection.name}
        </span>
      </td>
      <td className="order-3 col-span-2 text-soft md:col-span-1">
        <span title={why ?? undefined} className="block md:truncate">
          {why && row.standing !== "in_step" ? (
            <span className={row.errorCode ? "text-error-text" : ""}>{why}</span>
          ) : row.inStepAt ? (
            <span className="md:hidden">
              {row.connection.name} · in step <Moment at={row.inStepAt} align="start" />
            </span>
          ) : null}
        </span>
      </td>
      <td className="hidden text-right text-soft lg:table-cell">
        {row.inStepAt ? <Moment at={row.inStepAt} /> : "not yet"}
      </td>
      <td className="order-1 md:order-none md:!pr-4">
        <StandingMark standing={row.standing} />
      </td>
    </tr>
  );
}

function NoTwin() {
  return <span className="font-sans text-soft italic">no twin yet</span>;
}
