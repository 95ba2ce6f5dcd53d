"use client";
import { auditOf, endWords, lastedWords } from "@/components/activity/activity-words";
import { Help } from "@/components/help/term";
import { buttonClass } from "@/components/ui/button";
import { useNow } from "@/components/ui/clock";
import { Link } from "@/components/ui/link";
import { Mark } from "@/components/ui/mark";
import { Moment } from "@/components/ui/moment";
import { Nothing, Panel } from "@/components/ui/panel";
import { formatNumber } from "@/components/ui/words";
import type { Activation, ActivationPage, ActivationTotals } from "@/lib/activity/activity";

/** Each opening of the gate, how it ended, and what it sent, failed and held back. */
export function ActivationsPanel({
  page,
  isFirst,
  canReadAudit,
  addressOf,
}: {
  page: ActivationPage;
  /** Whether nothing newer is left out. */
  isFirst: boolean;
  canReadAudit: boolean;
  addressOf: (before: number | undefined) => string;
}) {
  return (
    <Panel
      title="Activations"
      help={<Help word="activation, epoch" />}
      aside={isFirst ? undefined : "older ones"}
      id="activations"
    >
      {page.rows.length === 0 ? (
        <Nothing title="Never activated yet.">
          Each activation is kept here: who, when, why, how it ended, and what it sent.
        </Nothing>
      ) : (
        <ol className="divide-y divide-line">
          {page.rows.map((activation) => (
            <ActivationItem
              key={activation.id}
              activation={activation}
              canReadAudit={canReadAudit}
            />
          ))}
        </ol>
      )}
      {(!isFirst || page.next !== null) && (
        <nav aria-label="Pages" className="flex justify-end gap-2 border-t border-line px-4 py-2">
          {!isFirst && (
            <Link href={addressOf(undefined)} className={buttonClass({ size: "small" })}>
              Newest
            </Link>
          )}
          {page.next !== null && (
            <Link href={addressOf(page.next)} className={buttonClass({ size: "small" })}>
              Older
            </Link>
          )}
        </nav>
      )}
    </Panel>
  );
}

function ActivationItem({
  activation,
  canReadAudit,
}: {
  activation: Activation;
  canReadAudit: boolean;
}) {
  const now = useNow();
  const { end, totals, byConnection, openedReason } = activation;
  const busy = byConnection.filter(isBusy);
  return (
    <li className="flex flex-col gap-x-6 gap-y-2 px-4 py-3 lg:grid lg:grid-cols-[minmax(0,1fr)_auto]">
      <div className="flex min-w-0 gap-3">
        <Mark
          name={end ? "closedGate" : "openGate"}
          className={`mt-0.5 size-4 ${end ? "text-soft" : "text-fine"}`}
        />
        <div className="min-w-0">
          <p>
            <Moment at={activation.openedAt} as="clock" align="start" />{" "}
            <span className="font-medium">
              Activated{activation.openedBy && ` by ${activation.openedBy}`}
            </span>
            {openedReason && <span className="break-words text-soft"> · {openedReason}</span>}
          </p>
          <p className="break-words text-soft">
            {end && (
              <>
                <Moment at={end.at} as="clock" align="start" />{" "}
              </>
            )}
            {endWords(activation)}
            {end?.reason && ` · ${end.reason}`} · {end ? "lasted" : "for"}{" "}
            {lastedWords(activation, now)}
            {end?.kind === "closing" && !end.settledAt && " · writes are still under way"}
          </p>
        </div>
      </div>
      <dl className="grid grid-cols-4 gap-x-4 pl-7 lg:w-96 lg:pl-0">
        <Figure name="Writes" value={totals.applied} />
        <Figure name="In step" value={totals.synced} />
        <Figure name="Failed" value={totals.failed + totals.rejected} isAlarming />
        <Figure name="Held" value={totals.held} />
      </dl>
      <div className="flex flex-wrap items-start gap-x-4 pl-7 lg:col-span-2">
        {busy.length > 0 && <ByConnection rows={busy} />}
        {canReadAudit && (
          <Link
            href={auditOf(activation)}
            className="inline-flex h-6 items-center text-link hover:underline"
          >
            Audit of this time
          </Link>
        )}
      </div>
    </li>
  );
}

function isBusy({ applied, rejected, unknown, synced, retried, failed, held }: ActivationTotals) {
  return applied + rejected + unknown + synced + retried + failed + (held ?? 0) > 0;
}

function Figure({
  name,
  value,
  isAlarming = false,
}: {
  name: string;
  value: number | null;
  isAlarming?: boolean;
}) {
  return (
    <div className="min-w-0 lg:text-right">
      <dt className="truncate text-small text-soft">{name}</dt>
      <dd className={`text-large font-semibold ${isAlarming && value ? "text-error-text" : ""}`}>
        {value === null ? "–" : formatNumber(value)}
      </dd>
    </div>
  );
}

const COLUMNS = [
  ["applied", "Writes confirmed"],
  ["rejected", "refused"],
  ["unknown", "unknown"],
  ["synced", "Entries in step"],
  ["retried", "tried again"],
  ["failed", "failed"],
  ["held", "held at the end"],
] as const satisfies readonly (readonly [keyof ActivationTotals, string])[];

function ByConnection({ rows }: { rows: Activation["byConnection"] }) {
  return (
    <details className="min-w-0 open:w-full">
      <summary className="flex h-6 w-fit items-center gap-1 text-link hover:underline">
        By connection
      </summary>
      <div className="my-2 overflow-x-auto rounded-control border border-line">
        <table className="w-full text-right">
          <thead className="text-small text-soft">
            <tr className="[&>th]:h-8 [&>th]:px-3 [&>th]:font-medium [&>th]:whitespace-nowrap">
              <th scope="col" className="text-left">
                Connection
              </th>
              {COLUMNS.map(([key, name]) => (
                <th key={key} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.connection.id} className="border-t border-line">
                <th scope="row" className="h-8 px-3 text-left font-normal whitespace-nowrap">
                  <Link
                    href={`/activity?connection=${row.connection.id}`}
                    className="hover:underline"
                  >
                    {row.connection.name}
                  </Link>
                </th>
                {COLUMNS.map(([key]) => (
                  <td key={key} className="px-3">
                    {row[key] === null ? "–" : formatNumber(row[key])}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
