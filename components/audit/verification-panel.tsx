"use client";
import { useQuery } from "@tanstack/react-query";
import { verificationQuery } from "@/components/audit/audit-query";
import { Button } from "@/components/ui/button";
import { Mark } from "@/components/ui/mark";
import { Moment } from "@/components/ui/moment";
import { count, formatNumber } from "@/components/ui/words";
import type { VerificationReport } from "@/lib/audit/verification";

/** Whether the audit is as it was written. Looks at every record when asked, and says what it found. */
export function VerificationPanel() {
  const { data: report, isFetching, isError, refetch } = useQuery(verificationQuery());
  return (
    <section
      aria-label="Verification"
      className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2 rounded-panel border border-line bg-surface px-4 py-3"
    >
      <div role="status" className="min-w-0 flex-1 basis-80">
        {isError ? (
          <p className="text-error-text">
            The chain could not be read to its end. Press the button again; the console's log says
            why.
          </p>
        ) : report ? (
          <Report report={report} />
        ) : (
          <p className="text-soft">
            Each record is sealed with the one before under a key outside the database. Verifying
            reads them all, and shows what was altered, removed or put in between.
          </p>
        )}
      </div>
      <Button disabled={isFetching} onClick={() => void refetch()}>
        {isFetching ? "Verifying…" : report ? "Verify again" : "Verify the chain"}
      </Button>
    </section>
  );
}

function Report({ report }: { report: VerificationReport }) {
  const { checked, first, last, amiss, amissCount, notes, hasMark, at, tookMs } = report;
  return (
    <div className="flex flex-col gap-1">
      {amissCount > 0 ? (
        <p className="flex items-center gap-2 font-medium text-error-text">
          <Mark name="error" className="size-4" />
          {count(amissCount, "finding")} to look into.
        </p>
      ) : (
        <p className="flex items-center gap-2 font-medium">
          <Mark name="done" className="size-4 text-fine" />
          {last ? "What could be checked is as it was written." : "There is no record yet."}
        </p>
      )}
      <p className="text-soft">
        {first && last && (
          <>
            {count(checked, "record")} checked, {formatNumber(first.seq)} to{" "}
            {formatNumber(last.seq)}, in{" "}
            {tookMs < 1_000 ? `${tookMs} ms` : `${(tookMs / 1_000).toFixed(1)} s`},{" "}
            <Moment at={at} align="start" />.{" "}
          </>
        )}
        {!hasMark &&
          "The high-water file is not at hand here, so records that are gone from the end cannot be noticed."}
      </p>
      {amiss.length > 0 && (
        <ul className="list-disc pl-5">
          {amiss.map((words) => (
            <li key={words}>{words}</li>
          ))}
          {amissCount > amiss.length && <li>And {amissCount - amiss.length} more.</li>}
        </ul>
      )}
      {notes.length > 0 && (
        <ul className="list-disc pl-5 text-soft">
          {notes.map((words) => (
            <li key={words}>{words}</li>
          ))}
        </ul>
      )}
    </div>
  );
}
