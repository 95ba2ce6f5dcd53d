"use client";
import { useQuery } from "@tanstack/react-query";
import { Value } from "@/components/entry/field-value";
import { sidesQuery } from "@/components/issues/issues-query";
import { type SidesRow, sidesRows } from "@/components/issues/sides-rows";
import { Button } from "@/components/ui/button";
import { Mark } from "@/components/ui/mark";
import { Moment } from "@/components/ui/moment";
import { Nothing, Panel } from "@/components/ui/panel";
import { sentence } from "@/components/ui/words";
import type { PairDetail } from "@/lib/pairs/pair";
import { type FieldValue, sameValue } from "@/lib/sync/replica";

/** Longer texts are folded to their beginning. */
const FOLD = 240;

/** Both issues as they are now, beside what both looked like when they were last in step. */
export function SidesPanel({ pair }: { pair: PairDetail }) {
  const {
    data: now,
    isFetching,
    isError,
    refetch,
  } = useQuery(sidesQuery(pair.row.id, pair.row.inStepAt));
  const rows = sidesRows(pair, now ?? null);
  const unread = now
    ? (["local", "remote"] as const).flatMap((side) => {
        const it = now[side];
        return it.kind === "unread" ? [{ side, because: it.because }] : [];
      })
    : [];
  return (
    <Panel
      title="Both sides"
      aside={
        <span className="flex items-center gap-3">
          {isFetching ? (
            "reading both issues…"
          ) : now ? (
            <span>
              read <Moment at={now.at} />
            </span>
          ) : null}
          <Button size="small" disabled={isFetching} onClick={() => void refetch()}>
            Read again
          </Button>
        </span>
      }
    >
      {(unread.length > 0 || isError) && (
        <ul role="status" className="border-b border-line bg-hover px-4 py-2">
          {isError && <li>The console did not answer; what is shown is the last known state.</li>}
          {unread.map(({ side, because }) => (
            <li key={side}>
              {pair[side].instance} could not be read: {sentence(because)}
            </li>
          ))}
        </ul>
      )}
      {rows.length === 0 ? (
        <Nothing title={isFetching ? "Reading both issues." : "Nothing is known of them yet."}>
          What both sides say appears here, field by field.
        </Nothing>
      ) : (
        <table className="block w-full md:table md:table-fixed">
          <thead className="sr-only md:not-sr-only md:table-header-group">
            <tr className="text-left text-small text-soft md:[&>th]:h-9 md:[&>th]:border-b md:[&>th]:border-line md:[&>th]:px-4 md:[&>th]:font-medium">
              <th scope="col" className="w-32">
                Field
              </th>
              <th scope="col">{pair.local.instance} now</th>
              <th scope="col">When last in step</th>
              <th scope="col">{pair.remote.instance} now</th>
            </tr>
          </thead>
          <tbody className="block divide-y divide-line md:table-row-group">
            {rows.map((row) => (
              <FieldRow key={row.field} row={row} pair={pair} isReading={isFetching && !now} />
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  );
}

function FieldRow({
  row,
  pair,
  isReading,
}: {
  row: SidesRow;
  pair: PairDetail;
  isReading: boolean;
}) {
  const { base } = row;
  const hasTwoBases =
    base.local !== undefined && base.remote !== undefined && !sameValue(base.local, base.remote);
  return (
    <tr className="block px-4 py-2 align-top md:table-row md:p-0 md:[&>*]:px-4 md:[&>*]:py-2">
      <th scope="row" className="block text-left font-medium break-words md:table-cell">
        {row.name}
      </th>
      <td className="block md:table-cell">
        <Caption>{pair.local.instance} now</Caption>
        <Now value={row.local} isChanged={row.changed.includes("local")} isReading={isReading} />
      </td>
      <td className="block text-soft md:table-cell">
        <Caption>When last in step</Caption>
        {base.local === undefined && base.remote === undefined ? (
          <span className="italic">never yet</span>
        ) : (
          <Folded value={base.local ?? base.remote ?? null} />
        )}
        {hasTwoBases && (
          <span className="mt-1 block">
            <span className="text-small">{pair.remote.instance}: </span>
            <Folded value={base.remote ?? null} />
          </span>
        )}
      </td>
      <td className="block md:table-cell">
        <Caption>{pair.remote.instance} now</Caption>
        <Now value={row.remote} isChanged={row.changed.includes("remote")} isReading={isReading} />
      </td>
    </tr>
  );
}

/** On a phone each cell says what it is; on a desk the column's head does. */
function Caption({ children }: { children: React.ReactNode }) {
  return (
    <span aria-hidden="true" className="block pt-1 text-small text-soft md:hidden">
      {children}
    </span>
  );
}

function Now({
  value,
  isChanged,
  isReading,
}: {
  value: FieldValue | undefined;
  isChanged: boolean;
  isReading: boolean;
}) {
  if (isReading) return <span className="skeleton block h-5 w-3/4" />;
  if (value === undefined) return <span className="text-soft italic">not read</span>;
  return (
    <>
      {isChanged && (
        <span className="flex items-center gap-1 text-small text-closed-text">
          <Mark name="differs" className="size-3" /> changed since
        </span>
      )}
      <Folded value={value} />
    </>
  );
}

function Folded({ value }: { value: FieldValue }) {
  if (typeof value !== "string" || value.length <= FOLD) return <Value value={value} />;
  return (
    <details className="group">
      <summary className="list-none break-words whitespace-pre-wrap">
        <span className="group-open:hidden">{value.slice(0, FOLD)}… </span>
        <span className="text-link underline">
          <span className="group-open:hidden">show all</span>
          <span className="hidden group-open:inline">show less</span>
        </span>
      </summary>
      <Value value={value} />
    </details>
  );
}
